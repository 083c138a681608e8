"""A gold set: JSON Lines → GoldItem, with an error that names file, line and field."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eval.types import Evidence, GoldItem
from index.errors import GoldError
from rag.types import Turn


class _Unfit(Exception):
    """A field that is not as it must be: what was expected, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.zh, self.en = zh, en


def read_gold(path: Path) -> tuple[GoldItem, ...]:
    """The items of a file in order; blank lines and unknown fields are passed over.

    Raises GoldError if the file cannot be read, holds no item, a line is no item or an id stands twice.
    """
    items: dict[str, GoldItem] = {}
    for number, line in _lines(path):
        try:
            item = _item(_record(line))
            if item.id in items:
                raise _Unfit(
                    f"id {item.id!r} 重复：每题要有唯一的 id", f"id {item.id!r} stands twice: give each its own"
                )
        except _Unfit as error:
            raise GoldError(f"{path} 第 {number} 行：{error.zh}", f"{path} line {number}: {error.en}") from None
        items[item.id] = item
    if not items:
        raise GoldError(f"{path} 里没有题目：每行写一题 JSON", f"{path} holds no item: write one JSON object a line")
    return tuple(items.values())


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, numbered from 1."""
    try:
        with path.open(encoding="utf-8-sig") as lines:
            yield from ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    except OSError as error:
        raise GoldError(
            f"读不了题集 {path}（{error.strerror}）：请检查路径",
            f"cannot read the gold set {path} ({error.strerror}): check the path",
        ) from error
    except UnicodeDecodeError as error:
        raise GoldError(f"{path} 不是 UTF-8：请另存为 UTF-8", f"{path} is not UTF-8: save it as UTF-8") from error


def _record(line: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _Unfit(f"不是合法的 JSON（{error}）", f"not valid JSON ({error})") from None
    if not isinstance(record, dict):
        raise _Unfit('应为 {"id": …, "question": …}', 'expected {"id": …, "question": …}')
    return record


def _item(record: dict[str, Any]) -> GoldItem:
    answerable = record.get("answerable", True)
    if not isinstance(answerable, bool):
        raise _wrong("answerable", "true / false")
    return GoldItem(
        id=_text("id", record.get("id")),
        kind=_text("type", record.get("type", "-")),
        question=_text("question", record.get("question")),
        answerable=answerable,
        answer=_text("answer", record.get("answer") or "-"),
        must=tuple(_texts("must", alternatives) for alternatives in _list("must", record.get("must"))),
        must_not=_texts("must_not", record.get("must_not")),
        sources=_texts("sources", record.get("sources")),
        evidence=_evidence(record.get("evidence")),
        history=tuple(_turn(turn) for turn in _list("history", record.get("history"))),
    )


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _wrong(name, '"…"')
    return value


def _list(name: str, value: object) -> list[Any]:
    if value is not None and not isinstance(value, list):
        raise _wrong(name, '[["…", "…"], …]' if name == "must" else "[…]")
    return value or []


def _texts(name: str, value: object) -> tuple[str, ...]:
    return tuple(_text(name, text) for text in _list(name, value))


def _evidence(value: object) -> tuple[Evidence, ...]:
    if value is not None and not isinstance(value, dict):
        raise _wrong("evidence", '{"001": "…"}')
    return tuple(Evidence(source, _text("evidence", quote)) for source, quote in (value or {}).items())


def _turn(value: object) -> Turn:
    if not isinstance(value, dict):
        raise _wrong("history", '[{"q": "…", "a": "…"}]')
    return Turn(_text("history.q", value.get("q")), _text("history.a", value.get("a")))


def _wrong(name: str, wanted: str) -> _Unfit:
    return _Unfit(f"{name} 缺失或不对：应为 {wanted}", f"{name} is missing or wrong: expected {wanted}")
