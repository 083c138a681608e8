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

from index import durable, lexical, library, vectors
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
    """Build the caches of `generation` in place. The word index extends that of another one; 0: it is made anew."""
    target = folder(home, generation)
    work = target.with_suffix(".tmp")
    shutil.rmtree(work, ignore_errors=True)
    work.parent.mkdir(mode=0o700, exist_ok=True)
    work.mkdir(mode=0o700)
    try:
        _reword(connection, generation, words)
        made = CacheHashes(
            vectors.build(work, dim, _vectors(connection, generation)),
            lexical.build(work, folder(home, extends) if extends else None, _added(connection, extends, generation)),
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
    return expected == CacheHashes(
        durable.file_sha256(where / vectors.FILE), durable.folder_sha256(where / lexical.FOLDER)
    )


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


def remove_unread(home: Path, *, keep: int) -> int:
    """Remove the generations but `keep` that nobody reads; returns the oldest that is still read."""
    oldest = keep
    for path in (home / _FOLDER).glob("*.tmp"):
        shutil.rmtree(path)
    for number in {int(path.stem) for path in (home / _FOLDER).iterdir() if path.stem.isdigit()} - {keep}:
        lock_file = _lock_file(home, number)
        with durable.exclusive(lock_file) as free:
            if free:
                if folder(home, number).exists():
                    shutil.rmtree(folder(home, number))
                lock_file.unlink()
            else:
                oldest = min(oldest, number)
    return oldest


def _lock_file(home: Path, generation: int) -> Path:
    return folder(home, generation).with_suffix(".lock")


def _vectors(
    connection: sqlite3.Connection, generation: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
    cursor = connection.execute(
        f"SELECT p.row, p.vector FROM passages p JOIN articles a ON a.row = p.article WHERE {library.VISIBLE}"
        " ORDER BY p.row",
        {"g": generation},
    )
    while block := cursor.fetchmany(vectors.BLOCK):
        stacked = np.frombuffer(b"".join(vector for _, vector in block), dtype=np.float16)
        yield (
            np.array([row for row, _ in block], dtype=np.int64),
            stacked.reshape(len(block), -1).astype(np.float32),
        )


def _added(connection: sqlite3.Connection, extends: int, generation: int) -> Iterator[lexical.Entry]:
    found = connection.execute(
        "SELECT p.row, p.words, a.groups FROM passages p JOIN articles a ON a.row = p.article"
        f" WHERE {library.VISIBLE} AND a.born > :extends ORDER BY p.row",
        {"g": generation, "extends": extends},
    )
    for row, words, groups in found:
        yield lexical.Entry(row, words, library.unpack(groups))


def _reword(connection: sqlite3.Connection, generation: int, words: Words) -> None:
    """Cut the passages into words again whose words another dictionary gave."""
    query = f"SELECT a.row FROM articles a WHERE {library.VISIBLE} AND a.dictionary != :d LIMIT {_REWORDED}"
    while rows := connection.execute(query, {"g": generation, "d": words.sha256}).fetchall():
        with library.transaction(connection):
            for (article,) in rows:
                passages = connection.execute(
                    "SELECT a.title, p.heading, p.text, p.row FROM passages p JOIN articles a ON a.row = p.article"
                    " WHERE a.row = ?",
                    (article,),
                ).fetchall()
                connection.executemany(
                    "UPDATE passages SET words = ? WHERE row = ?",
                    [(" ".join(words(search_text(*parts))), row) for *parts, row in passages],
                )
                connection.execute("UPDATE articles SET dictionary = ? WHERE row = ?", (words.sha256, article))
