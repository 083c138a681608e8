"""open_index(): one immutable generation of an index, to search in.

`dense`, `lexical` and `passages` are the seam for other back ends.
"""

import os
import sqlite3
import weakref
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index import caches, library, rows
from index.catalogue import Catalogue
from index.config import IndexConfig
from index.embed import Embedder, load_embedder
from index.errors import LibraryDamaged, LibraryError, LibraryMismatch
from index.filters import Fits
from index.ranked import Ranked
from index.snapshot import Snapshot
from index.tokens import JiebaWords, Words
from index.types import ANYBODY, Article, Filter, Manifest, Passage


@dataclass(frozen=True, slots=True)
class Found:
    """A passage of the library with its row, its article with its row, its sketch and its vector of shape (dim,)."""

    row: int
    passage: Passage
    article: Article
    article_row: int
    sketch: bytes
    vector: NDArray[np.float32]


class Index:
    """One generation of an index, with the embedder and the words it was made with. Threads may share it."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        opened: caches.Caches,
        home: Path,
        manifest: Manifest,
        embedder: Embedder,
        words: Words,
        *,
        stamp: tuple[int, ...] | None,
        release: Callable[[], None],
    ) -> None:
        self._stamp = stamp
        self._fetch = (snapshot := Snapshot(connection, home, manifest.generation)).fetch
        self._catalogue = Catalogue(snapshot)
        self._release = weakref.finalize(self, release)
        self._vectors, self._lexical = opened.vectors, opened.lexical
        self.home, self.manifest, self.embedder, self.words = home, manifest, embedder, words

    def dense(self, vector: NDArray[np.float32], k: int, only: Filter = ANYBODY) -> Ranked:
        """The `k` passages nearest to a normalised vector of shape (dim,), by cosine, among those of the filter."""
        return self._vectors.search(vector, k, self._catalogue.allowed(only))

    def lexical(self, words: Sequence[str], k: int, only: Filter = ANYBODY) -> Ranked:
        """The `k` passages with the highest BM25 score for the words, among those of the filter."""
        return self._lexical.search(words, k, self._catalogue.allowed(only))

    def passages(self, wanted: Sequence[int], only: Filter = ANYBODY) -> list[Found]:
        """The passages of the rows, in any order, without those that the filter leaves out or another generation has.

        Raises LibraryDamaged if one is no longer what was indexed.
        """
        found = self._fetch(
            f"SELECT a.row, p.row, p.text, p.checksum, {rows.CHECKED} FROM passages p"
            " JOIN articles a ON a.row = p.article"
            f" WHERE p.row IN (SELECT value FROM json_each(:rows)) AND {library.VISIBLE}",
            rows=f"[{','.join(str(int(row)) for row in wanted)}]",
        )
        articles = self._articles({article for article, *_ in found}, only)
        return [self._verified(articles[columns[0]], *columns) for columns in found if columns[0] in articles]

    def given(self, wanted: Sequence[int], only: Filter = ANYBODY) -> list[Found]:
        """The passages of rows that `dense` and `lexical` gave for the same filter: all of them must be there.

        Raises LibraryDamaged if one is missing, or no longer what was indexed.
        """
        found = self.passages(wanted, only)
        if len(found) != len(set(wanted)):
            raise library.damaged(self.home, f"{len(found)} of {len(wanted)} passages")
        return found

    def reprints(self, article: Article, only: Filter = ANYBODY) -> list[Article]:
        """The other articles that tell an article's story, the first of them first; for almost every article, none.

        Those that the filter leaves out are not among them.
        """
        if article.id not in self._tellers:
            return []
        first, row = self._tellers[article.id]
        found = self._articles(set(self._stories[first]) - {row}, only)
        return [found[other] for other in sorted(found, key=lambda other: (other != first, other))]

    def story(self, article_row: int) -> int:
        """The row of the first article that tells the same story; its own row for almost every article."""
        return self._first_of.get(article_row, article_row)

    def bound(self, words: Sequence[str]) -> float:
        """The BM25 score that no passage can exceed for these words."""
        return self._lexical.bound(words)

    def rarity(self, word: str) -> float:
        """The inverse document frequency of a word."""
        return self._lexical.rarity(word)

    def is_current(self) -> bool:
        """Whether there is nothing newer to open: neither a generation nor another library in this one's place.

        What was made with another model cannot be searched with this one's embedder, and does not count.
        """
        stamp = _stamp(self.home)
        if stamp == self._stamp:  # a bare column goes with the row of the maximum
            number, model = self._fetch("SELECT max(number), model_sha256 FROM generations")[0]
            return bool(number == self.manifest.generation or model != self.manifest.model_sha256)
        try:
            newest = read_manifest(self.home)
        except LibraryError:
            return True  # moved away, or not yet built again: this is the newest that can be read
        if newest.model_sha256 != self.manifest.model_sha256:
            return True
        if newest != self.manifest or stamp is None or stamp[:2] != (self._stamp or ())[:2]:
            return False
        self._stamp = stamp  # the log was written back into the same file
        return True

    def close(self) -> None:
        """Give the generation back at once; it is given back anyhow when the last user lets go of the index."""
        self._release()

    @cached_property
    def _tellers(self) -> Mapping[str, tuple[int, int]]:
        """By the id of an article whose story others tell too: the row of the first of them, and its own."""
        query = "SELECT a.id, r.first, r.article FROM reprints r JOIN articles a ON a.row = r.article"
        return {id: (first, row) for id, first, row in self._fetch(f"{query} WHERE r.generation = :g")}

    @cached_property
    def _first_of(self) -> Mapping[int, int]:
        return {row: first for first, row in self._tellers.values()}

    @cached_property
    def _stories(self) -> Mapping[int, list[int]]:
        stories: dict[int, list[int]] = {}
        for row, first in self._first_of.items():
            stories.setdefault(first, []).append(row)
        return stories

    def _articles(self, wanted: set[int], only: Filter) -> dict[int, Article]:
        """The articles of the rows that the filter leaves in, each checked against the digest it was indexed with."""
        articles: dict[int, Article] = {}
        fits = Fits(only)
        found = self._fetch(
            f"SELECT row, digest, {rows.ARTICLE} FROM articles WHERE row IN (SELECT value FROM json_each(:rows))",
            rows=f"[{','.join(map(str, wanted))}]",
        )
        for row, digest, *fields in found:
            article = rows.sound_article(fields, digest)
            if article is None:
                raise library.damaged(self.home, f"article {row}")
            if fits.article(article):
                articles[row] = article
        return articles

    def _verified(
        self,
        article: Article,
        article_row: int,
        row: int,
        text: str,
        checksum: int,
        *checked: Any,  # noqa: ANN401  (columns of a database that may be damaged)
    ) -> Found:
        start, end, heading, dates, sketch, vector = checked
        if not rows.is_sound(checksum, checked) or article.text[start:end] != text:
            raise library.damaged(self.home, f"passage {row}")
        passage = Passage(article.id, text, start, end, heading, rows.unpack_dates(dates, text))
        numbers = np.frombuffer(vector, np.float16).astype(np.float32)
        return Found(row, passage, article, article_row, sketch, numbers)


def open_index(config: IndexConfig) -> Index:
    """Open the newest generation of `config.home`. Damaged or missing caches are built again from the library first.

    Raises LibraryMissing, LibraryMismatch (another model, format or dictionary), LibraryDamaged or LibraryUnavailable.
    """
    home = config.home.absolute()  # the process may change its folder later
    embedder, words = load_embedder(config.embed), JiebaWords(config.dictionary)
    for _ in range(5):  # a generation can be replaced between looking it up and locking it
        index, generation = _try_to_open(home, embedder, words)
        if index is not None:
            return index
        if read_manifest(home).generation == generation:
            from index.writer import rebuild_caches  # with all the readers of sources, which asking does not need

            rebuild_caches(home, words)
    raise LibraryDamaged(
        f"{home} 的索引缓存无法重建：请检查磁盘空间后再试",
        f"the caches of the index in {home} cannot be rebuilt: check the disk space and try again",
    )


def read_manifest(home: Path) -> Manifest:
    """How the index of a home was made. Raises LibraryMissing if there is none."""
    connection = library.open_read_only(home)
    try:
        return _manifest(connection, home)[0]
    finally:
        connection.close()


def _try_to_open(home: Path, embedder: Embedder, words: Words) -> tuple[Index | None, int]:
    """The index, or None if its caches must be built again or its generation was just replaced; and that generation."""
    stamp = _stamp(home)
    connection = library.open_read_only(home)
    with ExitStack() as undo:
        undo.callback(connection.close)
        manifest, expected = _manifest(connection, home)
        _check(manifest, embedder, words, home)
        with library.faults_told(home):
            lock = caches.hold(home, manifest.generation)
            if lock is None:
                return None, manifest.generation
            undo.callback(os.close, lock)
            opened = caches.opened(home, manifest.generation, expected)
        if opened is None:
            return None, manifest.generation
        release = undo.pop_all().close
        index = Index(connection, opened, home, manifest, embedder, words, stamp=stamp, release=release)
        return index, manifest.generation


def _stamp(home: Path) -> tuple[int, ...] | None:
    """Tells the database file from one in its place (device, inode), and whether it was written (time, size)."""
    try:
        found = (home / library.FILE).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size


def _manifest(connection: sqlite3.Connection, home: Path) -> tuple[Manifest, caches.CacheHashes]:
    with library.faults_told(home):
        found = library.manifest(connection)
        if found is None:
            raise library.missing(home)
        query = "SELECT vectors_sha256, lexical_sha256 FROM generations WHERE number = ?"
        return found, caches.CacheHashes(*connection.execute(query, (found.generation,)).fetchone())


def _check(manifest: Manifest, embedder: Embedder, words: Words, home: Path) -> None:
    if not manifest.model:
        raise LibraryMismatch(
            f"{home} 的索引由旧版本建立，已转换了一半：请运行 youju index",
            f"the index in {home} was made by an older version and is converted in part: run youju index",
        )
    if manifest.model_sha256 != embedder.sha256 or manifest.dim != embedder.dim:
        raise LibraryMismatch(
            f"{home} 的索引由模型 {manifest.model} 建立，当前配置的模型是 {embedder.name}（内容不同）："
            "请重新运行 youju index，或改回原来的 embed.model",
            f"the index in {home} was made with the model {manifest.model}, the configuration names {embedder.name}, "
            "which differs: run youju index again, or set embed.model back",
        )
    if manifest.dictionary_sha256 != words.sha256:
        raise LibraryMismatch(
            f"用户词典或分词程序在 {home} 建立索引之后变了：请重新运行 youju index",
            f"the dictionary, or the program that cuts words, has changed since the index in {home} was made: "
            "run youju index again",
        )
