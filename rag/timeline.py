"""Values of one quantity at different dates: 24 models in May and 34 in June are no contradiction but a line of time.

A line that joins two quantities is worse than none. So the numbers must be counted in the same measure, stand by the
noun that the question counts and be marked alike (新增, 累计, 预计 …), and their sentences must share the question's
words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.fold import fold
from rag.asked_for import AskedFor, gives_number
from rag.asked_when import When
from rag.counted import Counted
from rag.dated import Day, Value, values
from rag.evidence import Sentence
from rag.features import Sought
from rag.issued import issued

_LEADING = 3  # sentences, of which one must state the quantity
_LOOKED_AT = 12
_MOST = 4  # entries
_ROUNDED = 0.005, 10_000  # a difference from rounding, and the least number in which it counts
_NEAR = 0.1  # of a value that is only about right, and still the same
_FITS = 0.7  # of the best sentence's late interaction and words
_COURSE = re.compile(r"先后|历[年次届]|逐年|变化|变迁|演变")
_COUNTING = frozenset(("", *"人位名家户個个所款项种例张台辆件座条"))
# "On the day X was opened": which day that is, the values do not tell.
# Nor are the values of two quantities one line.
_NOT_ONE_LINE = re.compile(
    r"[当同][天日月年时]|的时候|期间|前夕|之[前后]|同一|[分各]别|各[有是为占]|[和与及、].{2,8}(?:多少|几|多大)"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A value and the day for which it stands: `article.text[start:end] == value` in the article of the sentence."""

    sentence: Sentence
    day: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """Values of one quantity, oldest first. `disputed`: two articles give different ones for one day."""

    entries: tuple[Entry, ...]
    disputed: bool


@dataclass(frozen=True, slots=True)
class _Stated:
    """A value of the quantity asked for, and the sentence that states it."""

    sentence: Sentence
    value: Value

    @property
    def last(self) -> tuple[str, str]:
        day = self.value.day
        return (day.last, day.first) if day else ("", "")


def timeline(ranked: Sequence[Sentence], wanted: AskedFor, sought: Sought) -> Timeline | None:
    """The line of the values that the ranked sentences give to what is asked; None where they give but one.

    Of a question about now the newest is kept, of one as of a day what held then, of one about dates those within.
    """
    if wanted.date:
        return _of_issues(ranked, sought.folded)
    if _COURSE.search(sought.folded):
        stated = _course(ranked[:_LOOKED_AT])
    elif wanted.number and not _NOT_ONE_LINE.search(sought.folded):
        stated = _stated(ranked[:_LOOKED_AT], wanted, sought)
    else:
        return None
    line = _changes(_of_one_length(stated))
    if len(line) < 2 or not all(_may_differ(a, b) for a, b in pairwise(line)):
        return None
    kept = _asked_about(line, sought.when)[-_MOST:]
    disputed = any(a.last == b.last for a, b in pairwise(kept))
    return Timeline(tuple(_entry(s) for s in kept), disputed) if kept else None


def _of_issues(ranked: Sequence[Sentence], question: str) -> Timeline | None:
    """When a titled text was issued, where the best sentence does not tell it best."""
    found = issued(ranked, question)
    texts = [one.sentence.hit.article.text[one.start : one.end] for one in found]
    entries = tuple(
        Entry(one.sentence, one.day.shown, text, one.start, one.end) for one, text in zip(found, texts, strict=True)
    )
    return Timeline(entries, len(entries) > 1) if entries else None


def _course(ranked: Sequence[Sentence]) -> list[_Stated]:
    """The values of the sentences that fit nearly as well as the best, for a question that says it asks for several.

    They may be counted in different measures: 10万卡 and 100EFLOPS are two goals of one kind.
    """
    stated: list[_Stated] = []
    for sentence in ranked:
        if sentence.late < _FITS * ranked[0].late or sentence.words < _FITS * ranked[0].words:
            continue
        found = [v for v in values(sentence) if v.day and not v.ordinal]
        if len(found) != 1:
            return []
        stated.append(_Stated(sentence, found[0]))
    return stated


def _stated(ranked: Sequence[Sentence], wanted: AskedFor, sought: Sought) -> list[_Stated]:
    """The values of one quantity: that of the first sentence that gives what is asked for, and those that match it."""
    question = Counted.read(sought)
    leads = [(s, _best([v for v in values(s) if _gives(v, wanted)], question)) for s in ranked[:_LEADING]]
    leads = [(s, own) for s, own in leads if own and question.is_subject_of(s, own[-1])]
    if not leads:
        return []
    lead, own = max(leads, key=lambda pair: len(question.noun(pair[1][-1].clause)))
    found = [_Stated(lead, value) for value in own]
    for other in ranked:
        if other is not lead:
            found += [_Stated(other, v) for v in _matching(other, lead, own[-1], wanted, question)]
    return found


def _matching(other: Sentence, lead: Sentence, value: Value, wanted: AskedFor, question: Counted) -> list[Value]:
    if not question.shares(lead, other):
        return []
    alike = [v for v in values(other) if _is_alike(v, value, wanted) and question.counts(v, value)]
    return _best(alike, question)


def _best(found: Sequence[Value], question: Counted) -> list[Value]:
    """The value whose clause holds most of the question, with that from which it grew; none where two are as good."""
    reach = [question.reach(v.clause) for v in found]
    best = [v for v, r in zip(found, reach, strict=True) if r == max(reach) > (0, 0)]
    if len(best) == 2 and best[1].grown:
        return best
    return best if len(best) == 1 else []


def _gives(value: Value, wanted: AskedFor) -> bool:
    return not value.ordinal and gives_number(wanted, fold(value.text))


def _is_alike(value: Value, lead: Value, wanted: AskedFor) -> bool:
    """Whether two values may be of one quantity by what they are counted in."""
    if wanted.measure or wanted.money:
        return _gives(value, wanted)
    return value.ordinal == lead.ordinal and (value.unit == lead.unit or {value.unit, lead.unit} <= _COUNTING)


def _of_one_length(stated: Sequence[_Stated]) -> list[_Stated]:
    """Those with a day, as long as that of the first: what was made in half a year is less than in a year."""
    days = [s.value.day for s in stated if s.value.day]
    return [s for s in stated if s.value.day and _compares(s.value.day, days[0])]


def _compares(one: Day, other: Day) -> bool:
    if one.as_of and other.as_of:
        return True
    return one.period == other.period and not (one.is_part_of(other) or other.is_part_of(one))


def _changes(stated: Sequence[_Stated]) -> list[_Stated]:
    """The values by their days, each run of agreeing ones once."""
    line: list[_Stated] = []
    for one in sorted(stated, key=lambda s: s.last):
        if not line or not _agree(line[-1].value, one.value):
            line.append(one)
    return line


def _agree(one: Value, other: Value) -> bool:
    most = max(abs(one.number), abs(other.number))
    share, least = _ROUNDED
    near = _NEAR if one.approximate or other.approximate else share if most >= least else 0.0
    return abs(one.number - other.number) <= near * most


def _may_differ(one: _Stated, other: _Stated) -> bool:
    """Whether two values are no sign of two quantities: they are of two days, or two articles tell them of one."""
    if one.last != other.last:
        return True
    day = one.value.day
    return day is not None and day.is_near and one.sentence.hit.article.id != other.sentence.hit.article.id


def _asked_about(line: Sequence[_Stated], when: When) -> list[_Stated]:
    if when.now or when.until is not None:
        held = [s for s in line if when.until is None or s.last[0] <= when.until]
        return [s for s in held if s.last == held[-1].last]
    if when.spans:
        return [s for s in line if any(span.first <= s.last[1] and s.last[0] <= span.last for span in when.spans)]
    return list(line)


def _entry(stated: _Stated) -> Entry:
    value = stated.value
    return Entry(stated.sentence, value.day.shown if value.day else "", value.text, value.start, value.end)
