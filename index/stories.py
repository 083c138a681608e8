"""Which articles of a generation tell the same story: read from the library, decided in `index.reprints`."""

import sqlite3
from collections.abc import Iterator

from index import library
from index.reprints import Sketched, Stories, stories


def find(connection: sqlite3.Connection, generation: int) -> Stories:
    """The stories of a generation; pairs of articles that an earlier one compared are not read again."""
    compared = {(a, b): alike for a, b, alike in connection.execute("SELECT a, b, alike FROM compared")}
    return stories(_sketched(connection, generation), lambda row: _text(connection, row), compared)


def save(connection: sqlite3.Connection, generation: int, found: Stories) -> None:
    """Write what was found, within the caller's transaction."""
    connection.executemany(
        "INSERT INTO reprints (generation, article, first) VALUES (?, ?, ?)",
        [(generation, *pair) for pair in found.first.items()],
    )
    connection.execute("DELETE FROM compared")
    connection.executemany(
        "INSERT INTO compared (a, b, alike) VALUES (?, ?, ?)", [(*pair, same) for pair, same in found.compared.items()]
    )


def _sketched(connection: sqlite3.Connection, generation: int) -> Iterator[Sketched]:
    found = connection.execute(
        f"SELECT row, published, id, groups, sketch FROM articles a WHERE {library.VISIBLE}", {"g": generation}
    )
    for row, published, id, groups, sketch in found:
        yield Sketched(row, (published or "9999", id), groups, sketch)


def _text(connection: sqlite3.Connection, row: int) -> str:
    return str(connection.execute("SELECT text FROM articles WHERE row = ?", (row,)).fetchone()[0])
