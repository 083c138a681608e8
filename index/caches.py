"""The caches of one generation, built from the library into a folder of their own.

A generation's folder is written under another name, synced and renamed; what it must hash to stands in the library. A
reader keeps a shared lock beside the folder it reads, and only a folder that nobody reads is removed.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import durable, lexical, library, rows, vectors
from index.fold import fold
from index.lexical import Lexical
from index.tokens import Words
from index.vectors import Vectors

_FOLDER = "generations"
_TITLE_CHARS = 200  # a title goes into every passage of its article: a long one must not multiply
_REWORDED = 256  # articles a transaction


@dataclass(frozen=True, slots=True)
class CacheHashes:
    """The sha256 of each cache of a generation."""

    vectors: str
    lexical: str


@dataclass(frozen=True, slots=True)
class Caches:
    """The opened caches of a generation."""

    vectors: Vectors
    lexical: Lexical


def folder(home: Path, generation: int) -> Path:
    """Where the caches of a generation lie."""
    return home / _FOLDER / f"{generation:08d}"


def search_text(title: str, heading: str | None, text: str) -> str:
    """What a passage is found by, folded: its article's title, its heading and its text."""
    return fold(" ".join(part for part in (title[:_TITLE_CHARS], heading, text) if part))


def build(
    home: Path, connection: sqlite3.Connection, *, generation: int, extends: int, dim: int, words: Words
) -> CacheHashes:
    """Build the caches of `generation` in place. They start from those of `extends`; 0: they are made anew.

    Raises LibraryDamaged where a row of the library is not what was written.
    """
    target = folder(home, generation)
    work = target.with_suffix(".tmp")
    shutil.rmtree(work, ignore_errors=True)
    work.parent.mkdir(mode=0o700, exist_ok=True)
    work.mkdir(mode=0o700)
    previous = folder(home, extends) if extends else None
    gone = struck(connection, generation) if extends else []
    try:
        _reword(connection, generation, words)
        made = CacheHashes(
            vectors.build(work, dim, previous, _vectors(home, connection, extends, generation), gone),
            lexical.build(work, previous, _added(home, connection, extends, generation), gone),
        )
        durable.sync_folder(work)
        shutil.rmtree(target, ignore_errors=True)
        work.rename(target)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)  # on a full disk, room for the next attempt
        raise
    _lock_file(home, generation).touch(mode=0o600)
    durable.sync_folder(target.parent)
    return made


def intact(home: Path, generation: int, expected: CacheHashes) -> bool:
    """Whether the caches on disk are those that the library names."""
    where = folder(home, generation)
    return expected == CacheHashes(durable.file_sha256(where / vectors.FILE), lexical.files_sha256(where))


def opened(home: Path, generation: int, expected: CacheHashes) -> Caches | None:
    """The caches, or None where they must be built again: missing, damaged, or of another release of FAISS."""
    if not intact(home, generation, expected):
        return None
    try:
        return Caches(Vectors(folder(home, generation)), Lexical(folder(home, generation)))
    except (RuntimeError, ValueError):
        return None


def hold(home: Path, generation: int) -> int | None:
    """A reader's lock on a generation: a descriptor to close, or None while it is being removed."""
    if not folder(home, generation).parent.is_dir():
        return None
    return durable.try_lock(_lock_file(home, generation), shared=True)


def numbers(home: Path) -> set[int]:
    """The generations that have a folder or a lock."""
    where = home / _FOLDER
    return {int(path.stem) for path in where.iterdir() if path.stem.isdigit()} if where.is_dir() else set()


def remove_unread(home: Path, connection: sqlite3.Connection, *, keep: int) -> int:
    """Remove the generations but `keep` that nobody reads, with their rows; returns the oldest that is still read."""
    oldest = keep
    for path in (home / _FOLDER).glob("*.tmp"):
        shutil.rmtree(path)
    for number in numbers(home) - {keep}:
        lock_file = _lock_file(home, number)
        with durable.exclusive(lock_file) as free:
            if free:
                if folder(home, number).exists():
                    shutil.rmtree(folder(home, number))
                lock_file.unlink()
            else:
                oldest = min(oldest, number)
    with library.transaction(connection):
        library.delete(connection, "died <= ?", oldest)
        connection.execute("DELETE FROM generations WHERE number < ?", (oldest,))
        connection.execute("DELETE FROM reprints WHERE generation < ?", (oldest,))
    return oldest


def _lock_file(home: Path, generation: int) -> Path:
    return folder(home, generation).with_suffix(".lock")


def struck(connection: sqlite3.Connection, generation: int) -> list[int]:
    """The passages that go with `generation`."""
    query = "SELECT p.row FROM passages p JOIN articles a ON a.row = p.article WHERE a.died = ?"
    return [row for (row,) in connection.execute(query, (generation,))]


def _vectors(
    home: Path, connection: sqlite3.Connection, extends: int, generation: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
    cursor = connection.execute(
        f"SELECT p.row, p.checksum, {rows.CHECKED} FROM passages p JOIN articles a ON a.row = p.article"
        f" WHERE {library.VISIBLE} AND a.born > :extends ORDER BY p.row",
        {"g": generation, "extends": extends},
    )
    while block := cursor.fetchmany(vectors.BLOCK):
        if not all(rows.is_sound(checksum, fields) for _, checksum, *fields in block):
            raise library.damaged(home, "a passage's checksum")
        stacked = np.frombuffer(b"".join(fields[-1] for fields in block), dtype=np.float16)
        yield (
            np.array([fields[0] for fields in block], dtype=np.int64),
            stacked.reshape(len(block), -1).astype(np.float32),
        )


def _added(home: Path, connection: sqlite3.Connection, extends: int, generation: int) -> Iterator[lexical.Entry]:
    found = connection.execute(
        "SELECT p.row, p.words, p.words_checksum, a.row FROM passages p JOIN articles a ON a.row = p.article"
        f" WHERE {library.VISIBLE} AND a.born > :extends ORDER BY p.row",
        {"g": generation, "extends": extends},
    )
    for row, words, checksum, article in found:
        if rows.words_checksum(words) != checksum:
            raise library.damaged(home, f"the words of passage {row}")
        yield lexical.Entry(row, words, article)


def _reword(connection: sqlite3.Connection, generation: int, words: Words) -> None:
    """Cut the passages into words again whose words another dictionary gave."""
    query = f"SELECT a.row FROM articles a WHERE {library.VISIBLE} AND a.dictionary != :d LIMIT {_REWORDED}"
    while articles := connection.execute(query, {"g": generation, "d": words.sha256}).fetchall():
        with library.transaction(connection):
            for (article,) in articles:
                passages = connection.execute(
                    "SELECT a.title, p.heading, p.text, p.row FROM passages p JOIN articles a ON a.row = p.article"
                    " WHERE a.row = ?",
                    (article,),
                ).fetchall()
                cut = ((" ".join(words(search_text(*parts))), row) for *parts, row in passages)
                connection.executemany(
                    "UPDATE passages SET words = ?, words_checksum = ? WHERE row = ?",
                    [(text, rows.words_checksum(text), row) for text, row in cut],
                )
                connection.execute("UPDATE articles SET dictionary = ? WHERE row = ?", (words.sha256, article))
