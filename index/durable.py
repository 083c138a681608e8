"""Files that survive a crash: synced before they are named, hashed so that damage shows, locked by the kernel."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import file_digest, sha256
from pathlib import Path


def write(path: Path, content: memoryview | bytes) -> None:
    """Write and sync one file. A full disk raises OSError: nothing is cut off silently."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync(path: Path) -> None:
    """Make the content of a file durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def link(source: Path, target: Path) -> None:
    """A second name for a file; a copy, where the file system has no such names."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
        sync(target)


def file_sha256(path: Path) -> str:
    """Hex sha256 of a file; of nothing, if there is no such file."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def folder_sha256(folder: Path) -> str:
    """Hex sha256 over names and contents of the files of a flat folder; lock files do not count."""
    if not folder.is_dir():
        return ""
    files = sorted(p for p in folder.iterdir() if p.is_file() and not p.name.endswith(".lock"))
    return sha256("".join(f"{p.name} {file_sha256(p)}\n" for p in files).encode()).hexdigest()


def try_lock(path: Path, *, shared: bool = False) -> int | None:
    """A kernel lock on a file: its descriptor, or None while another process or reader holds it.

    The file is made where it is missing; a shared lock on one that is there needs no permission to write. Closing the
    descriptor gives the lock back, and so does the end of the process, however it ends.
    """
    flags = os.O_RDONLY if shared and path.exists() else os.O_RDWR | os.O_CREAT
    descriptor = os.open(path, flags | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


@contextmanager
def held(descriptor: int) -> Iterator[None]:
    """Give a lock back after the block."""
    try:
        yield
    finally:
        os.close(descriptor)


@contextmanager
def exclusive(path: Path) -> Iterator[bool]:
    """Hold the lock for a block. Gives False, and no lock, when it is taken."""
    descriptor = try_lock(path)
    if descriptor is None:
        yield False
        return
    with held(descriptor):
        yield True
