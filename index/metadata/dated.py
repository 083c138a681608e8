"""Days in the lines round an article, with the weekday and the time of day that are printed beside them."""

import re
from dataclasses import dataclass

from index.dates import find_dates, iso_date

_CLOCK = r"(?:(?:上午|下午|中午|晚上|晚间|凌晨|am|pm) ?)?\d{1,2}[:时点]\d{1,2}(?:[:分]\d{1,2}秒?|分)?(?:\.\d{1,6})?"
_ZONE = r"(?: ?(?:am|pm|hkt|cst|z\b|gmt\+?8?|北京时间)|[+]08:?00)?"
_BEFORE = re.compile(rf"{_CLOCK} {{1,2}}\Z")
_BEHIND = re.compile(rf"(?: ?\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?(?: hkt)?(?:[t ]{{0,3}}{_CLOCK}{_ZONE})?")
_MINGUO = re.compile(
    r"(?P<y>1[0-4]\d)(?P<sep>[-/.年])(?P<m>1[0-2]|0?[1-9])[-/.月](?P<d>3[01]|[12]\d|0?[1-9])(?:日|(?!\d))"
)
_FIRST_YEAR = 1911


@dataclass(frozen=True, slots=True)
class Day:
    """An ISO date (a day, or a month where that is all), and where it stands with its time of day."""

    iso: str
    start: int
    end: int
    has_time: bool = False


def day_in(plain: str) -> Day | None:
    """The first day of a plain line that has its year."""
    return next((_with_time(plain, m.start, m.end, m.iso) for m in find_dates(plain, None) if _is_day(m.iso)), None)


def day_or_month_at_start(plain: str) -> Day | None:
    """What a label such as 发布时间 is followed by; a month only if no day is given. 民国 years are read there."""
    if found := _MINGUO.match(plain):
        iso = iso_date(f"{_FIRST_YEAR + int(found['y'])}-{found['m']}-{found['d']}")
        return _with_time(plain, 0, found.end(), iso) if iso else None
    first = next(iter(find_dates(plain[:40], None)), None)
    if not first or not first.iso or len(first.iso) < 7 or _BEFORE.sub("", plain[: first.start]).strip(" (（"):
        return None
    return _with_time(plain, first.start, first.end, first.iso)


def _is_day(iso: str | None) -> bool:
    return iso is not None and len(iso) == 10


def _with_time(plain: str, start: int, end: int, iso: str | None) -> Day:
    before = _BEFORE.search(plain, 0, start)
    behind = _BEHIND.match(plain, end)
    stop = behind.end() if behind else end
    return Day(iso or "", before.start() if before else start, stop, bool(before) or ":" in plain[end:stop])
