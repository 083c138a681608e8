"""One file on disk, opened with care: regular files only, never blocking on a pipe, never beyond a size."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from index.errors import SourceError
from index.sources.record import Layer

MAX_BYTES = 100_000_000  # for formats that are read whole
SIDECAR = ".meta.toml"  # a.pdf.meta.toml holds the metadata of a.pdf


@dataclass(frozen=True, slots=True)
class Stamp:
    """The status of a file and its sidecar as text, and when either was last touched, in nanoseconds since 1970."""

    text: str
    touched: int


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read, and the id its article gets: the POSIX path below the folder the user gave.

    `given` is what a sidecar and the configuration say of its metadata; it counts before what the file says itself.
    """

    path: Path
    id: str
    given: tuple[Layer, ...] = ()

    @property
    def sidecar(self) -> Path:
        """Where its sidecar would lie."""
        return self.path.with_name(self.path.name + SIDECAR)

    def stamp(self) -> Stamp | None:
        """What changes whenever the file or its sidecar does; None if the file cannot be looked at.

        Take it before reading: what is written meanwhile then has another.
        """
        try:
            own = _status(self.path)
        except OSError:
            return None
        try:
            beside = _status(self.sidecar)
        except OSError:  # there is none, or its name would be too long for one
            return Stamp(f"{own}", max(own[-2:]))
        return Stamp(f"{own} {beside}", max(*own[-2:], *beside[-2:]))

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """The file opened for reading bytes. Raises SourceError, also for pipes, sockets and devices.

        Raises it at the end if the file was changed meanwhile: what was read may be half old and half new.
        """
        try:
            handle = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise unreadable(error) from None
        with os.fdopen(handle, "rb") as stream:
            before = os.fstat(handle)
            if not stat.S_ISREG(before.st_mode):
                raise SourceError(
                    "不是普通文件，已跳过；请换成普通文件",
                    "not a regular file, skipped; put a regular file in its place",
                )
            yield stream
            after = os.fstat(handle)
            if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
                raise SourceError(
                    "读取时文件被改动；请等写完后重新索引",
                    "was changed while it was read; index again when it is written",
                )

    def read(self) -> bytes:
        """All bytes. Raises SourceError if it cannot be read or is larger than MAX_BYTES."""
        try:
            with self.opened() as stream:
                if os.fstat(stream.fileno()).st_size > MAX_BYTES:
                    raise _too_large()
                data = stream.read(MAX_BYTES + 1)
        except OSError as error:
            raise unreadable(error) from None
        if len(data) > MAX_BYTES:
            raise _too_large()
        return data


def unreadable(error: OSError) -> SourceError:
    """An operating system's refusal in words for the user."""
    cause = error.strerror or str(error)
    return SourceError(
        f"无法读取（{cause}）；请检查文件及其权限",
        f"cannot be read ({cause}); check the file and its permissions",
    )


def _status(path: Path) -> tuple[int, ...]:
    """Device, inode, mode, size, and the times of its content and of its status in nanoseconds."""
    s = path.stat()
    return s.st_dev, s.st_ino, s.st_mode, s.st_size, s.st_mtime_ns, s.st_ctime_ns


def _too_large() -> SourceError:
    return SourceError(
        "文件超过 100 MB；请拆成小文件或改用 JSON Lines", "larger than 100 MB; split it, or use JSON Lines"
    )
