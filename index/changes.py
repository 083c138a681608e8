"""What an update finds when it compares the sources with the library. Neither disk nor database here."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from index.errors import Message
from index.types import Article, Refused, Renamed, UpdateReport


@dataclass(frozen=True, slots=True)
class Done:
    """How far an update is: the articles that are read or found unchanged, of how many if an index tells, and the
    passages that were embedded.
    """

    articles: int
    of: int | None
    passages: int


Progress = Callable[[Done], None]
_UNSTORABLE = Message(
    "含有半个字符（单独的代理码位），无法保存；请改正后重新索引",
    "holds half a character (a lone surrogate), which cannot be stored; mend it and index again",
)


@dataclass(frozen=True, slots=True)
class Kept:
    """The articles, by id, of a file that has not changed since it was read: they stay as they are."""

    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unread:
    """An article, a file or a folder that cannot be read just now: what it gave before stays."""

    source: str


Item = Article | Refused | Kept | Unread


@dataclass(frozen=True, slots=True)
class Row:
    """An article's row: of the visible generation, or left by an update that was cut off (`visible` is False)."""

    row: int
    id: str
    source: str
    digest: str
    body_digest: str
    recipe: str
    visible: bool


class Changes:
    """The comparison, article by article. `rows` are those that the coming generation has."""

    def __init__(self, known: Iterable[Row], recipe: str) -> None:
        self.rows: set[int] = set()
        self._recipe = recipe
        self._known: dict[str, list[Row]] = {}
        for row in known:
            self._known.setdefault(row.id, []).append(row)
        self._added: dict[str, str] = {}  # id → digest of the body
        self._changed: list[str] = []
        self._unchanged: list[str] = []
        self._failed: list[Refused] = []
        self._gone: list[Row] = []
        self._seen: set[str] = set()
        self._unread: set[str] = set()

    @property
    def settled(self) -> int:
        """The articles that were compared, and need no more or are being written."""
        return len(self._seen)

    @property
    def visible(self) -> set[str]:
        """The ids of the visible generation."""
        return {id for id, rows in self._known.items() if any(row.visible for row in rows)}

    def fresh(self, items: Iterable[Item], told: Callable[[], None]) -> Iterator[Article]:
        """The articles that must be written; of the others it is noted which row they keep. `told` is called after
        each item.
        """
        for item in items:
            wanted = self._compare(item)
            told()
            if wanted:
                yield wanted

    def unread(self) -> Iterator[Row]:
        """After `fresh`: what cannot be read just now keeps the last version that could be.

        Gives the rows of another recipe, whose articles must be written again from the library.
        """
        for id, rows in self._known.items():
            newest = rows[-1]
            if id in self._seen or not self.is_unread(id, newest.source):
                continue
            self._seen.add(id)
            same = newest.recipe == self._recipe
            self._count(id, rows, newest.body_digest, kept=newest if same else None)
            if not same:
                yield newest

    def saved(self, articles: Iterable[Article]) -> Iterator[Article]:
        """After `unread`: of articles saved from a damaged library, those that cannot be read just now."""
        for article in articles:
            if article.id not in self._seen and self.is_unread(article.id, article.source) and self._note(article):
                yield article

    def is_unread(self, id: str, source: str) -> bool:
        """Whether its file, a file that held it among others, or a folder above could not be read; "." is the whole."""
        above = (str(folder) for folder in PurePosixPath(source).parents)
        return not self._unread.isdisjoint({id, source, *above})

    def retired(self) -> list[Row]:
        """After all articles: the rows that the coming generation does not have."""
        self._gone = [row for rows in self._known.values() for row in rows if row.row not in self.rows]
        return self._gone

    def report(self, *, embedded: int = 0, repaired: str | None = None) -> UpdateReport:
        """The account for the user."""
        stays = {*self._added, *self._changed, *self._unchanged}
        gone = {row.id: row.body_digest for row in self._gone if row.visible and row.id not in stays}
        renamed = tuple(_renamed(gone, self._added))
        old, new = {pair.old for pair in renamed}, {pair.new for pair in renamed}
        return UpdateReport(
            added=tuple(id for id in self._added if id not in new),
            changed=tuple(self._changed),
            removed=tuple(id for id in gone if id not in old),
            unchanged=tuple(self._unchanged),
            failed=tuple(self._failed),
            renamed=renamed,
            embedded=embedded,
            repaired=repaired,
        )

    def _compare(self, item: Item) -> Article | None:
        """The article if it must be written."""
        match item:
            case Kept(ids):
                for id in ids:
                    self._keep(id)
            case Unread(source):
                self._unread.add(source)
            case Refused():
                self._failed.append(item)
            case Article() if not _is_storable(item):
                self._failed.append(Refused(item.id, _UNSTORABLE))
                self._unread.add(item.id)
            case Article() if self._note(item):
                return item
        return None

    def _keep(self, id: str) -> None:
        """An article that stands as it was read: if only its recipe is another one, it is written from the library."""
        rows = self._known[id]
        standing = next(row for row in rows if row.visible)
        if standing.recipe == self._recipe:
            self._seen.add(id)
            self._count(id, rows, standing.body_digest, kept=standing)
        else:
            self._unread.add(id)

    def _note(self, article: Article) -> bool:
        """Whether the article must be written."""
        self._seen.add(article.id)
        rows = self._known.get(article.id, [])
        wanted = (article.digest, self._recipe)
        same = next((row for row in rows if (row.digest, row.recipe) == wanted), None)
        self._count(article.id, rows, article.body_digest, kept=same)
        return same is None

    def _count(self, id: str, rows: list[Row], body_digest: str, *, kept: Row | None) -> None:
        if kept:
            self.rows.add(kept.row)
        if kept and kept.visible:
            self._unchanged.append(id)
        elif any(row.visible for row in rows):
            self._changed.append(id)
        else:
            self._added[id] = body_digest


def _renamed(gone: dict[str, str], added: dict[str, str]) -> Iterator[Renamed]:
    """An article that went and one that came with the same body, pair by pair."""
    by_body: dict[str, list[str]] = {}
    for id, body in gone.items():
        by_body.setdefault(body, []).append(id)
    for id, body in added.items():
        if old := by_body.get(body):
            yield Renamed(old.pop(0), id)


def _is_storable(article: Article) -> bool:
    a = article
    own = (a.id, a.title, a.text, a.source, a.publisher, a.published, a.url, a.author, *a.groups)
    try:
        "".join(part or "" for part in own).encode()
    except UnicodeEncodeError:
        return False
    return True
