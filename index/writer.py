"""update(): compare the sources with the library, write what changed, publish a new generation.

Articles are written in batches under the number of the coming generation, which no reader sees; an update that was cut
off loses nothing, for the next one finds its rows by their digests. The generation appears in one commit at the end.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import numpy as np

from index import caches, durable, library
from index.config import IndexConfig
from index.embed import Embedder, load_embedder
from index.errors import LibraryBusy, SourceError
from index.passages import split
from index.sources import read_sources
from index.tokens import JiebaWords, Words
from index.types import Article, Passage, Refused, UpdateReport

_BATCH = 1024  # passages that are embedded and committed at once
Progress = Callable[[int], None]


def update(config: IndexConfig, *, progress: Progress = lambda articles: None) -> UpdateReport:
    """Bring the index of `config.home` in line with `config.sources`; `progress` is told the articles read so far.

    Raises SourceError if a source is missing or none gives an article, LibraryBusy if another update runs; the index
    then stays as it was.
    """
    sources = read_sources(config.sources)
    with _locked(config.home):
        embedder = load_embedder(config.model)
        with closing(library.create_or_open(config.home)) as connection:
            return _Update(config, connection, embedder).run(sources, progress)


def rebuild_caches(home: Path, words: Words) -> None:
    """Build the caches of the visible generation again, from the library alone."""
    with _locked(home), closing(library.create_or_open(home)) as connection:
        number = library.current_generation(connection)
        (dim,) = connection.execute("SELECT dim FROM generations WHERE number = ?", (number,)).fetchone()
        made = caches.build(home, connection, generation=number, previous=0, dim=dim, words=words)
        connection.execute(
            "UPDATE generations SET vectors_sha256 = ?, lexical_sha256 = ? WHERE number = ?",
            (made.vectors, made.lexical, number),
        )


@contextmanager
def _locked(home: Path) -> Iterator[None]:
    """The writer's lock of a home. Raises LibraryBusy where another process has it."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with durable.exclusive(home / "writer.lock") as free:
        if not free:
            raise LibraryBusy(
                f"另一个 youju index 正在更新 {home}：请等它结束后再试",
                f"another youju index is updating {home}: wait until it has ended",
            )
        yield


@dataclass(frozen=True, slots=True)
class _Row:
    """An article's row, in the visible generation or left by an update that was cut off."""

    row: int
    digest: str
    recipe: str
    born: int


@dataclass(slots=True)
class _Changes:
    """What an update finds, as article ids, and the rows that the coming generation has."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[Refused] = field(default_factory=list)
    rows: set[int] = field(default_factory=set)

    def report(self) -> UpdateReport:
        return UpdateReport(
            tuple(self.added),
            tuple(self.changed),
            tuple(self.removed),
            tuple(self.unchanged),
            tuple(self.failed),
        )


class _Update:
    """One run of `update`, under the lock of the home."""

    def __init__(self, config: IndexConfig, connection: sqlite3.Connection, embedder: Embedder) -> None:
        self.config, self.connection, self.embedder = config, connection, embedder
        self.current = library.current_generation(connection)
        # What an article's rows depend on besides its text: rows of another recipe are written again.
        self.recipe = sha256(f"{embedder.sha256} {config.passage_chars}".encode()).hexdigest()
        self.words: Words = JiebaWords(config.dictionary)
        self.changes = _Changes()
        self.known = self._known()

    def run(self, sources: Iterable[Article | Refused], progress: Progress) -> UpdateReport:
        fresh = self._fresh(sources, progress)
        for batch in _batches(fresh, self.config.passage_chars):
            self._insert(batch)
        self._require_articles()
        self._retire()
        if self._differs():
            self._publish()
        return self.changes.report()

    def _known(self) -> dict[str, list[_Row]]:
        self.connection.execute("UPDATE articles SET died = NULL WHERE died > ?", (self.current,))
        known: dict[str, list[_Row]] = {}
        rows = self.connection.execute("SELECT id, row, digest, recipe, born FROM articles WHERE died IS NULL")
        for id, *rest in rows:
            known.setdefault(id, []).append(_Row(*rest))
        return known

    def _fresh(self, sources: Iterable[Article | Refused], progress: Progress) -> Iterator[Article]:
        """The articles that must be written; of the others, the changes learn which row they keep."""
        for count, item in enumerate(sources, 1):
            progress(count)
            if isinstance(item, Refused):
                self._refuse(item)
                continue
            rows = self.known.get(item.id, [])
            same = next((r for r in rows if (r.digest, r.recipe) == (item.digest, self.recipe)), None)
            if same:
                self.changes.rows.add(same.row)
            if same and same.born <= self.current:
                self.changes.unchanged.append(item.id)
                continue
            visible = any(r.born <= self.current for r in rows)
            (self.changes.changed if visible else self.changes.added).append(item.id)
            if not same:
                yield item

    def _refuse(self, refused: Refused) -> None:
        """A source that cannot be read just now keeps the last version that could be; an emptied one does not."""
        self.changes.failed.append(refused)
        if not refused.gone:
            self.changes.rows.update(r.row for r in self.known.get(refused.source, ()) if r.born <= self.current)

    def _insert(self, batch: list[tuple[Article, list[Passage]]]) -> None:
        texts = [caches.search_text(a.title, p.heading, p.text) for a, passages in batch for p in passages]
        vectors = iter(self.embedder.encode(texts, kind="passage").astype(np.float16))
        self.connection.execute("BEGIN")
        for article, passages in batch:
            row = self._insert_article(article)
            self.connection.executemany(
                "INSERT INTO passages (article, start, end, heading, text, vector) VALUES (?, ?, ?, ?, ?, ?)",
                [(row, p.start, p.end, p.heading, p.text, next(vectors).tobytes()) for p in passages],
            )
        self.connection.execute("COMMIT")

    def _insert_article(self, article: Article) -> int:
        a = article
        groups = "\n".join(a.groups)
        values = (a.id, a.title, a.text, a.source, a.publisher, a.published, a.url, groups, a.digest)
        cursor = self.connection.execute(
            "INSERT INTO articles (id, title, text, source, publisher, published, url, groups, digest, recipe, born)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*values, self.recipe, self.current + 1),
        )
        assert cursor.lastrowid is not None
        self.changes.rows.add(cursor.lastrowid)
        return cursor.lastrowid

    def _require_articles(self) -> None:
        if self.changes.rows:
            return
        reasons = [f"{r.source}：{r.reason.zh}" for r in self.changes.failed[:3]]
        reasons_en = [f"{r.source}: {r.reason.en}" for r in self.changes.failed[:3]]
        raise SourceError(
            "来源里没有可以索引的文章，索引保持原样：请给出含 .txt、.md 或 .jsonl 文件的文件夹"
            + "".join(f"；{r}" for r in reasons),
            "the sources hold no article to index, the index stays as it was: give a folder with .txt, .md or .jsonl "
            "files" + "".join(f"; {r}" for r in reasons_en),
        )

    def _retire(self) -> None:
        """Mark the rows that the coming generation does not have; rows that no generation had go at once."""
        gone = [(id, r) for id, rows in self.known.items() for r in rows if r.row not in self.changes.rows]
        replaced = {*self.changes.changed, *self.changes.added}
        self.connection.execute("BEGIN")
        for id, row in gone:
            if row.born > self.current:
                _delete(self.connection, "row = ?", row.row)
                continue
            self.connection.execute("UPDATE articles SET died = ? WHERE row = ?", (self.current + 1, row.row))
            if id not in replaced:
                self.changes.removed.append(id)
        self.connection.execute("COMMIT")

    def _differs(self) -> bool:
        made_with = self.connection.execute(
            "SELECT dictionary_sha256 FROM generations WHERE number = ?", (self.current,)
        ).fetchone()
        changed = self.changes.added or self.changes.changed or self.changes.removed
        return bool(changed) or made_with != (self.words.sha256,)

    def _publish(self) -> None:
        """Build the caches, make the generation visible in one commit, remove what nobody reads any more."""
        home, coming, dim = self.config.home, self.current + 1, self.embedder.dim
        made = caches.build(home, self.connection, generation=coming, previous=self._base(), dim=dim, words=self.words)
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
        oldest = caches.remove_unread(home, before=coming)
        self.connection.execute("BEGIN")
        _delete(self.connection, "died <= ?", oldest)
        self.connection.execute("DELETE FROM generations WHERE number < ?", (oldest,))
        self.connection.execute("COMMIT")

    def _base(self) -> int:
        """The generation whose word index the coming one may extend; 0 if that must be made from nothing."""
        found = self.connection.execute(
            "SELECT vectors_sha256, lexical_sha256 FROM generations WHERE number = ? AND dictionary_sha256 = ?",
            (self.current, self.words.sha256),
        ).fetchone()
        usable = found and caches.intact(self.config.home, self.current, caches.CacheHashes(*found))
        return self.current if usable else 0


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


def _delete(connection: sqlite3.Connection, condition: str, value: int) -> None:
    """Delete the articles of a condition, with their passages."""
    connection.execute(f"DELETE FROM passages WHERE article IN (SELECT row FROM articles WHERE {condition})", (value,))
    connection.execute(f"DELETE FROM articles WHERE {condition}", (value,))
