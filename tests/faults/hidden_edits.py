"""Ways to change a file and to hide that: its times put back, its size kept, its name given to another."""

import os
from collections.abc import Callable
from pathlib import Path

YEAR_1970, YEAR_2099 = 86_400, 4_073_000_000  # seconds since the epoch


def in_place(path: Path, content: bytes, aside: Path) -> None:
    path.write_bytes(content)


def _times_put_back(path: Path, content: bytes, aside: Path) -> None:
    found = path.stat()
    path.write_bytes(content)
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))


def _some_bytes(path: Path, content: bytes, aside: Path) -> None:
    found = path.stat()
    with path.open("r+b") as file:
        file.write(content)
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))


def _by_rename(path: Path, content: bytes, aside: Path) -> None:
    found = path.stat()
    aside.write_bytes(content)
    os.utime(aside, ns=(found.st_atime_ns, found.st_mtime_ns))
    aside.rename(path)


def _by_link(path: Path, content: bytes, aside: Path) -> None:
    found = path.stat()
    aside.write_bytes(content)
    os.utime(aside, ns=(found.st_atime_ns, found.st_mtime_ns))
    path.unlink()
    os.link(aside, path)


def _by_its_other_name(path: Path, content: bytes, aside: Path) -> None:
    found = path.stat()
    os.link(path, aside)
    aside.write_bytes(content)
    os.utime(aside, ns=(found.st_atime_ns, found.st_mtime_ns))


def _made_again(path: Path, content: bytes, aside: Path) -> None:
    """File systems give the number of a deleted file to the next one."""
    found = path.stat()
    path.unlink()
    path.write_bytes(content)
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))


def _in_1970(path: Path, content: bytes, aside: Path) -> None:
    path.write_bytes(content)
    os.utime(path, (YEAR_1970, YEAR_1970))


def _in_2099(path: Path, content: bytes, aside: Path) -> None:
    path.write_bytes(content)
    os.utime(path, (YEAR_2099, YEAR_2099))


def _an_hour_earlier(path: Path, content: bytes, aside: Path) -> None:
    found = path.stat()
    path.write_bytes(content)
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns - 3600 * 10**9))


WAYS: dict[str, Callable[[Path, bytes, Path], None]] = {
    "in place": in_place,
    "in place, times put back": _times_put_back,
    "bytes of it, times put back": _some_bytes,
    "by rename, times put back": _by_rename,
    "by a link, times put back": _by_link,
    "by its other name, times put back": _by_its_other_name,
    "made again, times put back": _made_again,
    "dated 1970": _in_1970,
    "dated 2099": _in_2099,
    "dated an hour earlier": _an_hour_earlier,
}
