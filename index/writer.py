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

from index import caches, durable, intake, library, repair, rows, stories
from index.changes import Changes, Done, Item, Progress, Row
from index.config import IndexConfig
from index.embed import load_embedder
from index.errors import LibraryBusy, LibraryDamaged, SourceError
from index.fold import fold_sha256
from index.sources import IsolatedReader, list_files
from index.store import Making, Store
from index.tokens import JiebaWords, Words
from index.types import Article, UpdateReport

_RECIPE = 2  # raise it when the same article would give other passages, search texts, dates or vectors than before
_READING = 1  # raise it when the same file would give another article than before
_REBUILD_WAIT = 60.0  # seconds for another reader's rebuilding, or an update, to end
_STRUCK = 0.02  # share of struck passages from which on the word index is made anew: 1 s for 20,000 passages
_FEW = 5_000  # passages whose word index is made anew in a quarter of a second: never with struck ones


def update(config: IndexConfig, *, progress: Progress = lambda done: None, clean: bool = False) -> UpdateReport:
    """Bring the index of `config.home` in line with `config.sources`; `progress` is told how far it is.

    `clean` leaves no struck passage in the word index. A library that is found damaged is set aside and built again.
    Raises SourceError if a source is missing or none gives an article, LibraryBusy if another update runs,
    LibraryUnavailable on a full disk; the index then stays as it was.
    """
    list_files(config.sources)  # a source that is missing is said before anything is locked
    with locked(config.home):
        making = _making(config)
        with library.faults_told(config.home):
            try:
                return _once(config, making, progress, clean=clean)
            except LibraryDamaged:
                aside = repair.set_aside(config.home)
                return _once(config, making, progress, aside=aside)


def _making(config: IndexConfig) -> Making:
    embedder, words = load_embedder(config.embed), JiebaWords(config.dictionary)
    made_of = f"{_RECIPE} {fold_sha256()} {embedder.sha256} {config.passage_chars}"
    return Making(embedder, words, config.passage_chars, recipe=sha256(made_of.encode()).hexdigest())


def rebuild_caches(home: Path, words: Words) -> None:
    """Build the caches of the visible generation again from the library alone, unless another process just did."""
    with locked(home, wait=_REBUILD_WAIT), library.faults_told(home), opened(home) as connection:
        found = connection.execute(
            "SELECT number, dim, vectors_sha256, lexical_sha256 FROM generations ORDER BY number DESC LIMIT 1"
        ).fetchone()
        if not found or caches.opened(home, found[0], caches.CacheHashes(*found[2:])):
            return
        number, dim = found[:2]
        repair.check_counts(home, connection, number)
        made = caches.build(home, connection, generation=number, extends=0, dim=dim, words=words)
        connection.execute(
            "UPDATE generations SET vectors_sha256 = ?, lexical_sha256 = ?, struck = 0 WHERE number = ?",
            (made.vectors, made.lexical, number),
        )


@contextmanager
def locked(home: Path, *, wait: float = 0.0) -> Iterator[None]:
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
                f"另一个 youju 正在更新 {home}：请等它结束后再试",
                f"another youju is updating {home}: wait until it has ended",
            )
        time.sleep(0.05)
    with durable.held(lock):
        yield


@contextmanager
def opened(home: Path) -> Iterator[sqlite3.Connection]:
    """The writing connection, under the lock of the home."""
    with closing(library.create_or_open(home)) as connection:
        yield connection


def _once(
    config: IndexConfig,
    making: Making,
    progress: Progress,
    *,
    aside: Path | None = None,
    clean: bool = False,
) -> UpdateReport:
    with library.faults_told(config.home), opened(config.home) as connection:
        repair.look_over(config.home, connection)
        return _Update(config, connection, making, progress, clean=clean).run(aside)


class _Update:
    """One run of `update`, under the lock of the home."""

    def __init__(
        self,
        config: IndexConfig,
        connection: sqlite3.Connection,
        making: Making,
        progress: Progress,
        *,
        clean: bool,
    ) -> None:
        self.config, self.connection, self.making, self.clean = config, connection, making, clean
        self.progress = progress
        self.current = library.current_generation(connection)
        self.changes = Changes(self._known(), making.recipe)
        self.remembered = intake.load(connection)
        reading = sha256(f"{_READING} {config.reading}".encode()).hexdigest()
        self.intake = intake.Intake(self.remembered, self.changes.visible, reading)
        self.store = Store(connection, making, self.current + 1, told=self._told)
        self.expected = len(self.changes.visible)

    def run(self, aside: Path | None) -> UpdateReport:
        files = list_files(self.config.sources, skip=self.config.home)
        with IsolatedReader(self.config.reading) as reader:
            items = self.intake.items(files, reader.read)
            for batch in self.store.batches(self._articles(items, aside)):
                self.store.insert(batch)
        self.changes.rows |= self.store.rows
        self._finish()
        return self.changes.report(embedded=self.store.embedded, repaired=aside.name if aside else None)

    def _finish(self) -> None:
        if not self.changes.rows:
            raise _nothing_to_index(self.changes.report(), self.config.home)
        retired = self._retire()
        report = self.changes.report()
        differs = retired or report.added or report.changed or report.renamed
        if differs or not self._is_made_with(self.making.words) or (self.clean and self._struck_before()):
            self._publish()
        elif self.intake.known != self.remembered:
            with library.transaction(self.connection):
                intake.save(self.connection, self.remembered, self.intake.known)
        self._clean_up()

    def _known(self) -> list[Row]:
        self.connection.execute("UPDATE articles SET died = NULL WHERE died > ?", (self.current,))
        return [
            Row(*found)
            for found in self.connection.execute(
                "SELECT row, id, source, digest, body_digest, recipe, born <= ? FROM articles WHERE died IS NULL"
                " ORDER BY row",
                (self.current,),
            )
        ]

    def _told(self) -> None:
        settled = self.changes.settled
        of = max(self.expected, settled) if self.expected else None
        self.progress(Done(settled, of, self.store.embedded))

    def _articles(self, items: Iterable[Item], aside: Path | None) -> Iterator[Article]:
        """What must be written: from the sources, then what cannot be read just now but needs another recipe."""
        yield from self.changes.fresh(items, self._told)
        for row in self.changes.unread():
            self._told()
            yield rows.article_at(self.connection, row.row)
        if aside:
            yield from self.changes.saved(repair.saved(aside))

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

    def _struck_before(self) -> int:
        query = "SELECT struck FROM generations WHERE number = ?"
        found = self.connection.execute(query, (self.current,)).fetchone()
        return found[0] if found else 0

    def _extends(self, struck: int, passages: int) -> bool:
        """Whether the word index starts from the visible generation's: same dictionary, undamaged, few ones struck."""
        if struck and (self.clean or passages < _FEW or struck > _STRUCK * passages):
            return False
        hashes = self.connection.execute(
            "SELECT vectors_sha256, lexical_sha256 FROM generations WHERE number = ?", (self.current,)
        ).fetchone()
        return self._is_made_with(self.making.words) and caches.intact(
            self.config.home, self.current, caches.CacheHashes(*hashes)
        )

    def _publish(self) -> None:
        """Build the caches, then make the generation visible in one commit."""
        home, coming, making = self.config.home, self.current + 1, self.making
        struck = self._struck_before() + len(caches.struck(self.connection, coming))
        passages = library.count(self.connection, coming).passages
        extends = self.current if self._extends(struck, passages) else 0
        made = caches.build(
            home, self.connection, generation=coming, extends=extends, dim=making.embedder.dim, words=making.words
        )
        told = stories.find(self.connection, coming)
        with library.transaction(self.connection):
            self.connection.execute(*self._generation(coming, made, struck if extends else 0))
            stories.save(self.connection, coming, told)
            intake.save(self.connection, self.remembered, self.intake.known)
        self.current = coming

    def _generation(self, coming: int, made: caches.CacheHashes, struck: int) -> tuple[str, dict[str, object]]:
        """The statement that makes a generation visible."""
        counted = library.count(self.connection, coming)
        values: dict[str, object] = {
            **{"number": coming, "model": self.making.embedder.name, "model_sha256": self.making.embedder.sha256},
            **{"dim": self.making.embedder.dim, "passage_chars": self.making.passage_chars},
            **{"dictionary_sha256": self.making.words.sha256, "articles": counted.articles},
            **{"passages": counted.passages, "built_at": datetime.now(UTC).isoformat(timespec="seconds")},
            **{"vectors_sha256": made.vectors, "lexical_sha256": made.lexical, "struck": struck},
        }
        marks = ", ".join(f":{name}" for name in values)
        return f"INSERT INTO generations ({', '.join(values)}) VALUES ({marks})", values

    def _clean_up(self) -> None:
        """Remove what nobody reads any more, from the disk and from the database."""
        self.connection.execute("DELETE FROM halfway")  # of articles that have gone meanwhile, or of another model
        caches.remove_unread(self.config.home, self.connection, keep=self.current)
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the log still holds the removed texts


def _nothing_to_index(report: UpdateReport, home: Path) -> SourceError:
    reasons = [f"{r.source}：{r.reason.zh}" for r in report.failed[:3]]
    reasons_en = [f"{r.source}: {r.reason.en}" for r in report.failed[:3]]
    return SourceError(
        f"来源里没有可以索引的文章，索引保持原样：请给出含文章的文件夹；要清空索引，请删除 {home}"
        + "".join(f"；{r}" for r in reasons),
        "the sources hold no article to index, the index stays as it was: give a folder with articles; "
        f"to empty the index, remove {home}" + "".join(f"; {r}" for r in reasons_en),
    )
