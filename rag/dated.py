"""The numbers of a sentence, each with the time that it holds for: what is counted changes from day to day."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.dates import NumberMention, find_numbers, spoken
from index.dates.interval import of_iso
from index.fold import fold
from index.types import DateMention
from rag.evidence import Sentence

# Offsets are of the text as it stands; a list of counts (80万人次线下、25亿人次线上) is taken apart too.
_CLAUSE = re.compile(r"[，,；;。！？!?\n](?!\d{3}\b)|、(?=[约約近超逾]?\d)")
_QUOTED = re.compile(r"《[^》]*》|\[\d+\]|[（(][^（）()]*[）)]")
_BEFORE = re.compile(r"(?:连续|連續|大?[约約]|将?近|將近|逾|超[过過]?|突破|不足|不到|至少|接近)+\Z")
_BEHIND = re.compile(r"[多余餘][万萬亿億]?|以[上下]|左右|上下")
# "AI talent" begins as "people" does: 25万人工智能人才 are 25万.
_AI = re.compile(r"人(?=工智)")
_NOW = re.compile(r"[现現](?:已|有|在)|目前|如今|至今|迄今")
_STILL = re.compile(r"[现現]|目前|已|就|累[计計]|[拥擁]有|共有")
_THEN = re.compile(r"[当當]时|[当當]時|彼[时時]|同[年月日期]|[当當][年月日天晚]|次年|翌年")
_FOUNDED = re.compile(
    r"(?:成立|建成|[创創][立办辦]|始建|[启啟][动動用]|上[线線]|揭牌|挂牌|掛牌|[开開][业業馆館]).{0,12}的"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_SPANS = frozenset(("年", "个月", "個月", "月", "周", "星期", "天", "日", "小时", "小時"))
_STRETCH_BEFORE = re.compile(r"(?:[过過]去|[将將]?近|未[来來]|今[后後]|最近|前|此前|[后後])\Z")
_STRETCH_BEHIND = re.compile(r"以?[来來]|[内內间間前后後]|之[内內前后後]")
_SINCE = re.compile(r"(?:年|月|日)?(?:起|以[来來]|[开開]始)")
_EACH = re.compile(r"分别|分別|依次")
_COMPARED = re.compile(r"(?:[比较較与與同]|[超高低多少][过過出于於])\Z")
_PERIOD = re.compile(r"至|[上下]半年|季度|前.{1,3}月|Q[1-4]")
_AS_OF = re.compile(r"(?:截[至止]到?|到|至)\s*\Z")
_LITTLE = 2  # characters of a clause beside its date and what leads to it
_ADVERBS = re.compile(r"[为為因]此|此外|另外|早[在于於]|[在到至自从從而但]|截[至止]到?|[，,、\s]|[时時间間]|之前|以前")
_TO = re.compile(r"\s*(?:到|至|[-—–~～]+)\s*")
_FROM = re.compile(r"[从從由自][^，,；;。]{0,4}\Z")
_GREW = re.compile(r"[增扩擴升涨漲降减減跌提壮壯发發变變][^，,；;。]{0,12}?[到至为為成][^，,；;。]{0,4}\Z")
_PART_OF_MONTH = re.compile(r"[上中下]旬|[初底末中]\Z")
_PART_OF_YEAR = re.compile(r"(?:[初底末]|年中|[上下]半年|第?[一二三四1-4]季度|前.{1,3}月|Q[1-4])\Z")


@dataclass(frozen=True, slots=True)
class Day:
    """A time as it is shown, with no year left relative, and the ISO days that it spans, both included.

    `as_of`: it is the day as of which something holds, or on which it was told.
    """

    shown: str
    first: str
    last: str
    as_of: bool = False

    @property
    def is_near(self) -> bool:
        """Whether it is so short that two counts of one thing cannot both be right."""
        return self.first[:7] == self.last[:7]

    def is_part_of(self, other: "Day") -> bool:
        """Whether it lies within a longer time."""
        return (
            other.first <= self.first and self.last <= other.last and self.first + self.last != other.first + other.last
        )

    @property
    def period(self) -> int:
        """The months of a part of a year or of a time from one date to another; 0 for a day, a month or a year."""
        if not _PERIOD.search(self.shown):
            return 0
        (year, month), (first_year, first_month) = (map(int, day[:7].split("-")) for day in (self.last, self.first))
        return 12 * (year - first_year) + month - first_month + 1


@dataclass(frozen=True, slots=True)
class Value:
    """A number at its place in the article with what makes it less exact, and its folded clause.

    `day` is when it holds; None where that cannot be told. `grown`: it is the second of "from 183 to 348".
    """

    start: int
    end: int
    text: str
    number: float
    unit: str
    ordinal: bool
    approximate: bool
    clause: str
    day: Day | None
    grown: bool = False


@dataclass(frozen=True, slots=True)
class _Clause:
    start: int
    end: int


def values(sentence: Sentence) -> list[Value]:
    """The numbers of a sentence that are no dates, no notes in brackets and no part of a title, in their order."""
    text, dates = sentence.text, mentions(sentence)
    clauses = list(_clauses(text))
    hidden = [m.span() for m in _QUOTED.finditer(text)]
    found: list[Value] = []
    for number in find_numbers(text):
        start, end = number.start, number.end
        if _within(start, hidden) or any(d.start < end and start < d.end for d in dates) or _is_none(text, number):
            continue
        unit = "" if number.unit == "人" and _AI.match(text, end - 1) else number.unit
        end -= len(number.unit) - len(unit)
        clause = next(c for c in clauses if c.start <= start < c.end)
        shown_start, shown_end = _with_bounds(text, start, end)
        found.append(
            Value(
                start=sentence.start + shown_start,
                end=sentence.start + shown_end,
                text=text[shown_start:shown_end],
                number=number.value,
                unit=unit,
                ordinal=number.ordinal,
                approximate=number.approximate,
                clause=fold(text[clause.start : clause.end]),
                day=_day(sentence, text, dates, clauses, clause, start),
            )
        )
    return _pairs(sentence, text, dates, found)


def day_of(mention: DateMention) -> Day | None:
    """A date of a text as it is shown: 今年6月中旬 in an article of 2024 is 2024年6月中旬. None if it is unclear."""
    if not (mention.iso and mention.first and mention.last):
        return None
    part = _PART_OF_MONTH if len(mention.iso) == 7 else _PART_OF_YEAR
    tail = part.search(mention.text) if len(mention.iso) < 10 else None
    return Day(spoken(mention.iso) + (tail.group() if tail else ""), mention.first, mention.last)


def appeared(sentence: Sentence) -> Day | None:
    """The day of a sentence's article; None if it has none."""
    published = sentence.hit.article.published
    known = of_iso(published)
    if not known or not known.iso:
        return None
    return Day(spoken(known.iso), known.first.isoformat(), known.last.isoformat(), as_of=True)


def _from_to(first: DateMention, last: DateMention) -> Day | None:
    """The time between two dates: what was counted in it."""
    begin, end = day_of(first), day_of(last)
    return Day(f"{begin.shown}至{end.shown}", begin.first, end.last) if begin and end else None


def mentions(sentence: Sentence) -> list[DateMention]:
    """The dates of a sentence at offsets within it, without those in titles."""
    at = sentence.hit.passage.start - sentence.start
    titles = [m.span() for m in re.finditer("《[^》]*》", sentence.text)]
    inside = (d for d in sentence.hit.passage.dates if at + d.start >= 0 and at + d.end <= len(sentence.text))
    moved = [DateMention(at + d.start, at + d.end, d.text, d.iso, d.first, d.last) for d in inside]
    return [d for d in moved if not _within(d.start, titles)]


def _clauses(text: str) -> Iterator[_Clause]:
    begin = 0
    for found in _CLAUSE.finditer(text):
        yield _Clause(begin, found.end())
        begin = found.end()
    yield _Clause(begin, len(text) + 1)


def _within(at: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= at < end for start, end in spans)


def _is_none(text: str, number: NumberMention) -> bool:
    """Whether a number is a year, a stretch of time (过去6年), one of several (分别为…), or a name (“11条”)."""
    before, behind = text[max(0, number.start - 2) : number.start], text[number.end : number.end + 2]
    if _EACH.search(text, 0, number.start):
        return True
    if not number.unit and _YEAR.fullmatch(number.text):
        return True
    if number.unit in _SPANS and (_STRETCH_BEFORE.search(before) or _STRETCH_BEHIND.match(behind)):
        return True
    if number.unit == "位" and behind[:1] in ("数", "數"):
        return True
    return before[-1:] in ("“", "「", '"') and behind[:1] in ("”", "」", '"')


def _with_bounds(text: str, start: int, end: int) -> tuple[int, int]:
    before, behind = _BEFORE.search(text, max(0, start - 6), start), _BEHIND.match(text, end)
    return before.start() if before else start, behind.end() if behind else end


def _day(
    sentence: Sentence, text: str, dates: Sequence[DateMention], clauses: Sequence[_Clause], own: _Clause, at: int
) -> Day | None:
    """When the number at `at` holds: a date beside it in its clause, one that stands before it alone, or the article's.

    None where the sentence tells of another time and nothing says which it is.
    """
    if _THEN.search(text):
        return None
    if own_date := _beside(text, dates, own, at):
        if _COMPARED.search(text, 0, own_date.start):
            return None
        now = _NOW.search(text, own_date.end, at) if own_date.end <= at else None
        return appeared(sentence) if now else _read(text, own_date)
    if _NOW.search(text, own.start, at):
        return appeared(sentence)
    dates = [d for d in dates if not (_SINCE.match(text, d.end) or _COMPARED.search(text, 0, d.start))]
    before = [d for d in dates if d.end <= own.start]
    if not before:
        return appeared(sentence) if not dates else None
    if _reaches(text, before, clauses, own):
        ends = _range(text, before)
        return _from_to(*ends) if ends else _read(text, before[-1])
    return appeared(sentence) if _STILL.search(text, own.start, at) else None


def _read(text: str, date: DateMention) -> Day | None:
    found = day_of(date)
    as_of = _AS_OF.search(text, max(0, date.start - 3), date.start)
    return replace(found, as_of=True) if found and as_of else found


def _beside(text: str, dates: Sequence[DateMention], own: _Clause, at: int) -> DateMention | None:
    """The date of the number's own clause, the nearest before it rather than one behind it."""
    near = [d for d in dates if own.start <= d.start < own.end and not _SINCE.match(text, d.end)]
    near = [d for d in near if d.end > at or not _FOUNDED.search(text, d.end, at)]
    before = [d for d in near if d.end <= at]
    return before[-1] if before else near[0] if near else None


def _reaches(text: str, before: Sequence[DateMention], clauses: Sequence[_Clause], own: _Clause) -> bool:
    """Whether the last date before a clause holds for it, too."""
    date = before[-1]
    if _AS_OF.search(text, max(0, date.start - 3), date.start) or _range(text, before):
        return True
    at = next(n for n, c in enumerate(clauses) if c.start <= date.start < c.end)
    if clauses.index(own) > at + 1:
        return False
    rest = _ADVERBS.sub("", text[clauses[at].start : date.start] + text[date.end : clauses[at].end])
    return len(rest) <= _LITTLE or (date.start - clauses[at].start <= 1 and not _STILL.search(text, own.start, own.end))


def _range(text: str, dates: Sequence[DateMention]) -> tuple[DateMention, DateMention] | None:
    """The last two dates, if they are the ends of a time: 2018年至2023年."""
    if len(dates) < 2 or not _TO.fullmatch(text, dates[-2].end, dates[-1].start):
        return None
    return dates[-2], dates[-1]


def _pairs(sentence: Sentence, text: str, dates: Sequence[DateMention], found: Sequence[Value]) -> list[Value]:
    """The values, those of "from 183 to 348" at the two ends of their time; without one, the first is left out."""
    result: list[Value] = []
    for value in found:
        first = result[-1] if result else None
        if first and _grew(text, first, value, sentence.start):
            ends = _range(text, [d for d in dates if d.end <= first.start - sentence.start])
            result[-1:] = [replace(first, day=day_of(ends[0]))] if ends else []
            value = replace(value, day=day_of(ends[1]) if ends else value.day, grown=True)
        result.append(value)
    return result


def _grew(text: str, first: Value, second: Value, at: int) -> bool:
    return bool(
        (first.unit == second.unit or "" in (first.unit, second.unit))
        and _FROM.search(text, max(0, first.start - at - 6), first.start - at)
        and _GREW.search(text, first.end - at, second.start - at)
    )
