"""One generation of a library, to read from. Threads may share it."""

import sqlite3
import threading
from pathlib import Path

from index import library


class Snapshot:
    """A reading connection and the generation that its queries mean by `:g`."""

    def __init__(self, connection: sqlite3.Connection, home: Path, generation: int) -> None:
        self._connection, self._home, self._generation = connection, home, generation
        self._mutex = threading.Lock()

    def fetch(self, query: str, **values: object) -> list[tuple]:  # type: ignore[type-arg]
        """The rows of a query. Raises LibraryDamaged or LibraryUnavailable."""
        with self._mutex, library.faults_told(self._home):
            return self._connection.execute(query, {"g": self._generation, **values}).fetchall()
