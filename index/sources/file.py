"""One file on disk, opened with care: regular files only, never blocking on a pipe, never beyond a size."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from index.errors import SourceError
from index.sources.record import Layer

MAX_BYTES = 100_000_000  # for formats that are read whole


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read, and the id its article gets: the POSIX path below the folder the user gave.

    `given` is what a sidecar and the configuration say of its metadata; it counts before what the file says itself.
    """

    path: Path
    id: str
    given: tuple[Layer, ...] = ()

    def open(self) -> BinaryIO:
        """The file opened for reading bytes. Raises SourceError, also for pipes, sockets and devices."""
        try:
            handle = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise unreadable(error) from None
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise SourceError(
                "不是普通文件，已跳过；请换成普通文件",
                "not a regular file, skipped; put a regular file in its place",
            )
        return os.fdopen(handle, "rb")

    def read(self) -> bytes:
        """All bytes. Raises SourceError if it cannot be read or is larger than MAX_BYTES."""
        try:
            with self.open() as stream:
                data = stream.read(MAX_BYTES + 1)
        except OSError as error:
            raise unreadable(error) from None
        if len(data) > MAX_BYTES:
            raise SourceError(
                "文件超过 100 MB;请拆成小文件或改用 JSON Lines",
                "larger than 100 MB; split it, or use JSON Lines",
            )
        return data


def unreadable(error: OSError) -> SourceError:
    """An operating system's refusal in words for the user."""
    cause = error.strerror or str(error)
    return SourceError(
        f"无法读取（{cause}）；请检查文件及其权限",
        f"cannot be read ({cause}); check the file and its permissions",
    )
