"""Lines that name the outlet and the day: 解放日报 2024-05-06 07:21, 原创 张三 某公众号 2024年05月06日 10:00 上海."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.metadata.dated import Day, day_in
from index.metadata.labels import split_labels
from index.metadata.outlets import looks_like_outlet
from index.metadata.page import Found, Line, Page
from index.metadata.people import people
from index.metadata.vocabulary import REGIONS

_LONGEST = 90
_LONGEST_NAME = 12
_SURE_NAME = 3  # characters; words of two may begin like a name
_PIECE = re.compile(r"[^\s|/·]+(?:·(?=[^\W\d])[^\s|/·]+)*")
_PLACE = rf"(?:发布于|发表于|ip属地:?|来自|于)?(?:{REGIONS})[省市]?"
# Counters, buttons and marks that say nothing of who and when.
_IGNORED = re.compile(
    rf"{_PLACE}|(?:阅读|浏览|点击|评论|点赞|收藏|转发|人气|热度|字号)?:?[\d.,]*[万wk+]?(?:次|人|条|阅读|浏览|评论|赞)?"
    r"|原创|首发|独家|已认证|\+?关注|收藏|分享|举报|打印|大中小|小中大|[大中小听]|听新闻|.{0,10}官方(?:[账帐]号|号)|订阅"
    r"|a[+-]|第?\d+版|要闻|正文|来源|作者|\w{2,6}报[导道]"
)
_UPDATE = re.compile(r"\([^()]{0,30}更新\)")
_REPORTER = re.compile(r"[\w·+]{0,10}?(?:记者|通讯员|撰稿人)")
_PLACE_BEHIND = re.compile(rf"\s*{_PLACE}\s*")


@dataclass(frozen=True, slots=True)
class _Dateline:
    """A line's day, and the words before it and behind it that say something."""

    line: Line
    day: Day
    before: tuple[Line, ...] = ()
    behind: tuple[Line, ...] = ()

    @property
    def is_bare(self) -> bool:
        """Whether nothing but a day stands in it: in a chronicle, each entry begins so."""
        return not (self.before or self.behind or self.day.has_time)


def found_in(page: Page) -> Iterator[Found]:
    """From the lines above the text. Several days on lines of their own make a chronicle, not a dateline."""
    lines = page.head
    if len(lines) < 2 and not page.opening.text:
        return
    read = [(at, dateline) for at, line in enumerate(lines) if (dateline := _read(line))]
    is_chronicle = len(read) > 1 and any(dateline.is_bare for _, dateline in read)
    for at, dateline in read:
        if is_chronicle and dateline.is_bare:
            continue
        yield Found("published", dateline.day.iso, "dateline")
        yield from _names_in(dateline)
        yield from _names_above(lines[:at], dateline)


def is_dateline(line: Line) -> bool:
    """Whether a line is one, or holds labels: what stands above it may be the title."""
    return _read(line) is not None or bool(split_labels(line).values)


def _read(line: Line) -> _Dateline | None:
    """The day of a line in which little else stands."""
    if len(line.plain) > _LONGEST:
        return None
    split = split_labels(line)
    day = day_in(split.rest.plain)
    if day is None:
        tails = (value.line for value in split.values if value.kind in ("publisher", "author"))
        return next((_Dateline(line, day) for tail in tails if (day := day_in(tail.plain)) and _ends(tail, day)), None)
    if split.rest.plain[day.end :].lstrip()[:1] in tuple("，,、。；"):  # 5月6日，某地…: a sentence
        return None
    before, behind = _pieces(split.rest.part(0, day.start)), _pieces(_without_update(split.rest.part(day.end)))
    unknown = [piece.plain for piece in (*before, *behind) if not _is_understood(piece)]
    if len(unknown) > 2 or any(len(plain) > _LONGEST_NAME or ":" in plain for plain in unknown):
        return None
    return _Dateline(split.rest, day, before, behind)


def _without_update(line: Line) -> Line:
    """2024/5/6 12:30（5/6 13:00 更新）"""
    found = _UPDATE.match(line.plain)
    return line.part(found.end()) if found else line


def _ends(value: Line, day: Day) -> bool:
    """来源：某报 2024-05-06 07:21"""
    return day.start > 1 and not value.part(day.end).plain.strip(" ()")


def _pieces(line: Line) -> tuple[Line, ...]:
    pieces = (line.part(*found.span()) for found in _PIECE.finditer(line.plain))
    return tuple(piece for piece in pieces if piece.plain.strip("()[]-—:,，。") and not _IGNORED.fullmatch(piece.plain))


def _is_understood(piece: Line) -> bool:
    return looks_like_outlet(piece.plain) or people(piece) is not None or bool(_REPORTER.match(piece.plain))


def _names_in(dateline: _Dateline) -> Iterator[Found]:
    """The outlet and the reporter beside a day."""
    near = (*dateline.before[::-1], *dateline.behind)
    publisher = next((piece for piece in near if looks_like_outlet(piece.plain)), None)
    if publisher is None and _is_wechat(dateline):
        publisher = dateline.before[-1]
    if publisher is None:
        return
    yield Found("publisher", publisher.text, "dateline")
    named = [people(piece) for piece in near if piece is not publisher]
    if named and all(named):
        yield Found("author", "、".join(filter(None, named)), "dateline")


def _is_wechat(dateline: _Dateline) -> bool:
    """原创 张三 某公众号 2024年05月06日 10:00 上海: the account stands right before the day."""
    if not dateline.before or dateline.behind or people(dateline.before[-1]):
        return False
    plain, day = dateline.line.plain, dateline.day
    has_place = _PLACE_BEHIND.fullmatch(plain[day.end :]) is not None
    return plain.startswith("原创 ") or (day.has_time and has_place and len(dateline.before) <= 2)


def _names_above(above: tuple[Line, ...], dateline: _Dateline) -> Iterator[Found]:
    """The outlet, or below a title the author, on a line of its own above the day."""
    if dateline.before or dateline.behind or not above:
        return
    if looks_like_outlet(above[-1].plain):
        yield Found("publisher", above[-1].text, "dateline")
    elif len(above) > 1 and len(above[-1].plain) >= _SURE_NAME and (named := people(above[-1])):
        yield Found("author", named, "dateline")
