"""What an index holds: article by article for an export, what is missing of the metadata, what a filter leaves in."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from index import library, rows
from index.catalogue import Catalogue
from index.snapshot import Snapshot
from index.types import Article, Filter, Manifest

FIELDS = ("title", "publisher", "published", "author", "url")


@dataclass(frozen=True, slots=True)
class Listed:
    """An article of the index, and the id of the article that it repeats, if it is a reprint."""

    article: Article
    reprint_of: str | None


@dataclass(frozen=True, slots=True)
class Missing:
    """The ids of the articles that lack a field; a title that is only the text's first words is missing too."""

    field: str
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """How many articles a filter leaves in; and of all that its groups may read, the publishers, the most frequent
    first, and the first and last date, None where no article has one.
    """

    articles: int
    publishers: tuple[str, ...]
    period: tuple[str, str] | None


def listed(home: Path) -> Iterator[Listed]:
    """The articles of the visible generation in the order of their ids, whatever is updated meanwhile."""
    columns = ", ".join(f"a.{name}" for name in rows.ARTICLE.split(", "))
    with closing(library.open_read_only(home)) as connection, library.faults_told(home):
        connection.execute("BEGIN")
        found = connection.execute(
            f"SELECT f.id, a.digest, {columns} FROM articles a"
            " LEFT JOIN reprints r ON r.generation = :g AND r.article = a.row AND r.first != a.row"
            " LEFT JOIN articles f ON f.row = r.first"
            f" WHERE {library.VISIBLE} ORDER BY a.id",
            {"g": library.current_generation(connection)},
        )
        for first, digest, *fields in found:
            article = rows.sound_article(fields, digest)
            if article is None:
                raise library.damaged(home, f"article {fields[0]!r}")
            yield Listed(article, first)


def missing(home: Path) -> tuple[Missing, ...]:
    """Field by field, which articles lack it; fields that none lacks are left out."""
    lacking: dict[str, list[str]] = {field: [] for field in FIELDS}
    for one in listed(home):
        known = {origin.field for origin in one.article.origins if origin.where != "first_words"}
        for field in FIELDS:
            if field not in known:
                lacking[field].append(one.article.id)
    return tuple(Missing(field, tuple(ids)) for field, ids in lacking.items() if ids)


def reprints(home: Path) -> int:
    """How many articles of the visible generation repeat another one."""
    with closing(library.open_read_only(home)) as connection, library.faults_told(home):
        number = library.current_generation(connection)
        query = "SELECT count(*) FROM reprints WHERE generation = ? AND first != article"
        return int(connection.execute(query, (number,)).fetchone()[0])


def publishers(home: Path, groups: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The publishers of the articles that the groups may read, the most frequent first."""
    return scope(home, Filter(groups)).publishers


def scope(home: Path, only: Filter) -> Scope:
    """What a filter leaves in. Raises QuestionError for one that is wrong."""
    with closing(library.open_read_only(home)) as connection, library.faults_told(home):
        made = library.manifest(connection)
    if made is None:
        raise library.missing(home)
    return _scope(home, made, only)


@lru_cache(maxsize=64)  # half a second for 69,000 articles
def _scope(home: Path, made: Manifest, only: Filter) -> Scope:
    with closing(library.open_read_only(home)) as connection:
        catalogue = Catalogue(Snapshot(connection, home, made.generation))
        return Scope(catalogue.count(only), catalogue.publishers(only.groups), catalogue.period(only.groups))
