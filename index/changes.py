"""What an update finds when it compares the sources with the library. Neither disk nor database here."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from index.errors import Message
from index.types import Article, Refused, UpdateReport

Progress = Callable[[int], None]
_UNSTORABLE = Message(
    "含有半个字符（单独的代理码位），无法保存；请改正后重新索引",
    "holds half a character (a lone surrogate), which cannot be stored; mend it and index again",
)


@dataclass(frozen=True, slots=True)
class Row:
    """An article's row: of the visible generation, or left by an update that was cut off (`visible` is False)."""

    row: int
    id: str
    source: str
    digest: str
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
        self._added: list[str] = []
        self._changed: list[str] = []
        self._removed: list[str] = []
        self._unchanged: list[str] = []
        self._failed: list[Refused] = []
        self._seen: set[str] = set()
        self._unread: set[str] = set()

    def fresh(self, sources: Iterable[Article | Refused], progress: Progress) -> Iterator[Article]:
        """The articles that must be written; of the others it is noted which row they keep."""
        for count, item in enumerate(sources, 1):
            progress(count)
            if isinstance(item, Article) and not _is_storable(item):
                item = Refused(item.id, _UNSTORABLE)
            if isinstance(item, Article):
                if self._note(item):
                    yield item
                continue
            self._failed.append(item)
            if not item.gone:
                self._unread.add(item.source)

    def unread(self) -> Iterator[Row]:
        """After `fresh`: what cannot be read just now keeps the last version that could be.

        Gives the rows of another recipe, whose articles must be written again from the library.
        """
        for id, rows in self._known.items():
            newest = rows[-1]
            if id in self._seen or not self._is_unread(newest):
                continue
            same = newest.recipe == self._recipe
            self._count(id, rows, kept=newest if same else None)
            if not same:
                yield newest

    def retired(self) -> list[Row]:
        """After `unread`: the rows that the coming generation does not have."""
        gone = [row for rows in self._known.values() for row in rows if row.row not in self.rows]
        replaced = {*self._added, *self._changed, *self._unchanged}
        self._removed = [row.id for row in gone if row.visible and row.id not in replaced]
        return gone

    def report(self) -> UpdateReport:
        """The account for the user."""
        return UpdateReport(
            tuple(self._added),
            tuple(self._changed),
            tuple(self._removed),
            tuple(self._unchanged),
            tuple(self._failed),
        )

    def _note(self, article: Article) -> bool:
        """Whether the article must be written."""
        self._seen.add(article.id)
        rows = self._known.get(article.id, [])
        wanted = (article.digest, self._recipe)
        same = next((row for row in rows if (row.digest, row.recipe) == wanted), None)
        self._count(article.id, rows, kept=same)
        return same is None

    def _count(self, id: str, rows: list[Row], *, kept: Row | None) -> None:
        if kept:
            self.rows.add(kept.row)
        if kept and kept.visible:
            self._unchanged.append(id)
        elif any(row.visible for row in rows):
            self._changed.append(id)
        else:
            self._added.append(id)

    def _is_unread(self, row: Row) -> bool:
        """Its file, a file that held it among others, or a folder above could not be read; "." is the whole source."""
        above = (str(folder) for folder in PurePosixPath(row.source).parents)
        return not self._unread.isdisjoint({row.id, row.source, *above})


def _is_storable(article: Article) -> bool:
    a = article
    try:
        "".join(
            (a.id, a.title, a.text, a.source, a.publisher or "", a.published or "", a.url or "", *a.groups)
        ).encode()
    except UnicodeEncodeError:
        return False
    return True
