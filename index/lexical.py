"""tantivy over the library's words: a cache, one folder a generation.

A generation that changes little starts from hard links to the files of the one before it: tantivy never changes a file
that it has written, so the older generation stays as it is for whoever still reads it. Passages that went are struck
out: tantivy gives them no more, but keeps their words in its files and counts. So an index in which more than a few are
struck out is made anew from the library's words, and so is one that is to be purged.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from index import durable
from index.filters import Allowed
from index.ranked import Ranked

FOLDER = "lexical"
_FIELDS = "row words article"  # change it with the fields: an index of other fields is not one of ours
_K1 = 1.2  # tantivy's BM25 constant; a term's score stays below (k1 + 1) times its inverse document frequency
_WRITER_BYTES = 256_000_000
# Of 267,000 passages the best 8,000 cost 5 ms more than the best 100, the best 32,000 20 ms; picking the passages of
# 1,400 articles 7 ms, of 10,000 16 ms, of 35,000 39 ms.
_SIFTED, _DEEPEST = 8_000, 32_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One passage to add: its row, its words in order between spaces, and the row of its article."""

    row: int
    words: str
    article: int


def build(folder: Path, previous: Path | None, added: Iterable[Entry], struck: Iterable[int] = ()) -> str:
    """Write the index of `previous` without the struck rows and with the added entries; returns its
    `files_sha256`. Raises OSError.
    """
    import tantivy

    target = folder / FOLDER
    target.mkdir()
    if previous is not None:
        for file in (previous / FOLDER).iterdir():
            if not file.name.endswith(".lock"):
                durable.link(file, target / file.name)
    try:
        index = _open(tantivy, target)
        writer = index.writer(_WRITER_BYTES, 1)
        for row in struck:
            writer.delete_documents_by_query(tantivy.Query.term_query(index.schema, "row", row))
        for entry in added:
            writer.add_document(_document(tantivy, entry))
        writer.commit()
        writer.wait_merging_threads()
    except ValueError as error:  # what tantivy raises for any fault of the disk
        raise OSError(str(error)) from error
    durable.sync_folder(target)
    return files_sha256(folder)


def files_sha256(folder: Path) -> str:
    """Hex sha256 over the files of a generation's word index and its fields; of nothing, if there is none."""
    files = durable.folder_sha256(folder / FOLDER)
    return sha256(f"{_FIELDS}\n{files}".encode()).hexdigest() if files else ""


class Lexical:
    """An opened word index. Searching is safe from many threads."""

    def __init__(self, folder: Path) -> None:
        """Raises ValueError if the files cannot be read."""
        import tantivy

        self._tantivy: Any = tantivy
        try:
            self._index = _open(tantivy, folder / FOLDER)
        except ValueError:  # tantivy locks even to read: not possible on a read-only medium
            with TemporaryDirectory() as writable:
                for file in (folder / FOLDER).iterdir():
                    if not file.name.endswith(".lock"):
                        Path(writable, file.name).symlink_to(file.absolute())
                self._index = _open(tantivy, Path(writable))
        self._searcher = self._index.searcher()

    def search(self, words: Sequence[str], k: int, allowed: Allowed | None = None) -> Ranked:
        """The `k` rows with the highest BM25 scores, among the allowed ones; the scores are the same with and without.

        Where many rows are allowed, the best of all are sifted, for that keeps tantivy's short cuts; where few are, or
        the sifting goes too deep, they are picked by their articles.
        """
        terms = dict.fromkeys(words)
        if not terms or k < 1 or not self._searcher.num_docs:
            return Ranked.empty()
        wanted = self._tantivy.Query.boolean_query([(self._tantivy.Occur.Should, self._term(w)) for w in terms])
        if allowed is None:
            return self._best(wanted, k)
        if not allowed.passages:
            return Ranked.empty()
        sifted = self._sifted(wanted, k, allowed)
        return self._best(self._within(wanted, allowed), k) if sifted is None else sifted

    def _sifted(self, wanted: Any, k: int, allowed: Allowed) -> Ranked | None:  # noqa: ANN401
        """The allowed ones among the best of all, looked at deeper and deeper; None, where picking is cheaper."""
        depth = math.ceil(1.5 * k * self._searcher.num_docs / allowed.passages)
        most = _SIFTED
        while depth <= most:
            ranked = self._best(wanted, depth)
            kept = allowed.holds(ranked.rows)
            if np.count_nonzero(kept) >= k or len(ranked.rows) < depth:
                return ranked.left(kept, k)
            depth, most = 4 * depth, _DEEPEST
        return None

    def _within(self, wanted: Any, allowed: Allowed) -> Any:  # noqa: ANN401
        articles = self._tantivy.Query.term_set_query(self._index.schema, "article", allowed.articles.tolist())
        must = self._tantivy.Occur.Must
        return self._tantivy.Query.boolean_query(
            [(must, wanted), (must, self._tantivy.Query.const_score_query(articles, 0.0))]
        )

    def _best(self, query: Any, k: int) -> Ranked:  # noqa: ANN401
        hits = self._searcher.search(query, k, count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        return Ranked(np.array(rows, np.int64), np.array([score for score, _ in hits], np.float32))

    def rarity(self, word: str) -> float:
        """BM25's inverse document frequency of a word; a word that no passage holds is the rarest."""
        n, df = self._searcher.num_docs, self._searcher.doc_freq("words", word)
        return math.log(1 + (n - df + 0.5) / (df + 0.5))

    def bound(self, words: Sequence[str]) -> float:
        """A score that no passage can reach for these words: the sum of their rarities times k1 + 1."""
        return (_K1 + 1) * sum(self.rarity(w) for w in dict.fromkeys(words))

    def _term(self, word: str) -> Any:  # noqa: ANN401  (tantivy has no stubs)
        return self._tantivy.Query.term_query(self._index.schema, "words", word, "freq")


def _document(tantivy: Any, entry: Entry) -> Any:  # noqa: ANN401  (tantivy has no stubs)
    document = tantivy.Document()
    document.add_unsigned("row", entry.row)
    document.add_text("words", entry.words)
    document.add_unsigned("article", entry.article)
    return document


def _open(tantivy: Any, folder: Path) -> Any:  # noqa: ANN401  (tantivy has no stubs)
    schema = tantivy.SchemaBuilder()
    schema.add_unsigned_field("row", indexed=True, fast=True)
    schema.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
    schema.add_unsigned_field("article", indexed=True)
    index = tantivy.Index(schema.build(), path=str(folder))
    index.register_tokenizer("whitespace", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    index.config_reader(reload_policy="Manual")  # the default keeps a thread that polls the folder
    index.reload()
    return index
