"""Whether two things happened in one month, or which of them came first: told by the days in their evidence."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.embed import StaticEmbedder
from index.fold import fold
from index.types import DateMention
from rag.asked_for import asked_for
from rag.asked_when import Span
from rag.evidence import Sentence, gather
from rag.features import coverage
from rag.find import Finding
from rag.parts import Compared
from rag.weigh import weigh

_HELD = 0.6  # of the words of a thing, by rarity: a sentence that holds less tells of something else
_HITS = 4  # of each thing, whose sentences are looked at
_AS_OF = re.compile(r"(?:截[至止]到?|[到至])\s*$")
_DIGITS = {"日": 10, "月": 7, "年": 4}  # of an ISO date that is as precise as that


@dataclass(frozen=True, slots=True)
class Event:
    """One of the things compared, the days on which it may have happened, and the sentence that tells of it."""

    thing: str
    day: Span
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Comparison:
    """The events in the order of the question; for an order, by their days, the one asked for first.

    `same` answers whether they are of one unit of time; it is None where an order was asked for.
    """

    events: tuple[Event, ...]
    same: bool | None


def compare(both: Compared, found: Sequence[Finding], tokens: StaticEmbedder) -> Comparison | None:
    """What the evidence found for each thing says; None, where a day is missing or too vague to tell."""
    if len(found) != len(both.things):
        return None
    events = [_event(thing, part, both, tokens) for thing, part in zip(both.things, found, strict=True)]
    known = [event for event in events if event]
    if len(known) < len(events):
        return None
    if both.unit:
        digits = _DIGITS[both.unit]
        return Comparison(tuple(known), same=len({event.day.first[:digits] for event in known}) == 1)
    ordered = sorted(known, key=lambda e: e.day.first, reverse=both.order == "last")
    first, second = ordered[0].day, ordered[1].day
    apart = first.last < second.first if both.order == "first" else first.first > second.last
    return Comparison(tuple(ordered), same=None) if apart else None


def _event(thing: str, found: Finding, both: Compared, tokens: StaticEmbedder) -> Event | None:
    """The event in the sentence that tells best of it, if its day is as precise as what is asked."""
    gathered = gather(found.hits[:_HITS])
    if not gathered:
        return None
    best = weigh(gathered, found.looked_for, asked_for(thing), tokens)[0]
    if coverage(found.looked_for.rarity, f"{fold(best.hit.article.title)} {best.folded}") < _HELD:
        return None
    day = _day_of(best, both)
    return Event(thing, day, best) if day else None


def _day_of(sentence: Sentence, both: Compared) -> Span | None:
    """The one date of the sentence, or of its passage if the sentence has none; None where there are several to choose.

    Of an order a month or a year may be enough.
    """
    at, passage = sentence.hit.passage.start, sentence.hit.passage
    # "As of March 2024, X was half a year old" is not of the day on which X happened.
    dates = [d for d in passage.dates if d.iso and d.first and not _AS_OF.search(passage.text[: d.start])]
    inside = [d for d in dates if sentence.start <= at + d.start < sentence.end]
    before = [d for d in dates if at + d.start < sentence.start]
    for digits in (_DIGITS[both.unit],) if both.unit else _DIGITS.values():
        found = {(d.iso or "")[:digits]: d for d in inside or before if len(d.iso or "") >= digits}
        if found:
            return _span(next(iter(found.values()))) if len(found) == 1 or _is_first(inside, found) else None
    return None


def _is_first(inside: Sequence[DateMention], found: Mapping[str, DateMention]) -> bool:
    """Whether a sentence begins with its first date, as news does: "2024年5月6日，X opened, a year after …"."""
    return bool(inside) and next(iter(found.values())) is inside[0]


def _span(mention: DateMention) -> Span:
    return Span(mention.first or "", mention.last or "")
