"""When something with a title was issued, where articles tell it by dates of different precision.

"At the end of last year" and "in November 2023" agree: the more precise one is said. Two dates that exclude each other
are disputed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.fold import fold
from rag.dated import Day, day_of, mentions
from rag.evidence import Sentence

_ISSUED = re.compile(r"发布|印发|出台|公布|颁布|推出|发表|通过")
_TITLE = re.compile(r"《([^》]{4,})》")
_GAP = re.compile(r"(?:[（(][^）)]*[）)])?[，,、\s]*")  # between a date and what happened on it
_MARKS = re.compile(r"\W+")
_NEAR = 40  # characters between a date and the title
_LOOKED_AT = 6


@dataclass(frozen=True, slots=True)
class Issued:
    """A sentence that dates the issue of a titled text; `text[start:end]` of its article says what happened."""

    sentence: Sentence
    title: str
    day: Day
    start: int
    end: int


def issued(ranked: Sequence[Sentence], question: str) -> list[Issued]:
    """What to say of when a titled text was issued; empty where the best sentence tells it as well as any.

    One where the articles agree, the more precise; of two dates that exclude each other, both.
    """
    if not _ISSUED.search(question):
        return []
    told = [one for s in ranked[:_LOOKED_AT] for one in _told(s)]
    same = [one for one in told if one.title == told[0].title]
    if len({one.sentence.hit.article.id for one in same}) < 2:
        return []
    others = [one for one in same if not _meet(one.day, same[0].day)]
    if others:
        return sorted((same[0], others[0]), key=lambda one: one.day.last)
    best = min(same, key=lambda one: (_length(one.day), same.index(one)))
    return [] if best is same[0] and best.sentence is ranked[0] else [best]


def _told(sentence: Sentence) -> list[Issued]:
    """The titled texts that a sentence says were issued, each with the date that stands next before it."""
    text, dates, found = sentence.text, mentions(sentence), []
    for title in _TITLE.finditer(text):
        before = [d for d in dates if title.start() - _NEAR <= d.start and d.end <= title.start()]
        day = day_of(before[-1]) if before else None
        if day is None or "《" in text[before[-1].end : title.start()]:
            continue
        begin = _GAP.match(text, before[-1].end).end()  # type: ignore[union-attr]
        if _ISSUED.search(fold(text[begin : title.start()])):
            start, end = sentence.start + begin, sentence.start + title.end()
            found.append(Issued(sentence, _MARKS.sub("", fold(title.group(1))), day, start, end))
    return found


def _meet(one: Day, other: Day) -> bool:
    return one.first <= other.last and other.first <= one.last


def _length(day: Day) -> int:
    """Rough, to compare: the months and days between the first and the last."""
    (y, m, d), (last_y, last_m, last_d) = (map(int, iso.split("-")) for iso in (day.first, day.last))
    return 372 * (last_y - y) + 31 * (last_m - m) + last_d - d
