"""Labelled fields: 来源：某报 作者：张三 发布时间：2024-05-06, in any order and several on a line."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from index.metadata.page import Line
from index.metadata.vocabulary import LABELS, WITH_BAR

_KINDS = {name: kind for kind, names in LABELS.items() for name in names}
_DEPICTS = re.compile("影像|摄影|图片|视频|参与|实习")  # 某报记者：张三 is a label too, but not 摄影记者：李四
_EDGES = " |·,，;；/-()[]【】。"


@dataclass(frozen=True, slots=True)
class Value:
    """What stands behind a label: `kind` is one of LABELS, `label` as it is written there."""

    kind: str
    label: str
    line: Line


@dataclass(frozen=True, slots=True)
class Labelled:
    """A line taken apart: what stands before the first label, and the values."""

    rest: Line
    values: tuple[Value, ...]


def split_labels(line: Line) -> Labelled:
    """A line taken apart at its labels."""
    marks = list(_LABEL.finditer(line.plain))
    if marks and marks[0].start():  # 张三 文/李四 图: the bar stands between two, not behind a label
        marks = [mark for mark in marks if not mark["late"]]
    if not marks:
        return Labelled(line, ())
    ends = [mark.start() for mark in marks[1:]] + [len(line.plain)]
    values = tuple(_value(line, mark, end) for mark, end in zip(marks, ends, strict=True))
    return Labelled(_trimmed(line, 0, marks[0].start()), values)


def labelled_values(lines: Iterable[Line], *kinds: str) -> Iterator[Value]:
    """The values of some kinds of labels."""
    for line in lines:
        yield from (value for value in split_labels(line).values if value.kind in kinds)


def _value(line: Line, mark: re.Match[str], end: int) -> Value:
    label = re.sub(r"\s", "", mark[mark.lastgroup or 0])
    kind = _KINDS.get(label) or ("other" if _DEPICTS.match(label) else "author")
    return Value(kind, label, _trimmed(line, mark.end(), end))


def _trimmed(line: Line, start: int, end: int) -> Line:
    plain = line.plain[start:end]
    left = len(plain) - len(plain.lstrip(_EDGES))
    return line.part(start + left, start + max(left, len(plain.rstrip(_EDGES))))


def _any_of(names: Iterable[str], spaces: str = "") -> str:
    """The names, the longest first; with `spaces` only those that may be set wide, as 来　源."""
    wide = (name for name in names if not spaces or (2 <= len(name) <= 4 and not name.isascii()))
    return "|".join(spaces.join(map(re.escape, name)) for name in sorted(wide, key=len, reverse=True))


_LABEL = re.compile(
    rf"""(?:^|(?<=[\s|·/(【\[,，;；。)\]】\d]))(?:
        【(?P<boxed>{_any_of(_KINDS)})】:?[ ]?
      | (?P<reporter>\w{{0,8}}记者)[ ]?:[ ]?
      | (?P<name>{_any_of(_KINDS)}|{_any_of(_KINDS, "[ ]{0,8}")})[ ]?:[ ]?
      | (?P<wide>{_any_of(_KINDS, "[ ]{1,8}")})[ ]{{1,8}}(?=\w)
      | (?:^|(?<=[ ]{{2}})|(?<=[|/·]))(?P<barred>{_any_of(WITH_BAR)})[ ]?[|/][ ]?(?![|/])
      | (?<=[ ])(?P<late>{_any_of(WITH_BAR)})[|/](?![|/])
    )""",
    re.VERBOSE,
)
