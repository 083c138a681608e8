"""A folder → its files in a fixed order, with what must not be followed named and left out.

Ignored quietly: hidden files, editors' and systems' litter, what belongs to a file beside it (its sidecar, the images
and scripts of a saved page), and the index's own folder.
"""

import os
import re
import stat
from collections.abc import Iterator, Set
from pathlib import Path

from index.errors import Message
from index.sources.file import SIDECAR, SourceFile
from index.types import Refused

# Control characters, lone surrogates (bytes that are not UTF-8), and marks that reverse how a name reads.
_UNNAMEABLE = re.compile("[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_JUNK_NAMES = frozenset({"thumbs.db", "desktop.ini"})
_JUNK_ENDS = (".swp", ".swo", "~", ".tmp", ".part", ".crdownload")

_OUTSIDE = Message(
    "链接指向文件夹之外，已跳过；请把文件复制进来", "a link out of the folder, skipped; copy the file into it"
)
_BROKEN = Message("链接已断或成环，已跳过；请删去该链接", "a broken or circular link, skipped; remove it")
_LINKED_FOLDER = Message(
    "链接指向同一文件夹内的目录，已跳过；目录会以本名读取",
    "a link to a folder in the same place, skipped; the folder is read under its own name",
)
_SPECIAL = Message(
    "不是普通文件（管道、套接字或设备），已跳过；请移走",
    "not a regular file (pipe, socket or device), skipped; move it away",
)
_NAME = Message(
    "文件名含控制字符或不是合法的 UTF-8；请改名",
    "the name holds control characters or is not UTF-8; rename it",
)
_UNLISTED = Message("无法列出该目录；请检查权限", "the folder cannot be listed; check its permissions")
_LONE_SIDECAR = Message(
    "元数据文件旁没有它所描述的文件；请改名或删去",
    "metadata of a file that is not beside it; rename or remove it",
)


def given_file(path: Path) -> SourceFile | Refused:
    """A file that the user named: its name is its id."""
    return SourceFile(path, path.name) if _is_nameable(path.name) else Refused(_printable(path.name), _NAME)


def walk(root: Path, *, skip: Path | None = None) -> Iterator[SourceFile | Refused]:
    """The files below `root`, sorted by path. Links are read only where they lead to a file inside `root`.

    `skip` is a folder that is left out without a word, such as the index's own.
    """
    root = Path(os.path.realpath(root))
    skipped = Path(os.path.realpath(skip)) if skip else None
    stack = [iter((root,))]  # not recursion: how deep folders lie is the disk's affair
    while stack:
        path = next(stack[-1], None)
        if path is None:
            stack.pop()
            continue
        if path == skipped:
            continue
        found = _judge(root, path)
        if found == "folder":
            try:
                stack.append(iter(_entries(path)))
            except OSError:
                yield Refused(_shown(root, path), _UNLISTED)
        elif isinstance(found, Message):
            yield Refused(_shown(root, path), found)
        else:
            yield SourceFile(path, _shown(root, path))


def _entries(folder: Path) -> list[Path]:
    """What counts in a folder."""
    names = set(os.listdir(folder))
    return [folder / name for name in sorted(names) if not is_junk(name) and not _belongs_to_another(name, names)]


def _belongs_to_another(name: str, names: Set[str]) -> bool:
    """Whether a name is that of a sidecar, or of the folder that a browser saves beside a page."""
    if name.endswith(SIDECAR):
        return name.removesuffix(SIDECAR) in names
    page = name.removesuffix("_files").removesuffix(".files")
    return page != name and not names.isdisjoint({f"{page}.html", f"{page}.htm", f"{page}.xhtml"})


def is_junk(name: str) -> bool:
    """Files that are nobody's article: ignored quietly."""
    low = name.lower()
    return low.startswith((".", "~$")) or low.endswith(_JUNK_ENDS) or low in _JUNK_NAMES


def _judge(root: Path, path: Path) -> str | Message:
    """ "file", "folder", or why neither."""
    if not _is_nameable(path.name):
        return _NAME
    if path.name.endswith(SIDECAR):
        return _LONE_SIDECAR
    try:
        mode = os.lstat(path).st_mode
        if stat.S_ISLNK(mode):
            return _judge_link(root, path)
    except OSError:
        return "file"  # gone meanwhile: opening it says so
    if stat.S_ISDIR(mode):
        return "folder"
    return "file" if stat.S_ISREG(mode) else _SPECIAL


def _judge_link(root: Path, path: Path) -> str | Message:
    try:
        target = Path(os.path.realpath(path, strict=True))
        mode = target.stat().st_mode
    except OSError:
        return _BROKEN
    if not target.is_relative_to(root):
        return _OUTSIDE
    if stat.S_ISDIR(mode):
        return _BROKEN if path.is_relative_to(target) else _LINKED_FOLDER
    return "file" if stat.S_ISREG(mode) else _SPECIAL


def _is_nameable(name: str) -> bool:
    return not _UNNAMEABLE.search(name)


def _shown(root: Path, path: Path) -> str:
    """The POSIX path below the folder, fit to print."""
    return _printable(str(path).removeprefix(str(root)).lstrip("/") or ".")


def _printable(name: str) -> str:
    """A name with what would refuse it written as escapes."""
    if _is_nameable(name):
        return name
    return "".join(char if _is_nameable(char) else repr(char)[1:-1] for char in name)
