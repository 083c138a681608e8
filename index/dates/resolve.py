"""What a found date means: by itself, by the article's own date, or by the mention before it."""

import re
from dataclasses import dataclass

from index.dates.interval import Interval, known, moved, part_of_month, part_of_year, up_to, week
from index.dates.patterns import MONTHS
from index.numbers import chinese_value

_YEARS = {"今": 0, "本": 0, "当": 0, "去": -1, "上": -1, "前": -2, "大": -3, "明": 1}
_DAYS = {"今": 0, "昨": -1, "前": -2, "明": 1}
_SHIFTS = {"本": 0, "这": 0, "上": -1, "下": 1}
_AHEAD = 31  # days that a date without a year may lie after the article
_LONGEST_SPAN = 8  # months from 11月 to 2月 of the next year; a longer way there is a slip
_VAGUE = 30  # days that 近日 and 日前 reach back
_BEFORE_YEAR_ONE = 1911  # 民国 113 is 2024


@dataclass(frozen=True, slots=True)
class Around:
    """What the text round a mention says: `joined` is the mention that it continues (5月6日至8日), `forward` whether by
    a "to"; `named` is the year that its sentence names before it, `last` the last one named shortly before.
    """

    joined: Interval | None = None
    forward: bool = False
    named: int | None = None
    last: int | None = None


def resolve(found: re.Match[str], base: Interval | None, around: Around) -> Interval | None:
    """The interval of a match of `patterns.DATE`; None if it cannot be told."""
    year = _year(found, base, around)
    if year:
        return _in_year(found, year)
    if found["bm"] or found["bcm"]:
        return _month(found, base, around)
    if found["dd"]:
        return _day(int(found["dd"]), around)
    if plan := found["plan"] or found["plan2"]:
        start = 2006 + 5 * "一二三四五六".index(plan)
        return _between(known(start), known(start + 4))
    return _leaning(found, base, around) if base else None


def names_a_year(found: re.Match[str]) -> bool:
    """Whether a mention carries its year."""
    return any(found[group] for group in ("y", "cy", "my", "year", "same", "ry", "ry2", "iy", "ey", "fy"))


def _year(found: re.Match[str], base: Interval | None, around: Around) -> int | None:
    """The year that a mention carries."""
    for group in ("y", "ry", "ry2", "iy", "ey", "fy"):
        if found[group]:
            return int(found[group])
    if found["cy"]:
        return _number(found["cy"])
    if found["my"]:
        return _BEFORE_YEAR_ONE + (1 if found["my"] == "元" else _number(found["my"]))
    if found["same"]:
        return around.last
    return base.first.year + _YEARS[found["year"][0]] if found["year"] and base else None


def _in_year(found: re.Match[str], year: int) -> Interval | None:
    if found["part"]:
        return part_of_year(year, found["part"])
    month = found["m"] or found["m1"] or found["im"]
    for name in (found["em"], found["fm"]):
        if name:
            month = str(next(at for at, full in enumerate(MONTHS, 1) if full.startswith(name.lower()[:3])))
    if month and found["tail"]:
        return part_of_month(year, _number(month), found["tail"])
    day = found["d"] or found["id"] or found["ed"] or found["fd"]
    return known(year, _number(month) if month else None, _number(day) if day else None)


def _month(found: re.Match[str], base: Interval | None, around: Around) -> Interval | None:
    """A month or a day without a year."""
    month = _number(found["bm"] or found["bcm"])
    day = found["bd"] or found["bcd"]
    tail = found["btail"] or found["bctail"]

    def of(year: int) -> Interval | None:
        return part_of_month(year, month, tail) if tail else known(year, month, _number(day) if day else None)

    if around.joined and around.joined.month:
        ahead = month < around.joined.month
        if not ahead or (around.forward and month + 12 - around.joined.month <= _LONGEST_SPAN):
            return of(around.joined.first.year + ahead)
    if not base or not base.month or _is_of_another_year(base, around):
        return None
    return _unless_ahead(of(base.first.year), base)


def _is_of_another_year(base: Interval, around: Around) -> bool:
    """2019年3月开工，5月建成: whose May is uncertain."""
    return around.named not in (None, base.first.year)


def _unless_ahead(meant: Interval | None, base: Interval) -> Interval | None:
    """What was taken to be in the year of `base`, unless it lies too far ahead to be meant."""
    return meant if meant and meant.first.toordinal() <= base.last.toordinal() + _AHEAD else None


def _day(day: int, around: Around) -> Interval | None:
    """The end of 5月6日至8日."""
    begun = around.joined
    if not begun or not begun.day or not begun.month or day < begun.day:
        return None
    return known(begun.first.year, begun.month, day)


def _leaning(found: re.Match[str], base: Interval, around: Around) -> Interval | None:
    """A mention that leans on the article's date."""
    if month := found["month"]:
        return _in_month(found, moved(base, months=_SHIFTS[month[0]]) if month[0] != "本" else _own_month(base))
    if found["today"]:
        days = _DAYS[found["today"][0]]
        return moved(base, days=days) if days else base if base.day else None
    if found["week"]:
        return week(base, _SHIFTS[found["week"]], found["weekday"])
    if found["ago"]:
        unit = {"年": "years", "个月": "months", "天": "days"}[found["unit"]]
        return moved(base, **{unit: -_number(found["ago"])})
    if found["vague"]:
        return up_to(base, _VAGUE)
    if found["now"]:
        return Interval(None, base.first, base.last)
    if found["bare"] and not _is_of_another_year(base, around):
        part = part_of_year(base.first.year, found["bare"])
        return part if found["bare"].startswith("年") or not base.month else _unless_ahead(part, base)
    return None


def _own_month(base: Interval) -> Interval | None:
    return known(base.first.year, base.month) if base.month else None


def _in_month(found: re.Match[str], month: Interval | None) -> Interval | None:
    if month is None or not month.month:
        return None
    if found["mtail"]:
        return part_of_month(month.first.year, month.month, found["mtail"])
    return known(month.first.year, month.month, _number(found["md"]) if found["md"] else None)


def _between(start: Interval | None, end: Interval | None) -> Interval | None:
    return Interval(None, start.first, end.last) if start and end else None


def _number(written: str) -> int:
    """5, 十二, 廿三, 二〇二四 or 一百一十三."""
    if written.isdecimal() and written.isascii():
        return int(written)
    spelled = written.replace("〇", "零").replace("廿", "二十").replace("卅", "三十")
    return int(chinese_value(spelled) or 0)
