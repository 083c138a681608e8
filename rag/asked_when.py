"""The time that a question asks about: dates, "as of" a date, or now."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from index.dates import find_dates
from index.dates.interval import of_iso
from index.types import DateMention

_AS_OF = re.compile(r"(?:截[至止]到?|(?<!不)到|\bas of|\bup to|\buntil|\bby(?: the end of)?)\s*$")
_BEFORE = re.compile(r"\s*(?:以前|之前|前(?!后))"), re.compile(r"(?:不到|未到|\bbefore)\s*$")
_SINCE = re.compile(r"\s*(?:以来|以后|之后|后|起|至今|到现在)"), re.compile(r"\b(?:since|after|from)\s*$")
_RANGE = re.compile(r"\s*(?:到|至|[-—–~～]+|\bto\b|\band\b)\s*")
_NOW = re.compile(
    r"现在|目前|如今|当前|眼下|最新|最近|近来|至今|\b(?:now|latest|current|currently|newest|recent|so far|today)\b"
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")  # in an English question, where dates are read only beside a month
_LATIN = re.compile(r"[^\u3400-\u9fff]*")
_ALWAYS, _NEVER = "0001-01-01", "9999-12-31"


@dataclass(frozen=True, slots=True)
class Span:
    """ISO days, both included."""

    first: str
    last: str


@dataclass(frozen=True, slots=True)
class When:
    """`spans` are the dates named; `until` is the ISO day as of which something is asked; `now`: what holds last."""

    spans: tuple[Span, ...] = ()
    until: str | None = None
    now: bool = False


def asked_when(folded: str, today: str | None) -> When:
    """What a folded question asks about. `today` is the ISO date of asking, from which 去年 is reckoned."""
    spans: list[Span] = []
    until: str | None = None
    last_end = -1
    for start, end, span in _dates(folded, today):
        if spans and last_end >= 0 and _RANGE.fullmatch(folded, last_end, start):
            spans[-1] = Span(spans[-1].first, span.last)
        elif _AS_OF.search(folded[:start]):
            until = span.last
        elif _stands(_BEFORE, folded, start, end):
            until = _day_before(span.first)
        elif _stands(_SINCE, folded, start, end):
            spans.append(Span(span.first, _NEVER))
        else:
            spans.append(span)
        last_end = end
    return When(tuple(spans), until, now=not spans and until is None and _NOW.search(folded) is not None)


def _dates(folded: str, today: str | None) -> list[tuple[int, int, Span]]:
    """Where a question names dates, and which; 近日 and 目前 name none."""
    found = [(m.start, m.end, Span(m.first, m.last)) for m in find_dates(folded, today) if m.iso and m.first and m.last]
    if not found and _LATIN.fullmatch(folded):
        return [(m.start(), m.end(), Span(f"{m.group()}-01-01", f"{m.group()}-12-31")) for m in _YEAR.finditer(folded)]
    return found


def _stands(around: tuple[re.Pattern[str], re.Pattern[str]], folded: str, start: int, end: int) -> bool:
    """Whether the first stands behind a date, or the second before it."""
    behind, before = around
    return bool(behind.match(folded, end) or before.search(folded[:start]))


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat() if day > _ALWAYS else day


def told_by(dates: Iterable[DateMention], published: str | None) -> list[Span]:
    """The time that a text speaks of: the dates it names, or where it names none, that of its article."""
    named = [Span(d.first, d.last) for d in dates if d.iso and d.first and d.last]
    appeared = told_on(published)
    return named or ([appeared] if appeared else [])


def is_later(told: Sequence[Span], until: str | None) -> bool:
    """Whether all that is told is of days after the one as of which something is asked."""
    return until is not None and bool(told) and min(span.first for span in told) > until


def told_on(published: str | None) -> Span | None:
    """The days on which an article may have appeared, from its ISO date, whole or cut; None where it has none."""
    found = of_iso(published)
    return Span(found.first.isoformat(), found.last.isoformat()) if found else None
