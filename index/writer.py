"""update(): compare the sources with the library, write what changed, publish a new generation.

Articles are written in batches under the number of the coming generation, which no reader sees; an update that was cut
off loses nothing, for the next one finds its rows by their digests. The generation appears in one commit at the end.
"""

import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import numpy as np

from index import caches, durable, library
from index.changes import Changes, Progress, Row
from index.config import IndexConfig
from index.embed import Embedder, load_embedder
from index.errors import LibraryBusy, SourceError
from index.passages import split
from index.sources import read_sources
from index.tokens import JiebaWords, Words
from index.types import Article, Passage, Refused, UpdateReport

_BATCH = 1024  # passages that are embedded and committed at once
_RECIPE = 1  # raise it when the same article would give other passages, search texts or vectors than before
_REBUILD_WAIT = 60.0  # seconds for another reader's rebuilding, or an update, to end


def update(config: IndexConfig, *, progress: Progress = lambda articles: None) -> UpdateReport:
    """Bring the index of `config.home` in line with `config.sources`; `progress` is told the articles read so far.

    Raises SourceError if a source is missing or none gives an article, LibraryBusy if another update runs,
    LibraryUnavailable on a full disk; the index then stays as it was.
    """
    sources = read_sources(config.sources)
    embedder, words = load_embedder(config.model), JiebaWords(config.dictionary)
    with _locked(config.home), _opened(config.home) as connection:
        return _Update(config, connection, embedder, words).run(sources, progress)


def rebuild_caches(home: Path, words: Words) -> None:
    """Build the caches of the visible generation again from the library alone, unless another process just did."""
    with _locked(home, wait=_REBUILD_WAIT), _opened(home) as connection, library.faults_told(home):
        found = connection.execute(
            "SELECT number, dim, vectors_sha256, lexical_sha256 FROM generations ORDER BY number DESC LIMIT 1"
        ).fetchone()
        if not found or caches.opened(home, found[0], caches.CacheHashes(*found[2:])):
            return
        number, dim = found[:2]
        made = caches.build(home, connection, generation=number, extends=0, dim=dim, words=words)
        connection.execute(
            "UPDATE generations SET vectors_sha256 = ?, lexical_sha256 = ? WHERE number = ?",
            (made.vectors, made.lexical, number),
        )


@contextmanager
def _locked(home: Path, *, wait: float = 0.0) -> Iterator[None]:
    """The writer's lock of a home. Raises LibraryBusy where another process keeps it for `wait` seconds."""
    give_up = time.monotonic() + wait
    while True:
        with library.faults_told(home):
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = durable.try_lock(home / "writer.lock")
        if lock is not None:
            break
        if time.monotonic() >= give_up:
            raise LibraryBusy(
                f"另一个 youju index 正在更新 {home}：请等它结束后再试",
                f"another youju index is updating {home}: wait until it has ended",
            )
        time.sleep(0.05)
    with durable.held(lock):
        yield


@contextmanager
def _opened(home: Path) -> Iterator[sqlite3.Connection]:
    with library.faults_told(home):
        connection = library.create_or_open(home)
    with closing(connection):
        yield connection


class _Update:
    """One run of `update`, under the lock of the home."""

    def __init__(self, config: IndexConfig, connection: sqlite3.Connection, embedder: Embedder, words: Words) -> None:
        self.config, self.connection, self.embedder, self.words = config, connection, embedder, words
        # What an article's rows depend on besides its text: rows of another recipe are written again.
        self.recipe = sha256(f"{_RECIPE} {embedder.sha256} {config.passage_chars}".encode()).hexdigest()
        with library.faults_told(config.home):
            self.current = library.current_generation(connection)
            self.changes = Changes(self._known(), self.recipe)

    def run(self, sources: Iterable[Article | Refused], progress: Progress) -> UpdateReport:
        for batch in _batches(self._articles(sources, progress), self.config.passage_chars):
            with library.faults_told(self.config.home):
                self._insert(batch)
        with library.faults_told(self.config.home):
            self._finish()
        return self.changes.report()

    def _finish(self) -> None:
        report = self.changes.report()
        if not self.changes.rows:
            raise _nothing_to_index(report)
        retired = self._retire()
        if retired or report.added or report.changed or not self._is_made_with(self.words):
            self._publish(extends=0 if retired or not self._may_extend() else self.current)
        self._clean_up()

    def _known(self) -> list[Row]:
        self.connection.execute("UPDATE articles SET died = NULL WHERE died > ?", (self.current,))
        return [
            Row(*found)
            for found in self.connection.execute(
                "SELECT row, id, source, digest, recipe, born <= ? FROM articles WHERE died IS NULL ORDER BY row",
                (self.current,),
            )
        ]

    def _articles(self, sources: Iterable[Article | Refused], progress: Progress) -> Iterator[Article]:
        """What must be written: from the sources, then what cannot be read just now but needs another recipe."""
        yield from self.changes.fresh(sources, progress)
        for row in self.changes.unread():
            with library.faults_told(self.config.home):
                stored = library.article_at(self.connection, row.row)
            yield stored

    def _insert(self, batch: list[tuple[Article, list[Passage]]]) -> None:
        texts = [caches.search_text(a.title, p.heading, p.text) for a, passages in batch for p in passages]
        vectors = (row.tobytes() for row in self._embedded(texts))
        words = (" ".join(self.words(text)) for text in texts)
        with library.transaction(self.connection):
            for article, passages in batch:
                row = self._insert_article(article)
                self.connection.executemany(
                    "INSERT INTO passages (article, start, end, heading, dates, text, vector, words)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    [
                        (
                            *(row, p.start, p.end, p.heading, library.pack_dates(p.dates), p.text),
                            *(next(vectors), next(words)),
                        )
                        for p in passages
                    ],
                )

    def _embedded(self, texts: list[str]) -> Iterator[np.ndarray[tuple[int, ...], np.dtype[np.float16]]]:
        for start in range(0, len(texts), _BATCH):
            yield from self.embedder.encode(texts[start : start + _BATCH], kind="passage").astype(np.float16)

    def _insert_article(self, article: Article) -> int:
        a = article
        cursor = self.connection.execute(
            "INSERT INTO articles (id, title, text, source, publisher, published, url, groups, author,"
            " origins, digest, body_digest, recipe, dictionary, born)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(a.id, a.title, a.text, a.source, a.publisher, a.published, a.url, library.pack(a.groups)),
                *(a.author, library.pack_origins(a.origins), a.digest, a.body_digest),
                *(self.recipe, self.words.sha256, self.current + 1),
            ),
        )
        assert cursor.lastrowid is not None
        self.changes.rows.add(cursor.lastrowid)
        return cursor.lastrowid

    def _retire(self) -> bool:
        """Mark the rows that the coming generation does not have; rows that no generation had go at once."""
        retired = self.changes.retired()
        with library.transaction(self.connection):
            for row in retired:
                if row.visible:
                    coming = self.current + 1
                    self.connection.execute("UPDATE articles SET died = ? WHERE row = ?", (coming, row.row))
                else:
                    library.delete(self.connection, "row = ?", row.row)
        return any(row.visible for row in retired)

    def _is_made_with(self, words: Words) -> bool:
        query = "SELECT dictionary_sha256 FROM generations WHERE number = ?"
        return bool(self.connection.execute(query, (self.current,)).fetchone() == (words.sha256,))

    def _may_extend(self) -> bool:
        """Whether the visible generation's word index can be added to: same dictionary, files undamaged."""
        hashes = self.connection.execute(
            "SELECT vectors_sha256, lexical_sha256 FROM generations WHERE number = ?", (self.current,)
        ).fetchone()
        return self._is_made_with(self.words) and caches.intact(
            self.config.home, self.current, caches.CacheHashes(*hashes)
        )

    def _publish(self, *, extends: int) -> None:
        """Build the caches, then make the generation visible in one commit."""
        home, coming, dim = self.config.home, self.current + 1, self.embedder.dim
        made = caches.build(home, self.connection, generation=coming, extends=extends, dim=dim, words=self.words)
        self.connection.execute(
            "INSERT INTO generations SELECT :number, :model, :model_sha256, :dim, :passage_chars, :dictionary,"
            " count(*), (SELECT count(*) FROM passages p JOIN articles a ON a.row = p.article WHERE a.died IS NULL),"
            " :built_at, :vectors, :lexical FROM articles WHERE died IS NULL",
            {
                "number": coming,
                "model": self.embedder.name,
                "model_sha256": self.embedder.sha256,
                "dim": dim,
                "passage_chars": self.config.passage_chars,
                "dictionary": self.words.sha256,
                "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
                "vectors": made.vectors,
                "lexical": made.lexical,
            },
        )
        self.current = coming

    def _clean_up(self) -> None:
        """Remove what nobody reads any more, from the disk and from the database."""
        oldest = caches.remove_unread(self.config.home, keep=self.current)
        with library.transaction(self.connection):
            library.delete(self.connection, "died <= ?", oldest)
            self.connection.execute("DELETE FROM generations WHERE number < ?", (oldest,))
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the log still holds the removed texts


def _nothing_to_index(report: UpdateReport) -> SourceError:
    reasons = [f"{r.source}：{r.reason.zh}" for r in report.failed[:3]]
    reasons_en = [f"{r.source}: {r.reason.en}" for r in report.failed[:3]]
    return SourceError(
        "来源里没有可以索引的文章，索引保持原样：请给出含 .txt、.md 或 .jsonl 文件的文件夹"
        + "".join(f"；{r}" for r in reasons),
        "the sources hold no article to index, the index stays as it was: give a folder with .txt, .md or .jsonl "
        "files" + "".join(f"; {r}" for r in reasons_en),
    )


def _batches(articles: Iterable[Article], passage_chars: int) -> Iterator[list[tuple[Article, list[Passage]]]]:
    """Articles with their passages, some thousand passages a batch."""
    batch: list[tuple[Article, list[Passage]]] = []
    size = 0
    for article in articles:
        passages = list(split(article, passage_chars=passage_chars))
        batch.append((article, passages))
        size += len(passages)
        if size >= _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
