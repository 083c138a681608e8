"""Stretches of days: a date cut to what is known, and the first and last day that it may mean.

The vague parts of a year have the months that news gives them: 年初 January and February, 年中 June and July, 年底
November and December; of a month, 初 is its first ten days and 底 all from the 21st.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from index.dates.patterns import PLAIN
from index.numbers import chinese_value

_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_NUMBER = re.compile(r"\d+|[一两二三四五六七八九十]+")
_SPACED = re.compile(r"\s*([年月日])\s*")
_ALONE = re.compile(
    r"\s*(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?月?)?年?(?:[T\s(（].*|(?<=日)(?![至到-]).*)?\Z",
    re.ASCII | re.DOTALL,
)
_MONTHS_OF = {"初": (1, 2), "中": (6, 7), "底": (11, 12), "末": (11, 12), "上半": (1, 6), "下半": (7, 12)}
_DAYS_OF = {"上": (1, 10), "中": (11, 20), "下": (21, 31), "初": (1, 10), "底": (21, 31), "末": (21, 31)}


@dataclass(frozen=True, slots=True)
class Interval:
    """The days from `first` to `last`, both included; `iso` is what they share for certain, None if that is nothing."""

    iso: str | None
    first: date
    last: date

    @property
    def month(self) -> int | None:
        """The month, if it is certain."""
        return int(self.iso[5:7]) if self.iso and len(self.iso) > 4 else None

    @property
    def day(self) -> int | None:
        """The day of the month, if it is certain."""
        return int(self.iso[8:]) if self.iso and len(self.iso) > 7 else None


@lru_cache(maxsize=4096)
def known(year: int, month: int | None = None, day: int | None = None) -> Interval | None:
    """A year, a month or a day; None for one that no calendar has."""
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        return Interval(first.isoformat(), first, first)
    end = month or 12
    iso = f"{year:04d}-{month:02d}" if month else f"{year:04d}"
    return Interval(iso, first, date(year, end, monthrange(year, end)[1]))


def of_iso(iso: str | None) -> Interval | None:
    """The interval of "2024", "2024-05" or "2024-05-06"; None for anything else."""
    found = _ISO.fullmatch(iso or "")
    return known(*(int(part) if part else None for part in found.groups())) if found else None


def iso_date(value: str) -> str | None:
    """A date that stands alone, as ISO cut to what is known, or None: "2024年5月6日 07:21" → "2024-05-06"."""
    found = _ALONE.match(_SPACED.sub(r"\1", value[:64].translate(PLAIN)))
    whole = known(*(int(part) if part else None for part in found.groups())) if found else None
    return whole.iso if whole else None


def spoken(iso: str) -> str:
    """An ISO date, whole or cut, as Chinese text writes it: 2023-09 → 2023年9月."""
    return "".join(f"{int(part)}{unit}" for part, unit in zip(iso.split("-"), "年月日", strict=False))


def part_of_month(year: int, month: int, part: str) -> Interval | None:
    """上旬, 中旬, 下旬, 初, 中, 底 or 末 of a month."""
    whole = known(year, month)
    if whole is None:
        return None
    first, last = _DAYS_OF[part[0]]
    return Interval(whole.iso, whole.first.replace(day=first), whole.first.replace(day=min(last, whole.last.day)))


@lru_cache(maxsize=4096)
def part_of_year(year: int, part: str) -> Interval | None:
    """年初, 年中, 年底, 上半年, 三季度, 前三季度, Q3, 前5个月 … of a year."""
    first, last = _months(part)
    start, end = known(year, first), known(year, last)
    return Interval(f"{year:04d}", start.first, end.last) if start and end else None


def shared(first: date, last: date) -> Interval:
    """The days between two dates; certain is the month or the year in which both lie."""
    if first.year != last.year:
        return Interval(None, first, last)
    return Interval(first.isoformat()[: 7 if first.month == last.month else 4], first, last)


def moved(base: Interval, *, years: int = 0, months: int = 0, days: int = 0) -> Interval | None:
    """A year, a month or a day that lies so far from `base`; None if `base` does not tell."""
    if days:
        return _moved_days(base.first, days) if base.day else None
    if months and not base.month:
        return None
    year, month = divmod((base.first.year + years) * 12 + (base.month or 1) - 1 + months, 12)
    return known(year, month + 1 if months else None)


def week(base: Interval, weeks: int, weekday: str | None) -> Interval | None:
    """The week (Monday to Sunday) so many weeks from the day `base`, or its 一 … 日, or its 末."""
    if not base.day:
        return None
    try:
        monday = base.first - timedelta(base.first.weekday()) + timedelta(weeks=weeks)
        if not weekday or weekday == "末":
            return shared(monday + timedelta(5 if weekday else 0), monday + timedelta(6))
    except OverflowError:
        return None
    return _moved_days(monday, min("一二三四五六日天".index(weekday), 6))


def up_to(base: Interval, days: int) -> Interval:
    """The vague time from so many days before `base` to its end: nothing is certain of it but the interval."""
    return Interval(None, date.fromordinal(max(base.first.toordinal() - days, 1)), base.last)


def _moved_days(day: date, days: int) -> Interval | None:
    try:
        there = day + timedelta(days)
    except OverflowError:
        return None
    return Interval(there.isoformat(), there, there)


def _months(part: str) -> tuple[int, int]:
    """The first and last month of a part of the year."""
    for name, months in _MONTHS_OF.items():
        if name in part:
            return months
    numbers = [int(run) if run.isdecimal() else int(chinese_value(run) or 1) for run in _NUMBER.findall(part)]
    if not numbers:  # 全年
        return 1, 12
    if "月" in part:
        return 1, numbers[-1]
    return 1 if "前" in part else 3 * numbers[0] - 2, 3 * numbers[-1]
