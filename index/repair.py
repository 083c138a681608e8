"""A library that is damaged: how an update notices, sets it aside, and what it saves of it."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from index import durable, library, rows
from index.types import Article

ASIDE = "library.damaged-"  # a damaged library is renamed to this and the time


def look_over(home: Path, connection: sqlite3.Connection) -> None:
    """Check the whole library if somebody found it damaged. Raises LibraryDamaged."""
    mark = home / library.SUSPECT
    if not mark.exists():
        return
    check(home, connection)
    mark.unlink(missing_ok=True)


def check(home: Path, connection: sqlite3.Connection) -> None:
    """Raises LibraryDamaged unless every page, article and passage of the library is what was written."""
    if found := fault(connection):
        raise library.damaged(home, found)


def fault(connection: sqlite3.Connection) -> str | None:
    """The first thing in a library that is not as it was written."""
    told = str(connection.execute("PRAGMA integrity_check").fetchone()[0])
    return told.split("\n", 1)[0] if told != "ok" else next(_unsound(connection), None)


def _unsound(connection: sqlite3.Connection) -> Iterator[str]:
    """What is not as it was written."""
    for row, digest, *fields in connection.execute(f"SELECT row, digest, {rows.ARTICLE} FROM articles"):
        if digest and not rows.sound_article(fields, digest):
            yield f"article {row}"
    for row, words, words_sum, expected, *fields in connection.execute(
        f"SELECT p.row, p.words, p.words_checksum, p.checksum, {rows.CHECKED} FROM passages p"
    ):
        if not rows.is_sound(expected, fields) or rows.words_checksum(words) != words_sum:
            yield f"passage {row}"
    for row in connection.execute(
        "SELECT p.row FROM passages p LEFT JOIN articles a ON a.row = p.article"
        " WHERE a.row IS NULL OR typeof(p.text) != 'text' OR substr(a.text, p.start + 1, p.end - p.start) != p.text"
    ):
        yield f"passage {row[0]}"
    newest = connection.execute("SELECT number, model FROM generations ORDER BY number DESC LIMIT 1").fetchone()
    if newest and newest[1] and not _is_complete(connection, newest[0]):  # one that was converted has no passages yet
        yield f"generation {newest[0]}"


def check_counts(home: Path, connection: sqlite3.Connection, generation: int) -> None:
    """Raises LibraryDamaged unless a generation holds as many articles and passages as it was published with."""
    if not _is_complete(connection, generation):
        raise library.damaged(home, f"generation {generation}")


def _is_complete(connection: sqlite3.Connection, generation: int) -> bool:
    query = "SELECT articles, passages FROM generations WHERE number = ?"
    published = connection.execute(query, (generation,)).fetchone()
    return library.Count(*published) == library.count(connection, generation)


def set_aside(home: Path) -> Path:
    """Rename the damaged library, with its log; the next update makes a new one. Returns where it lies now."""
    name = f"{ASIDE}{datetime.now(UTC):%Y%m%dT%H%M%S%f}.sqlite"
    aside = home / name
    for old, new in zip(library.logs(home / library.FILE), library.logs(aside), strict=True):
        with suppress(FileNotFoundError):
            old.rename(new)
    (home / library.FILE).rename(aside)
    durable.sync_folder(home)
    (home / library.SUSPECT).unlink(missing_ok=True)
    return aside


def remove_aside(home: Path) -> None:
    """Remove the libraries that were set aside."""
    for path in home.glob(f"{ASIDE}*"):
        path.unlink()
    durable.sync_folder(home)


def saved(aside: Path) -> Iterator[Article]:
    """The articles of a library set aside that are still what was written, as far as it can be read."""
    with suppress(sqlite3.DatabaseError, UnicodeDecodeError), closing(sqlite3.connect(aside)) as connection:
        newest = connection.execute("SELECT max(row) FROM articles").fetchone()[0]
        for row in range(newest or 0, 0, -1):
            yield from _saved(connection, row)


def _saved(connection: sqlite3.Connection, row: int) -> Iterable[Article]:
    query = f"SELECT digest, {rows.ARTICLE} FROM articles WHERE row = ? AND died IS NULL"
    try:
        found = connection.execute(query, (row,)).fetchone()
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return ()  # this row is lost; others may not be
    sound = rows.sound_article(found[1:], found[0]) if found else None
    return (sound,) if sound else ()
