"""What goes over the pipes between the reader of files and its child process: lines of JSON, checked as they arrive.

The child reads hostile files and may have been taken over by one: nothing it says is believed unseen.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast, get_args

from index.config import ReadConfig
from index.errors import Message
from index.sources.file import SourceFile
from index.sources.record import Layer
from index.types import Article, MetadataDefault, Origin, Refused, Where

OUT_OF_MEMORY = 12  # the exit status of a child that met its limit: ENOMEM
_WHERES = frozenset(get_args(Where))


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one article may cost.

    `seconds` without an article: the slowest good files, PDFs of 1,000 pages, take some 20. `memory` in bytes beyond
    what the child has at its start (0.04 GB): together they stay below 1 GB.
    """

    seconds: float = 60.0
    memory: int = 950_000_000


def opening(config: ReadConfig, limits: Limits) -> bytes:
    """The first line to a child."""
    return _line({"config": asdict(config), "limits": asdict(limits)})


def parse_opening(line: bytes) -> tuple[ReadConfig, Limits]:
    """The inverse of `opening`."""
    record = json.loads(line)
    config = record["config"]
    metadata = tuple(map(_default, config["metadata"]))
    return ReadConfig(csv=config["csv"], readers=config["readers"], metadata=metadata), Limits(**record["limits"])


def request(file: SourceFile) -> bytes:
    """The line that asks for a file."""
    given = [{"where": layer.where, "fields": dict(layer.fields)} for layer in file.given]
    return _line({"path": str(file.path.absolute()), "id": file.id, "given": given})


def parse_request(line: bytes) -> SourceFile:
    """The inverse of `request`."""
    record = json.loads(line)
    given = tuple(Layer(layer["where"], layer["fields"]) for layer in record["given"])
    return SourceFile(Path(record["path"]), record["id"], given)


def reply(found: Article | Refused) -> bytes:
    """The line that gives an article, or says why there is none."""
    if isinstance(found, Refused):
        reason = {"zh": found.reason.zh, "en": found.reason.en}
        return _line({"source": found.source, "reason": reason, "gone": found.gone, "article_id": found.article_id})
    return _line(
        {
            "id": found.id,
            "title": found.title,
            "text": found.text,
            "publisher": found.publisher,
            "published": found.published,
            "url": found.url,
            "groups": found.groups,
            "author": found.author,
            "origins": [(origin.field, origin.where) for origin in found.origins],
        }
    )


def parse_reply(line: bytes, source: str) -> Article | Refused:
    """The inverse of `reply`, for the file whose id is `source`. Raises ValueError for what is no reply."""
    record = json.loads(line)
    if not isinstance(record, dict):
        raise ValueError("not an object")
    if "reason" in record:
        return _refused(record)
    return Article(
        id=_text(record, "id"),
        title=_text(record, "title"),
        text=_text(record, "text"),
        source=source,
        publisher=_text_or_none(record, "publisher"),
        published=_text_or_none(record, "published"),
        url=_text_or_none(record, "url"),
        groups=tuple(_checked(name) for name in _list(record, "groups")),
        author=_text_or_none(record, "author"),
        origins=tuple(map(_origin, _list(record, "origins"))),
    )


def _default(record: Mapping[str, Any]) -> MetadataDefault:
    groups = record["groups"]
    return MetadataDefault(**{**record, "groups": None if groups is None else tuple(groups)})


def _refused(record: Mapping[str, object]) -> Refused:
    reason = record["reason"]
    if not isinstance(reason, dict):
        raise ValueError("reason")
    message = Message(_text(reason, "zh"), _text(reason, "en"))
    return Refused(_text(record, "source"), message, record.get("gone") is True, _text_or_none(record, "article_id"))


def _origin(pair: object) -> Origin:
    if not isinstance(pair, list) or len(pair) != 2 or _checked(pair[1]) not in _WHERES:
        raise ValueError("origins")
    return Origin(_checked(pair[0]), cast(Where, pair[1]))


def _text(record: Mapping[str, object], key: str) -> str:
    return _checked(record.get(key))


def _text_or_none(record: Mapping[str, object], key: str) -> str | None:
    return None if record.get(key) is None else _checked(record.get(key))


def _checked(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"not a text: {type(value).__name__}")
    return value


def _list(record: Mapping[str, object], key: str) -> list[object]:
    value = record.get(key)
    if not isinstance(value, list):
        raise ValueError(key)
    return value


def _line(record: Mapping[str, object]) -> bytes:
    return json.dumps(record, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass") + b"\n"
