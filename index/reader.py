"""open_index(): one immutable generation of an index, to search in. Its three methods are the seam for other back ends."""

import os
import sqlite3
import threading
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import caches, library
from index.config import IndexConfig
from index.embed import Embedder, load_embedder
from index.errors import LibraryDamaged, LibraryMismatch
from index.lexical import Lexical
from index.ranked import Ranked
from index.tokens import JiebaWords, Words
from index.types import Article, Manifest, Passage
from index.vectors import Vectors
from index.writer import rebuild_caches

_MANIFEST = "model, model_sha256, dim, passage_chars, dictionary_sha256, number, articles, passages, built_at"
_VISIBLE = "a.born <= :g AND (a.died IS NULL OR a.died > :g)"


@dataclass(frozen=True, slots=True)
class Found:
    """A passage of the library with its row, its article and its vector of shape (dim,)."""

    row: int
    passage: Passage
    article: Article
    vector: NDArray[np.float32]


class Index:
    """One generation of an index, with the embedder and the words it was made with. Threads may share it."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        lock: int,
        home: Path,
        manifest: Manifest,
        embedder: Embedder,
        words: Words,
    ) -> None:
        self._connection = connection
        self._release = weakref.finalize(self, _release, connection, lock)
        self._mutex = threading.Lock()
        self.home, self.manifest, self.embedder, self.words = home, manifest, embedder, words
        folder = caches.folder(home, manifest.generation)
        self._vectors, self._lexical = Vectors(folder), Lexical(folder)

    def dense(self, vector: NDArray[np.float32], k: int, groups: Sequence[str] = ()) -> Ranked:
        """The `k` passages nearest to a normalised vector of shape (dim,), by cosine, among those `groups` may read."""
        return self._vectors.search(vector, k, self._readable(groups))

    def lexical(self, words: Sequence[str], k: int, groups: Sequence[str] = ()) -> Ranked:
        """The `k` passages with the highest BM25 score for the words, among those `groups` may read."""
        return self._lexical.search(words, k, groups if self._restricted else None)

    def passages(self, rows: Sequence[int], groups: Sequence[str] = ()) -> list[Found]:
        """The passages of the rows, in any order; rows that `groups` may not read, or of another generation, are left out."""
        marks = ",".join("?" * len(rows))
        found = self._fetch(
            "SELECT p.row, p.text, p.start, p.end, p.heading, p.vector, a.id, a.title, a.text, a.source, a.publisher,"
            " a.published, a.url, a.groups FROM passages p JOIN articles a ON a.row = p.article"
            f" WHERE p.row IN ({marks}) AND a.born <= ? AND (a.died IS NULL OR a.died > ?)",
            (*map(int, rows), self.manifest.generation, self.manifest.generation),
        )
        return [f for f in map(_found, found) if not f.article.groups or set(groups) & set(f.article.groups)]

    def bound(self, words: Sequence[str]) -> float:
        """The BM25 score that no passage can exceed for these words."""
        return self._lexical.bound(words)

    def rarity(self, word: str) -> float:
        """The inverse document frequency of a word."""
        return self._lexical.rarity(word)

    def is_current(self) -> bool:
        """Whether no newer generation has been published."""
        return bool(self._fetch("SELECT max(number) FROM generations", ())[0][0] == self.manifest.generation)

    def close(self) -> None:
        """Give the generation back at once; it is given back anyhow when the last user lets go of the index."""
        self._release()

    @cached_property
    def _restricted(self) -> bool:
        """Whether any article is for some readers only."""
        found = self._fetch(
            f"SELECT 1 FROM articles a WHERE a.groups != '' AND {_VISIBLE} LIMIT 1",
            {"g": self.manifest.generation},
        )
        return bool(found)

    def _readable(self, groups: Sequence[str]) -> Sequence[int] | None:
        """The rows that `groups` may read; None: all."""
        if not self._restricted:
            return None
        rows = self._fetch(
            f"SELECT p.row, a.groups FROM passages p JOIN articles a ON a.row = p.article WHERE {_VISIBLE}",
            {"g": self.manifest.generation},
        )
        return [row for row, of in rows if not of or set(groups) & set(of.split("\n"))]

    def _fetch(self, query: str, values: tuple[object, ...] | dict[str, int]) -> list[tuple]:  # type: ignore[type-arg]
        with self._mutex:
            return self._connection.execute(query, values).fetchall()


def open_index(config: IndexConfig) -> Index:
    """Open the newest generation of `config.home`. Damaged or missing caches are built again from the library first.

    Raises LibraryMissing, LibraryMismatch (another model, format or dictionary) or LibraryDamaged.
    """
    embedder, words = load_embedder(config.model), JiebaWords(config.dictionary)
    for _ in range(5):  # a generation can be replaced between looking it up and locking it
        connection = library.open_read_only(config.home)
        try:
            manifest, expected = _manifest(connection, config.home)
            _check(manifest, embedder, words, config.home)
            lock = caches.hold(config.home, manifest.generation)
            if lock is not None and caches.intact(config.home, manifest.generation, expected):
                return Index(connection, lock, config.home, manifest, embedder, words)
        except BaseException:
            connection.close()
            raise
        if lock is not None:
            os.close(lock)
        stale = library.current_generation(connection) == manifest.generation
        connection.close()
        if stale:
            rebuild_caches(config.home, words)
    raise LibraryDamaged(
        f"{config.home} 的索引缓存无法重建：请检查磁盘空间后再试",
        f"the caches of the index in {config.home} cannot be rebuilt: check the disk space and try again",
    )


def _release(connection: sqlite3.Connection, lock: int) -> None:
    connection.close()
    os.close(lock)


def read_manifest(home: Path) -> Manifest:
    """How the index of a home was made. Raises LibraryMissing if there is none."""
    connection = library.open_read_only(home)
    try:
        return _manifest(connection, home)[0]
    finally:
        connection.close()


def _manifest(connection: sqlite3.Connection, home: Path) -> tuple[Manifest, caches.CacheHashes]:
    row = connection.execute(
        f"SELECT {_MANIFEST}, vectors_sha256, lexical_sha256 FROM generations ORDER BY number DESC LIMIT 1"
    ).fetchone()
    if row is None:
        raise library.missing(home)
    return Manifest(library.FORMAT, *row[:9]), caches.CacheHashes(*row[9:])


def _check(manifest: Manifest, embedder: Embedder, words: Words, home: Path) -> None:
    if manifest.model_sha256 != embedder.sha256:
        raise LibraryMismatch(
            f"{home} 的索引由模型 {manifest.model} 建立，当前配置的模型是 {embedder.name}（内容不同）：请重新运行 youju index，"
            "或改回原来的 index.model",
            f"the index in {home} was made with the model {manifest.model}, the configuration names {embedder.name}, which "
            "differs: run youju index again, or set index.model back",
        )
    if manifest.dictionary_sha256 != words.sha256:
        raise LibraryMismatch(
            f"用户词典在 {home} 建立索引之后改过：请重新运行 youju index",
            f"the dictionary has changed since the index in {home} was made: run youju index again",
        )


def _found(values: tuple) -> Found:  # type: ignore[type-arg]
    row, text, start, end, heading, vector, id, title, whole, source, publisher, published, url, groups = values
    article = Article(id, title, whole, source, publisher, published, url, tuple(groups.split("\n")) if groups else ())
    return Found(
        row,
        Passage(id, text, start, end, heading),
        article,
        np.frombuffer(vector, dtype=np.float16).astype(np.float32),
    )
