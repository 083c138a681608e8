"""tantivy over the library's words: a cache, one folder a generation.

A generation starts from hard links to the files of the one before it: tantivy never changes a file that it has written,
so the older generation stays as it is for whoever still reads it.
"""

import math
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index import durable
from index.ranked import Ranked

FOLDER = "lexical"
EVERYBODY = "*"
_K1 = 1.2  # tantivy's BM25 constant; a term's score stays below (k1 + 1) times its inverse document frequency
_WRITER_BYTES = 256_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One passage to add: its row, its words in order, and the groups that may read it (none: everybody)."""

    row: int
    words: list[str]
    groups: tuple[str, ...]


def build(folder: Path, previous: Path | None, removed: Iterable[int], added: Iterable[Entry]) -> str:
    """Write the index of a generation; returns the sha256 over its files."""
    import tantivy

    target = folder / FOLDER
    target.mkdir()
    if previous is not None:
        _link(previous / FOLDER, target)
    index = _open(tantivy, target)
    writer = index.writer(_WRITER_BYTES, 1)
    for row in removed:
        writer.delete_documents_by_term("row", row)
    for entry in added:
        document = tantivy.Document()
        document.add_unsigned("row", entry.row)
        document.add_text("words", " ".join(entry.words))
        for group in entry.groups or (EVERYBODY,):
            document.add_text("access", group)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    durable.sync_folder(target)
    return durable.folder_sha256(target)


class Lexical:
    """An opened word index. Searching is safe from many threads."""

    def __init__(self, folder: Path) -> None:
        import tantivy

        self._tantivy: Any = tantivy
        self._index = _open(tantivy, folder / FOLDER)
        self._index.reload()
        self._searcher = self._index.searcher()

    def search(self, words: Sequence[str], k: int, groups: Sequence[str] | None = None) -> Ranked:
        """The `k` rows with the highest BM25 scores. `groups` limits them to what these groups may read."""
        terms = dict.fromkeys(words)
        if not terms or not self._searcher.num_docs:
            return Ranked.empty()
        occur, query = self._tantivy.Occur, self._tantivy.Query
        wanted = query.boolean_query([(occur.Should, self._term("words", w, "freq")) for w in terms])
        if groups is not None:
            access = [(occur.Should, self._term("access", g, "basic")) for g in (EVERYBODY, *groups)]
            filtered = query.const_score_query(query.boolean_query(access), 0.0)
            wanted = query.boolean_query([(occur.Must, wanted), (occur.Must, filtered)])
        hits = self._searcher.search(wanted, k, count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        return Ranked(np.array(rows, np.int64), np.array([score for score, _ in hits], np.float32))

    def rarity(self, word: str) -> float:
        """BM25's inverse document frequency of a word; a word that no passage holds is the rarest."""
        n, df = self._searcher.num_docs, self._searcher.doc_freq("words", word)
        return max(1e-6, math.log(1 + (n - df + 0.5) / (df + 0.5)))  # df still counts removed passages

    def bound(self, words: Sequence[str]) -> float:
        """A score that no passage can reach for these words: the sum of their rarities times k1 + 1."""
        return (_K1 + 1) * sum(self.rarity(w) for w in dict.fromkeys(words))

    def _term(self, field: str, value: str, option: str) -> Any:  # noqa: ANN401  (tantivy has no stubs)
        return self._tantivy.Query.term_query(self._index.schema, field, value, option)


def _open(tantivy: Any, folder: Path) -> Any:  # noqa: ANN401  (tantivy has no stubs)
    schema = tantivy.SchemaBuilder()
    schema.add_unsigned_field("row", indexed=True, fast=True)
    schema.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
    schema.add_text_field("access", tokenizer_name="raw", index_option="basic")
    index = tantivy.Index(schema.build(), path=str(folder))
    index.register_tokenizer("whitespace", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    return index


def _link(source: Path, target: Path) -> None:
    for file in source.iterdir():
        if file.is_file() and not file.name.endswith(".lock"):
            os.link(file, target / file.name)
