"""tantivy over the library's words: a cache, one folder a generation.

A generation that changes little starts from hard links to the files of the one before it: tantivy never changes a file
that it has written, so the older generation stays as it is for whoever still reads it. Passages that went are struck
out: tantivy gives them no more, but keeps their words in its files and counts. So an index in which more than a few are
struck out is made anew from the library's words, and so is one that is to be purged.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from index import durable
from index.ranked import Ranked

FOLDER = "lexical"
_EVERYBODY, _GROUP = "everybody", "group "  # no group's name can become the other
_K1 = 1.2  # tantivy's BM25 constant; a term's score stays below (k1 + 1) times its inverse document frequency
_WRITER_BYTES = 256_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One passage to add: its row, its words in order between spaces, and the groups that may read it (none: all)."""

    row: int
    words: str
    groups: tuple[str, ...] = ()


def build(folder: Path, previous: Path | None, added: Iterable[Entry], struck: Iterable[int] = ()) -> str:
    """Write the index of `previous` without the struck rows and with the added entries; returns the sha256 over its
    files. Raises OSError.
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
    return durable.folder_sha256(target)


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

    def search(self, words: Sequence[str], k: int, groups: Sequence[str] | None = None) -> Ranked:
        """The `k` rows with the highest BM25 scores. `groups` limits them to what these groups may read."""
        terms = dict.fromkeys(words)
        if not terms or k < 1 or not self._searcher.num_docs:
            return Ranked.empty()
        occur, query = self._tantivy.Occur, self._tantivy.Query
        wanted = query.boolean_query([(occur.Should, self._term("words", w, "freq")) for w in terms])
        if groups is not None:
            names = (_EVERYBODY, *(_GROUP + g for g in groups))
            access = query.boolean_query([(occur.Should, self._term("access", n, "basic")) for n in names])
            wanted = query.boolean_query([(occur.Must, wanted), (occur.Must, query.const_score_query(access, 0.0))])
        hits = self._searcher.search(wanted, k, count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        return Ranked(np.array(rows, np.int64), np.array([score for score, _ in hits], np.float32))

    def rarity(self, word: str) -> float:
        """BM25's inverse document frequency of a word; a word that no passage holds is the rarest."""
        n, df = self._searcher.num_docs, self._searcher.doc_freq("words", word)
        return math.log(1 + (n - df + 0.5) / (df + 0.5))

    def bound(self, words: Sequence[str]) -> float:
        """A score that no passage can reach for these words: the sum of their rarities times k1 + 1."""
        return (_K1 + 1) * sum(self.rarity(w) for w in dict.fromkeys(words))

    def _term(self, field: str, value: str, option: str) -> Any:  # noqa: ANN401  (tantivy has no stubs)
        return self._tantivy.Query.term_query(self._index.schema, field, value, option)


def _document(tantivy: Any, entry: Entry) -> Any:  # noqa: ANN401  (tantivy has no stubs)
    document = tantivy.Document()
    document.add_unsigned("row", entry.row)
    document.add_text("words", entry.words)
    for name in [_GROUP + group for group in entry.groups] or [_EVERYBODY]:
        document.add_text("access", name)
    return document


def _open(tantivy: Any, folder: Path) -> Any:  # noqa: ANN401  (tantivy has no stubs)
    schema = tantivy.SchemaBuilder()
    schema.add_unsigned_field("row", indexed=True, fast=True)
    schema.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
    schema.add_text_field("access", tokenizer_name="raw", index_option="basic")
    index = tantivy.Index(schema.build(), path=str(folder))
    index.register_tokenizer("whitespace", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    index.config_reader(reload_policy="Manual")  # the default keeps a thread that polls the folder
    index.reload()
    return index
