"""Dates and numbers in text. Pure; offsets are of the text as it stands, in either script.

Relative dates are resolved against the article's own date, `base`, cut to what is known: with "2024-05", 去年9月 is
2023-09 and 今天 is unknown. A month or day without a year takes the year of `base` only if that puts it no later
than a month after `base`; otherwise it stays unresolved: None is better than wrong. Not read: 上半年, 近年, 世纪,
weekdays, festivals, seasons; 年底 and 年初 are cut to the year.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from index.numbers import NumberMention, chinese_value, find_numbers
from index.types import DateMention

__all__ = ["DateMention", "NumberMention", "find_dates", "find_numbers"]

_SAME_LENGTH = str.maketrans("０１２３４５６７８９号號日後來內○個", "0123456789日日日后来内〇个")
_CN = "[〇零一二三四五六七八九十]"
_MONTHS = [
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
]
_ENGLISH_MONTH = "|".join(sorted({name for month in _MONTHS for name in (month, month[:3])}, key=len, reverse=True))
_PART = "年[初中底末]|[初中底末]|上半年|下半年"
_TAIL = r"[上中下]旬|[初中底末](?![学期心级])"
_DATE = re.compile(
    rf"""
      (?<!\d)(?P<ry>(?:1[89]|20)\d\d)(?=[-–—~至到](?:1[89]|20)\d\d年)
    | (?<!\d)(?P<y>(?:1[89]|20)\d\d)\s?年(?!(?:间|历史|来|以来|多))
        (?:\s?(?P<m>1[0-2]|0?[1-9])\s?月份?(?:\s?(?P<d>3[01]|[12]\d|0?[1-9])\s?日)?)?
    | (?P<cy>[一二][〇零一二三四五六七八九]{{3}})年
        (?:(?P<cm>十[一二]?|[一二三四五六七八九])月(?:(?P<cd>{_CN}{{1,3}})日)?)?
    | (?<![\d.-])(?P<iy>(?:1[89]|20)\d\d)(?P<sep>[-/.])(?P<im>1[0-2]|0?[1-9])
        (?:(?P=sep)(?P<id>3[01]|[12]\d|0?[1-9]))?(?![\d.-]*\d)
    | \b(?P<em>{_ENGLISH_MONTH})\b\.?\s(?:(?P<ed>\d{{1,2}})(?:st|nd|rd|th)?,?\s)?(?P<ey>(?:1[89]|20)\d\d)\b
    | \b(?P<fd>\d{{1,2}})(?:st|nd|rd|th)?\s(?P<fm>{_ENGLISH_MONTH})\b\.?,?\s(?P<fy>(?:1[89]|20)\d\d)\b
    | (?P<year>今年|去年|前年|明年|本年|当年(?=度))(?:度)?
        (?:(?P<ym>1[0-2]|[1-9])月份?(?:(?P<yd>3[01]|[12]\d|0?[1-9])日|{_TAIL})?|{_PART})?
    | (?P<month>本月|上个?月|下个?月)(?:(?P<md>3[01]|[12]\d|0?[1-9])日|{_TAIL})?
    | (?P<day>今天|今日|昨天|昨日|前天|明天)
    | (?<![\d.年/-])(?P<bm>1[0-2]|[1-9])月(?:份|(?P<bd>3[01]|[12]\d|0?[1-9])日|{_TAIL})?
    | (?<![今去前明本个半每两几年度\d])年[初底末](?!中)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_YEARS = {"今年": 0, "本年": 0, "当年": 0, "去年": -1, "前年": -2, "明年": 1}
_DAYS = {"今天": 0, "今日": 0, "昨天": -1, "昨日": -1, "前天": -2, "明天": 1}
_AHEAD = timedelta(days=31)


def find_dates(text: str, base: str | None) -> tuple[DateMention, ...]:
    """The dates of a text, in order. `base` is the article's own ISO date, whole or cut."""
    plain = text.translate(_SAME_LENGTH)
    known = _Base.parse(base)
    return tuple(_mentions(text, plain, known))


def _mentions(text: str, plain: str, base: "_Base") -> Iterator[DateMention]:
    for found in _DATE.finditer(plain):
        start, end = found.span()
        yield DateMention(start, end, text[start:end], _absolute(found) or _relative(found, base))


@dataclass(frozen=True, slots=True)
class _Base:
    year: int | None = None
    month: int | None = None
    day: int | None = None

    @classmethod
    def parse(cls, iso: str | None) -> "_Base":
        if not iso or not re.fullmatch(r"\d{4}(?:-\d\d(?:-\d\d)?)?", iso):
            return cls()
        return cls(*(int(part) for part in iso.split("-")))


def _absolute(found: re.Match[str]) -> str | None:
    """The ISO date of a mention that carries its year."""
    if found["ry"]:
        return str(found["ry"])
    if found["y"]:
        return _iso(found["y"], found["m"], found["d"])
    if found["iy"]:
        return _iso(found["iy"], found["im"], found["id"])
    if found["cy"]:
        parts = (chinese_value(part.replace("〇", "零")) if part else None for part in found.group("cy", "cm", "cd"))
        return _iso(*(int(part) if part else None for part in parts))
    for day, month, year in (("ed", "em", "ey"), ("fd", "fm", "fy")):
        if found[year]:
            number = next(at for at, name in enumerate(_MONTHS, 1) if name.startswith(found[month].lower()[:3]))
            return _iso(found[year], number, found[day])
    return None


def _relative(found: re.Match[str], base: _Base) -> str | None:
    """The ISO date of a mention that leans on the article's date."""
    if base.year is None:
        return None
    if found["year"]:
        return _iso(base.year + _YEARS[found["year"]], found["ym"], found["yd"])
    if found["day"]:
        return _shifted_day(base, _DAYS[found["day"]])
    if found["month"]:
        return _shifted_month(base, {"本": 0, "上": -1, "下": 1}[found["month"][0]], found["md"])
    if found["bm"]:
        return _near(base, int(found["bm"]), int(found["bd"]) if found["bd"] else None)
    return str(base.year) if "年" in found.group() and not found["y"] and not found["cy"] else None


def _shifted_day(base: _Base, days: int) -> str | None:
    if base.year is None or base.month is None or base.day is None:
        return None
    try:
        return (date(base.year, base.month, base.day) + timedelta(days)).isoformat()
    except (ValueError, OverflowError):
        return None


def _shifted_month(base: _Base, months: int, day: str | None) -> str | None:
    if base.year is None or base.month is None:
        return None
    years, month = divmod(base.month - 1 + months, 12)
    return _iso(base.year + years, month + 1, day)


def _near(base: _Base, month: int, day: int | None) -> str | None:
    """A month or day without a year, if the year of `base` puts it no later than a month after `base`."""
    if base.year is None or base.month is None:
        return None
    try:
        meant = date(base.year, month, day or 1)
        latest = date(base.year, base.month, base.day or 28) + _AHEAD
    except ValueError:
        return None
    return _iso(base.year, month, day) if meant <= latest else None


def _iso(year: str | int | None, month: str | int | None = None, day: str | int | None = None) -> str | None:
    """ISO, cut to what is given; None for a day that no calendar has."""
    parts = [int(part) for part in (year, month, day) if part]
    try:
        date(parts[0], *(parts[1:] + [1, 1])[:2])
    except ValueError:
        return None
    return "-".join(f"{part:02d}" for part in parts)
