"""Dates in text. Pure; offsets are of the text as it stands, in either script.

Relative dates are resolved against the article's own date, `base`, cut to what is known: with "2024-05", 去年9月 is
2023-09 and 今天 is unknown. A month or day without a year takes the year of what it is joined to (2023年5月至7月), else
the year of `base`, but only if that puts it no later than a month after `base` and its sentence names no other year;
otherwise it stays unresolved: None is better than wrong. 近日, 目前 and the like have an interval and no ISO date.

Not read: 近年, 过去五年, centuries and decades, a weekday or a day of the month alone, festivals, seasons, the lunar
calendar, years of two digits, 民国 years without the word.
"""

from collections.abc import Iterator

from index.dates.interval import Interval, iso_date, of_iso, spoken
from index.dates.patterns import DATE, JOINED, PLAIN, SENTENCE_END
from index.dates.resolve import Around, names_a_year, resolve
from index.numbers import NumberMention, find_numbers
from index.types import DateMention

__all__ = ["DateMention", "NumberMention", "find_dates", "find_numbers", "iso_date", "spoken"]

_NEARBY = 120  # characters within which 同年 points back
_LIST = ("、", "和", "及", "与")
_COMPARED = ("比", "较", "与", "和", "同")  # 比去年增长: the sentence goes on about its own year


def find_dates(text: str, base: str | None) -> tuple[DateMention, ...]:
    """The dates of a text, in order. `base` is the article's own ISO date, whole or cut."""
    return tuple(_mentions(text, text.translate(PLAIN), of_iso(base)))


def _mentions(text: str, plain: str, base: Interval | None) -> Iterator[DateMention]:
    last: Interval | None = None  # the mention before, where it ends, and the years named so far
    last_end = year_end = -_NEARBY
    named: int | None = None
    year: int | None = None
    for found in DATE.finditer(plain):
        start, end = found.span()
        joint = JOINED.fullmatch(plain, last_end, start) if last else None
        if (found["dd"] or found["ry2"]) and not joint:
            continue
        if SENTENCE_END.search(plain, max(last_end, 0), start):
            named = None
        interval = resolve(
            found,
            base,
            Around(
                joined=last if joint else None,
                forward=joint is not None and joint.group().strip() not in _LIST,
                named=named,
                last=year if start - year_end <= _NEARBY else None,
            ),
        )
        yield DateMention(start, end, text[start:end], *_written(interval))
        if interval and names_a_year(found) and plain[start - 1 : start] not in _COMPARED:
            named = year = interval.first.year
            year_end = end
        last, last_end = interval, end


def _written(interval: Interval | None) -> tuple[str | None, str | None, str | None]:
    if interval is None:
        return None, None, None
    return interval.iso, interval.first.isoformat(), interval.last.isoformat()
