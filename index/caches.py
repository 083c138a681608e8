"""The caches of one generation, built from the library into a folder of their own.

A generation's folder is written under another name, synced and renamed; what it must hash to stands in the library. A
reader keeps a shared lock on the folder it reads, and only a folder that nobody reads is removed.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import durable, lexical, vectors
from index.fold import fold
from index.tokens import Words

_LIVE = "a.born <= :g AND (a.died IS NULL OR a.died > :g)"


@dataclass(frozen=True, slots=True)
class CacheHashes:
    """The sha256 of each cache of a generation."""

    vectors: str
    lexical: str


def folder(home: Path, generation: int) -> Path:
    """Where the caches of a generation lie."""
    return home / "generations" / f"{generation:08d}"


def search_text(title: str, heading: str | None, text: str) -> str:
    """What a passage is found by, folded: its article's title, its heading and its text."""
    return fold(" ".join(part for part in (title, heading, text) if part))


def build(
    home: Path, library: sqlite3.Connection, *, generation: int, previous: int, dim: int, words: Words
) -> CacheHashes:
    """Build the caches of `generation` in place, from those of `previous` (0: from nothing)."""
    target = folder(home, generation)
    work = target.with_suffix(".tmp")
    for leftover in (target, work):
        shutil.rmtree(leftover, ignore_errors=True)
    work.mkdir(parents=True)
    made = CacheHashes(
        vectors.build(work, dim, _vectors(library, generation)),
        lexical.build(
            work,
            folder(home, previous) if previous else None,
            _removed(library, previous, generation),
            _added(library, previous, generation, words),
        ),
    )
    durable.sync_folder(work)
    work.rename(target)
    durable.sync_folder(target.parent)
    return made


def intact(home: Path, generation: int, expected: CacheHashes) -> bool:
    """Whether the caches on disk are those that the library names."""
    where = folder(home, generation)
    return expected == CacheHashes(
        durable.file_sha256(where / vectors.FILE), durable.folder_sha256(where / lexical.FOLDER)
    )


def hold(home: Path, generation: int) -> int | None:
    """A reader's lock on a generation's folder: a descriptor to close, or None if the folder is gone."""
    try:
        return durable.try_lock(folder(home, generation) / "reader.lock", shared=True)
    except FileNotFoundError:
        return None


def remove_unread(home: Path, *, before: int) -> int:
    """Remove the folders of generations before `before` that nobody reads; returns the oldest that is still read."""
    oldest = before
    for path in sorted((home / "generations").iterdir(), reverse=True):
        number = int(path.stem) if path.stem.isdigit() else before
        if number >= before and path.suffix != ".tmp":
            continue
        with durable.exclusive(path / "reader.lock") as free:
            if free:
                gone = path.rename(path.with_suffix(".tmp"))
                shutil.rmtree(gone)
            else:
                oldest = min(oldest, number)
    return oldest


def _vectors(library: sqlite3.Connection, generation: int) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
    cursor = library.execute(
        f"SELECT p.row, p.vector FROM passages p JOIN articles a ON a.row = p.article WHERE {_LIVE}",
        {"g": generation},
    )
    while block := cursor.fetchmany(vectors.BLOCK):
        stacked = np.frombuffer(b"".join(vector for _, vector in block), dtype=np.float16)
        yield (
            np.array([row for row, _ in block], dtype=np.int64),
            stacked.reshape(len(block), -1).astype(np.float32),
        )


def _removed(library: sqlite3.Connection, previous: int, generation: int) -> Iterator[int]:
    found = library.execute(
        "SELECT p.row FROM passages p JOIN articles a ON a.row = p.article"
        " WHERE a.born <= ? AND a.died > ? AND a.died <= ?",
        (previous, previous, generation),
    )
    yield from (row for (row,) in found)


def _added(library: sqlite3.Connection, previous: int, generation: int, words: Words) -> Iterator[lexical.Entry]:
    found = library.execute(
        "SELECT p.row, a.title, p.heading, p.text, a.groups FROM passages p JOIN articles a ON a.row = p.article"
        f" WHERE {_LIVE} AND a.born > :p ORDER BY p.row",
        {"g": generation, "p": previous},
    )
    for row, title, heading, text, groups in found:
        yield lexical.Entry(row, words(search_text(title, heading, text)), tuple(groups.split("\n")) if groups else ())
