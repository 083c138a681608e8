"""Vectors of a long article that is not written yet: what would be lost when its update is cut off.

They stand in the library until the article does, each with a checksum; one that is damaged is made again.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from zlib import crc32

from index import library


def keys(model: str, texts: Iterable[str]) -> list[bytes]:
    """The key of each text's vector: a hash of the text and of the model that embeds it."""
    return [sha256(f"{model} {text}".encode("utf-8", "surrogatepass")).digest() for text in texts]


def kept(connection: sqlite3.Connection, wanted: Sequence[bytes]) -> dict[bytes, bytes]:
    """Those of the vectors that were kept and are sound."""
    query = "SELECT checksum, vector FROM halfway WHERE key = ?"
    if connection.execute("SELECT 1 FROM halfway LIMIT 1").fetchone() is None:
        return {}
    rows = ((key, connection.execute(query, (key,)).fetchone()) for key in wanted)
    return {key: row[1] for key, row in rows if row and isinstance(row[1], bytes) and crc32(key + row[1]) == row[0]}


def keep(connection: sqlite3.Connection, vectors: Mapping[bytes, bytes]) -> None:
    """Write vectors under their keys."""
    with library.transaction(connection):
        connection.executemany(
            "INSERT OR REPLACE INTO halfway (key, checksum, vector) VALUES (?, ?, ?)",
            [(key, crc32(key + vector), vector) for key, vector in vectors.items()],
        )


def forget(connection: sqlite3.Connection, written: Iterable[bytes]) -> None:
    """Remove the vectors of an article, in the transaction that writes it."""
    connection.executemany("DELETE FROM halfway WHERE key = ?", ((key,) for key in written))
