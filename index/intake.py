"""Which files an update must read: those that are not, byte for byte, as they were when they were last read.

A file is taken for unchanged while its device, inode, size and both its times are what they were; its sidecar's too,
and the way of reading. Whoever sets back a file's own time cannot set back the time of its change of status. A file
that was touched within seconds of being read is not trusted: clocks of file systems are coarse, and it may have been
changed twice within one tick.
"""

import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from zlib import crc32

from index.changes import Item, Kept, Unread
from index.errors import Message
from index.sources.file import SourceFile, Stamp
from index.types import Article, Refused

_SETTLED = 2_000_000_000  # nanoseconds; FAT, the coarsest file system in use, counts in steps of 2 s

Read = Callable[[SourceFile], Iterator[Article | Refused]]


@dataclass(frozen=True, slots=True)
class Known:
    """What a file gave when it was last read: the ids of its articles, and what was refused of it."""

    stamp: str
    articles: tuple[str, ...]
    refused: tuple[Refused, ...] = ()


class Intake:
    """The items of all files, each read only if it must be. `known` is, in the end, what to remember of the files."""

    def __init__(self, remembered: dict[bytes, Known], visible: Set[str], reading: str) -> None:
        self.known: dict[bytes, Known] = {}
        self._remembered, self._visible, self._reading = remembered, visible, reading
        self._first_seen: dict[str, str] = {}

    def items(self, files: Iterable[SourceFile | Refused], read: Read) -> Iterator[Item]:
        """Articles, refusals, and what stays as it is, in the order of the files."""
        for file in files:
            if isinstance(file, Refused):
                yield file
                yield Unread(file.source)
                continue
            stamp = file.stamp()
            known = self._remembered.get(os.fsencode(file.path))
            if known and stamp and known.stamp == self._mark(stamp) and self._still_stands(known):
                yield from self._kept(file, known)
            else:
                yield from self._read(file, stamp, read)

    def _still_stands(self, known: Known) -> bool:
        """Whether the library has its articles, and no file before it has taken one of their ids."""
        return self._visible >= set(known.articles) and self._first_seen.keys().isdisjoint(known.articles)

    def _kept(self, file: SourceFile, known: Known) -> Iterator[Item]:
        self.known[os.fsencode(file.path)] = known
        self._first_seen.update(dict.fromkeys(known.articles, file.id))
        yield Kept(known.articles)
        for refused in known.refused:
            yield from _refusal(file, refused)

    def _read(self, file: SourceFile, stamp: Stamp | None, read: Read) -> Iterator[Item]:
        articles: list[str] = []
        refused: list[Refused] = []
        repeated = False
        for found in read(file):
            if isinstance(found, Article) and found.id in self._first_seen:
                repeated = True
                yield _repeated(found, self._first_seen[found.id])
            elif isinstance(found, Article):
                self._first_seen[found.id] = found.source
                articles.append(found.id)
                yield found
            else:
                refused.append(found)
                yield from _refusal(file, found)
        # What repeats an article of another file must be looked at again, for the other may go.
        settled = stamp is not None and time.time_ns() - stamp.touched > _SETTLED
        if stamp and settled and not repeated and stamp == file.stamp():
            self.known[os.fsencode(file.path)] = Known(self._mark(stamp), tuple(articles), tuple(refused))

    def _mark(self, stamp: Stamp) -> str:
        """A file's status and the way it is read."""
        return f"{self._reading} {stamp.text}"


def _refusal(file: SourceFile, refused: Refused) -> Iterator[Item]:
    """What a refused article, or a part of a file that cannot be told, gave before stays; an empty file gives none."""
    yield refused
    if not refused.gone:
        yield Unread(refused.article_id or file.id)


def _repeated(found: Article, first: str) -> Refused:
    return Refused(
        f"{found.source}:{found.id}" if found.source != found.id else found.source,
        Message(
            f"id {found.id!r} 已在 {first} 中出现；请给每篇文章唯一的 id",
            f"id {found.id!r} stands already in {first}; give every article an id of its own",
        ),
        article_id=found.id,
    )


def load(connection: sqlite3.Connection) -> dict[bytes, Known]:
    """What is remembered of each file, by its path; of a damaged row, nothing."""
    found = connection.execute("SELECT checksum, path, stamp, articles, refused FROM files")
    return {
        path: Known(stamp, tuple(json.loads(articles)), _unpack(refused))
        for checksum, path, stamp, articles, refused in found
        if _checksum(path, stamp, articles, refused) == checksum
    }


def save(connection: sqlite3.Connection, before: dict[bytes, Known], after: dict[bytes, Known]) -> None:
    """Remember the files as they are now, within the caller's transaction."""
    connection.executemany("DELETE FROM files WHERE path = ?", [(path,) for path in before.keys() - after.keys()])
    connection.executemany(
        "INSERT OR REPLACE INTO files (checksum, path, stamp, articles, refused) VALUES (?, ?, ?, ?, ?)",
        [_row(path, known) for path, known in after.items() if before.get(path) != known],
    )


def _row(path: bytes, known: Known) -> tuple[object, ...]:
    columns = path, known.stamp, json.dumps(known.articles), _pack(known.refused)
    return _checksum(*columns), *columns


def _checksum(*columns: object) -> int:
    return crc32(repr(columns).encode("utf-8", "surrogatepass"))


def _pack(refused: tuple[Refused, ...]) -> str:
    return json.dumps([[r.source, r.reason.zh, r.reason.en, r.gone, r.article_id] for r in refused])


def _unpack(packed: str) -> tuple[Refused, ...]:
    return tuple(Refused(source, Message(zh, en), *rest) for source, zh, en, *rest in json.loads(packed))
