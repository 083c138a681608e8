"""What others say of a file's metadata: a sidecar beside it, and the configuration. Neither looks into the file.

A sidecar that cannot be used refuses its file: it may hold the only word on who may read it.
"""

import errno
import os
import stat
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from index.dates import iso_date
from index.errors import SourceError
from index.globs import matches
from index.sources.file import SIDECAR, SourceFile, unreadable
from index.sources.record import Layer, printable
from index.types import MetadataDefault

_TEXTS = ("title", "publisher", "url", "author")
_KEYS = (*_TEXTS, "published", "groups")
_EXPECTED = {
    "published": ("日期，如 2024-05-06、2024-05 或 2024", "a date such as 2024-05-06, 2024-05 or 2024"),
    "groups": ('名单，如 ["a", "b"]', 'a list of names such as ["a", "b"]'),
    "url": ("http(s) 网址", "an http(s) address"),
}
_MAX_BYTES = 64_000
_NO_SUCH_FILE = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG)


def given(path: Path, id: str, defaults: Sequence[MetadataDefault]) -> tuple[Layer, ...]:
    """The layers of a file that stand before its own: its sidecar's, then the configuration's.

    Raises SourceError, which names the sidecar and the key.
    """
    own = _sidecar(path.with_name(path.name + SIDECAR), id + SIDECAR)
    configured = _configured(id, defaults)
    layers = (Layer("sidecar", own), Layer("configuration", configured))
    return tuple(layer for layer in layers if layer.fields)


def _configured(id: str, defaults: Sequence[MetadataDefault]) -> dict[str, object]:
    """Of each field the first entry whose pattern fits and that has it."""
    fields: dict[str, object] = {}
    for entry in defaults:
        if matches(entry.path, id):
            said = {"publisher": entry.publisher, "published": entry.published, "author": entry.author}
            groups = {} if entry.groups is None else {"groups": list(entry.groups)}
            fields = {key: value for key, value in said.items() if value} | groups | fields
    return fields


def _sidecar(path: Path, name: str) -> dict[str, object]:
    """The fields of a sidecar, checked; none if there is no such file."""
    data = _read(path, name)
    if data is None:
        return {}
    try:
        fields = tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        cause = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise SourceError(
            f"{name} 不是合法的 TOML（{cause}）；请改正它",
            f"{name} is not valid TOML ({cause}); mend it",
        ) from None
    return {key: _checked(key, value, name) for key, value in fields.items()}


def _read(path: Path, name: str) -> bytes | None:
    """The bytes of a sidecar that is a regular file itself: a link might lead out of the folder."""
    try:
        seen = os.lstat(path)
    except OSError as error:
        if error.errno in _NO_SUCH_FILE:
            return None
        raise _named(name, unreadable(error)) from None
    if not stat.S_ISREG(seen.st_mode):
        raise SourceError(
            f"{name} 不是普通文件（是链接、目录或管道）；请放一份文件",
            f"{name} is not a regular file but a link, folder or pipe; put a file in its place",
        )
    try:
        with SourceFile(path, name).opened() as stream:
            is_same = os.path.samestat(seen, os.fstat(stream.fileno()))
            data = stream.read(_MAX_BYTES + 1)
    except OSError as error:
        raise _named(name, unreadable(error)) from None
    except SourceError as error:
        raise _named(name, error) from None
    if not is_same or len(data) > _MAX_BYTES:
        raise SourceError(
            f"{name} 读取时被换掉或超过 64 KB；请检查它",
            f"{name} was changed while it was read, or is larger than 64 KB; check it",
        )
    return data


def _checked(key: str, value: object, name: str) -> object:
    """A field's value; raises SourceError for a key that is none of ours or a value of the wrong kind."""
    if key not in _KEYS:
        names = ", ".join(_KEYS)
        raise SourceError(
            f"{name} 里有不认识的项 {key}：可用的是 {names}",
            f"{name}: unknown key {key}: there are {names}",
        )
    known = _published(value) if key == "published" else value
    if not _is_fit(key, known):
        raise _wrong(key, value, name)
    return known


def _published(value: object) -> str | None:
    """TOML has dates and numbers besides texts."""
    if isinstance(value, bool) or not isinstance(value, str | int | date):
        return None
    if isinstance(value, int) and not 0 < value <= 9999:
        return None
    return iso_date(value.isoformat() if isinstance(value, date) else str(value))


def _is_fit(key: str, value: object) -> bool:
    if key == "groups":
        return isinstance(value, list) and all(isinstance(name, str) and printable(name) for name in value)
    if not isinstance(value, str) or not printable(value):
        return False
    return key != "url" or value.startswith(("http://", "https://"))


def _wrong(key: str, value: object, name: str) -> SourceError:
    zh, en = _EXPECTED.get(key, ("文字", "a text"))
    try:
        shown = printable(str(value))[:40]
    except ValueError:  # a number of thousands of digits
        shown = type(value).__name__
    return SourceError(
        f"{name} 里的 {key} = {shown} 不对：应为{zh}",
        f"{name}: {key} = {shown} is wrong: expected {en}",
    )


def _named(name: str, error: SourceError) -> SourceError:
    return SourceError(f"{name}：{error.message.zh}", f"{name}: {error.message.en}")
