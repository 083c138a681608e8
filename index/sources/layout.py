"""Lines where they stand on pages → running text: heads, feet and page numbers out, broken lines joined.

A paragraph ends at a line that stops short of its column's right edge, before an indented one, before a gap, and where
the size of the letters changes. All lengths are in points, upwards and to the right.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from statistics import median

_MARGIN = 0.1  # of a page's height: running heads and feet stand there
_OFTEN = 0.4  # of the pages: left and right pages may have heads of their own
_NUMBER = re.compile(r"\d+")
_OFFSET = 30  # a number that far from the page's own is no page number: 2024年报
_PAGE_NUMBER = re.compile(r"[\s\-–—·.|/第页頁Pp]*\+0[\s\-–—·.|/共页頁of\d+]*")
_NEIGHBOURS = 6  # lines before and after that tell a column's edges
_LARGER = 1.15
_SHORT = 3.2  # widths of a character: what rules for punctuation may leave empty at the end of a full line
_RAGGED = 0.3  # of a column's width: the same before words in Latin letters and numbers
_WORD = re.compile(r"[（(《“‘\"'\[]*[A-Za-z0-9]")
_INDENT = 1.2  # widths of a character
_GAP = 1.35  # times the usual distance of lines
_SPREAD = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
_TITLE_CHARS = 80
_RED_HEAD = re.compile(r".{2,40}文件")  # the first line of an official document names who issues it


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text: where it begins and ends, its baseline, the size of its letters.

    `foot` is the baseline of its last letter, lower than the first one's if a word was broken and joined.
    """

    text: str
    left: float
    right: float
    baseline: float
    foot: float
    size: float


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page in the order of reading."""

    height: float
    lines: tuple[Line, ...]


def without_running_lines(pages: Sequence[Page]) -> list[Page]:
    """The pages without page numbers, and without what stands in the upper or lower margin of many of them."""
    keys = [_margin_keys(page, number) for number, page in enumerate(pages, 1)]
    counts = Counter(key for found in keys for key in set(found.values()))
    often = max(2, _OFTEN * len(pages))
    running = {key for key, count in counts.items() if count >= often or _PAGE_NUMBER.fullmatch(key.text)}
    return [
        Page(page.height, tuple(line for line in page.lines if found.get(line) not in running))
        for page, found in zip(pages, keys, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Key:
    """What tells a running line: its text but for page numbers, and where on the page it stands."""

    text: str
    baseline: int


def _margin_keys(page: Page, number: int) -> dict[Line, _Key]:
    lines = (line for line in page.lines if _in_margin(page, line))
    return {line: _Key(_relative(line.text, number), round(line.baseline)) for line in lines}


def _in_margin(page: Page, line: Line) -> bool:
    return not _MARGIN * page.height < line.baseline < (1 - _MARGIN) * page.height


def _relative(text: str, number: int) -> str:
    """A line with page numbers written as their offset from this page's: "- 3 -" on page 3 is "- +0 -"."""

    def offset(found: re.Match[str]) -> str:
        distance = int(found.group()[:9]) - number
        return f"+{distance}" if abs(distance) <= _OFFSET else found.group()

    return _NUMBER.sub(offset, text)


def paragraphs(pages: Sequence[Page]) -> str:
    """The text of all pages, a line a paragraph."""
    found: list[str] = []
    before: Line | None = None
    room = 0.0
    for page in pages:
        distance = _usual_distance(page.lines)
        for at, line in enumerate(page.lines):
            near = page.lines[max(0, at - _NEIGHBOURS) : at + _NEIGHBOURS + 1]
            column = [other for other in near if _shares_column(other, line)]
            left, right = min(other.left for other in column), max(other.right for other in column)
            apart = (
                before is None
                or not _is_one_row(before, line)
                and (room > _needed(line, right - left) or _begins(line, before, left, distance if at else None))
            )
            found.append("\n" if apart else _glue(found[-1], line.text))
            found.append(_unspread(line.text))
            before, room = line, right - line.right if len(column) > 1 else inf
    return "".join(found).strip()


def title(pages: Sequence[Page]) -> str | None:
    """The lines in the largest letters of the first page, if they are clearly larger and stand together."""
    sizes = [line.size for page in pages for line in page.lines for _ in line.text]
    lines = [line for line in pages[0].lines if not _RED_HEAD.fullmatch(line.text)] if pages else []
    largest = max((line.size for line in lines), default=0.0)
    places = [at for at, line in enumerate(lines) if line.size * _LARGER > largest]
    stand_together = places == list(range(places[0], places[-1] + 1)) if places else False
    if not stand_together or largest < _LARGER * median(sizes):
        return None
    text = "".join(_unspread(lines[at].text) for at in places)
    return text if len(text) <= _TITLE_CHARS else None


def _usual_distance(lines: Sequence[Line]) -> float | None:
    """The median distance from line to line down a page."""
    distances = [above.foot - below.baseline for above, below in zip(lines, lines[1:], strict=False)]
    downwards = [distance for distance in distances if distance > 0]
    return median(downwards) if downwards else None


def _is_one_row(before: Line, line: Line) -> bool:
    """Whether two pieces stand side by side, as where the font changes."""
    gap = line.left - before.right
    return abs(before.foot - line.baseline) < line.size / 4 and -line.size / 4 <= gap < line.size


def _begins(line: Line, before: Line, left: float, distance: float | None) -> bool:
    """Whether a paragraph begins with a line of a column; `distance` is None for the first line of a page."""
    if not before.size / _LARGER < line.size < before.size * _LARGER:
        return True
    if distance and before.foot - line.baseline > _GAP * distance:
        return True
    return line.left - left > _INDENT * line.size


def _needed(line: Line, width: float) -> float:
    """The room that may be left empty before a line that goes on: what its first word could not fill."""
    return _RAGGED * width if _WORD.match(line.text) else _SHORT * line.size


def _shares_column(one: Line, other: Line) -> bool:
    """Whether two lines overlap by more than half of the shorter one, and are of one size."""
    overlap = min(one.right, other.right) - max(one.left, other.left)
    same_size = one.size / _LARGER < other.size < one.size * _LARGER
    return same_size and overlap > min(one.right - one.left, other.right - other.left) / 2


def _glue(before: str, after: str) -> str:
    """What stands between two lines of one paragraph: a space between Latin words alone."""
    return " " if before[-1:].isascii() and after[:1].isascii() else ""


def _unspread(text: str) -> str:
    """A line whose characters are spread out ("通 知") without the spaces between them."""
    spread = len(_SPREAD.findall(text))
    return _SPREAD.sub("", text) if spread * 3 > len(text) else text
