"""Whether the numbers and dates of a sentence belong to the same things in its evidence.

Each stands there, but 183 firms may be those of another year, and 25亿 the viewers online. A number is compared with
the others of its kind in the evidence: if the words round one of those fit the sentence clearly better, it is taken
from the wrong place. And a number that the evidence gives for one year is wrong for another.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.embed import StaticEmbedder
from index.fold import fold
from index.numbers.units import agree
from rag.claims import Figure, Read, Time, read
from rag.late import meet

_CLAUSE = re.compile(r"[，；。！？!?;：\n]|、|,(?!\d)|\.(?=\s)")
_SENTENCE = re.compile(r"[。！？!?；;\n]")
# How much a word counts that stands so many clauses off, before or behind the number.
_BEFORE, _BEHIND = (1.0, 0.65, 0.5, 0.4), (1.0, 0.5, 0.4, 0.35)
_FAR, _HEAD = 0.3, 0.3
_ASIDE = 0.35
_CLEARLY, _CLEARLY_LATER = 0.1, 0.15
_FRAME = re.compile(r"报道|報道|報導|报导|消息|电|截[至止]|发表|刊|日电|[Aa]s of|[Aa]ccording|[Rr]eport|[Bb]y\s\Z")
_MONTHS_VARY = 3  # days by which one month or year is longer than another
_WITHIN = 2  # clauses behind a date that it may still date
_FRAMED = 4  # characters behind a date in which 报道 makes it that of who tells
_FITS = 0.5
_ROSE = re.compile(
    r"[^，。；;]{0,8}(?:[增升降减扩涨跌缩变壮提发翻減擴漲縮變壯發]\w{0,4}|[，,]?)(?:[到至为成為]|to)[^，。；;]{0,8}"
)
_SPAN = re.compile(r"\s?(?:[-–—~～至到和与]|and|to)\s?")
_ROUND = "十百千万亿"
_COMPARED = ("比", "较", "較")
_EACH = re.compile(
    r"分别|依次|各为|respectively"
)  # a list of numbers for a list of things has its order from the things
_BECAME = re.compile(r"[增升降减扩涨跌缩变壮提发翻減擴漲縮變壯發]\w{0,3}[到至为成為]")
_SINCE = re.compile(r"以来|以來|起|至今|以后|以後")
_LATER = re.compile(r"年|后|目前|如今|现|今|之前|later|now")
Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Layout:
    """A text with its numbers and dates, cut into clauses. `ends` and `sentence_ends` are where clauses and sentences
    end; what stands before `body` is not the text itself but what is known of it: title, publisher, date.
    """

    text: str
    body: int
    read: Read
    ends: tuple[int, ...]
    sentence_ends: tuple[int, ...]
    folded: tuple[str, ...]

    def clause(self, place: int) -> int:
        return sum(end <= place for end in self.ends[:-1])

    def sentence(self, place: int) -> int:
        return sum(end <= place for end in self.sentence_ends[:-1])


@lru_cache(2048)
def layout(text: str, base: str | None, head: str = "") -> Layout:
    """The clauses of a text, after those of its head. `base` is the ISO date that it leans on."""
    made = read(f"{head}\n{text}" if head else text, base)
    body = len(read(head, base).text) + 1 if head else 0
    ends = tuple(dict.fromkeys((*(m.end() for m in _CLAUSE.finditer(made.text)), len(made.text))))
    sentence_ends = tuple(dict.fromkeys((*(m.end() for m in _SENTENCE.finditer(made.text)), len(made.text))))
    starts = (0, *ends[:-1])
    folded = tuple(fold(made.text[a:b]) for a, b in zip(starts, ends, strict=True))
    return Layout(made.text, body, made, ends, sentence_ends, folded)


def misplaced(said: Layout, there: Layout, tokens: StaticEmbedder) -> Iterator[str]:
    """The numbers and dates of a sentence that the evidence has for something else, as the sentence writes them."""
    yield from _of_other_words(said, there, tokens)
    yield from _of_other_years(said, there)
    yield from _turned_round(said, there)


def _of_other_words(said: Layout, there: Layout, tokens: StaticEmbedder) -> Iterator[str]:
    met: list[tuple[Scores, float]] = []
    claims: list[Figure | Time] = [*said.read.figures, *_told(said)]
    for one in claims:
        if isinstance(one, Figure) and _EACH.search(said.text):
            continue
        own, others = _figures_like(one, said, there) if isinstance(one, Figure) else _times_like(one, said, there)
        if not own or not others:
            continue
        met = met or [_fits(said, clause, there, tokens) for clause in range(len(said.ends))]
        fits = _together(met, said.clause(one.start))
        best = max(float(fits[there.clause(place)]) for place in own)
        rival = max(float(fits[there.clause(place)]) for place in others)
        if rival > _FITS and rival - best > _margin(one, own, there):
            yield one.text


def _margin(one: Figure | Time, own: Sequence[int], there: Layout) -> float:
    """By how much a rival must fit better: not at all where a date is only that of the article."""
    if isinstance(one, Figure):
        return _CLEARLY
    return _CLEARLY_LATER if any(place >= there.body for place in own) else 0.0


def _told(said: Layout) -> list[Time]:
    """The dates at which something happened, not those of who tells it or until when it is known."""
    starts = (0, *said.ends)
    return [t for t in said.read.times if not _FRAME.search(said.text, starts[said.clause(t.start)], t.end + _FRAMED)]


def _figures_like(figure: Figure, said: Layout, there: Layout) -> tuple[list[int], list[int]]:
    """Where the evidence has a number, and where it has others that could stand for it."""
    own = [f.start for f in there.read.figures if figure.agrees(f)]
    return own, [f.start for f in there.read.figures if _competes(f, figure, said)]


def _times_like(time: Time, said: Layout, there: Layout) -> tuple[list[int], list[int]]:
    """Where the evidence has a date, and where it has others that are as precise and that the sentence does not say."""
    own = [t.start for t in there.read.times if time.holds(t)]
    others = [t for t in there.read.times if t.days <= time.days + _MONTHS_VARY and not t.holds(time)]
    return own, [t.start for t in others if not any(s.holds(t) for s in said.read.times)]


def _together(met: Sequence[tuple[Scores, float]], clause: int) -> Scores:
    """How well a sentence fits each clause of the evidence, the clause of the number above all: shape (clauses,)."""
    weights = [weight * (1.0 if at == clause else _ASIDE) for at, (_, weight) in enumerate(met)]
    fits: Scores = np.sum([w * fit for w, (fit, _) in zip(weights, met, strict=True)], axis=0) / max(sum(weights), 1e-9)
    return fits


def _competes(other: Figure, figure: Figure, said: Layout) -> bool:
    """Whether a number could stand for another one: of the same unit, and not said by the sentence itself.

    千亿元级 is no rival.
    """
    if figure.is_year != other.is_year or other.text[:1] in _ROUND:
        return False
    if figure.agrees(other) or other.ordinal != figure.ordinal or bool(other.unit) != bool(figure.unit):
        return False
    return agree(figure.unit, other.unit) and not any(f.agrees(other) for f in said.read.figures)


def _fits(said: Layout, clause: int, there: Layout, tokens: StaticEmbedder) -> tuple[Scores, float]:
    """How well the words of a clause fit those round each clause of the evidence, of shape (clauses,); their weight."""
    start = said.ends[clause - 1] if clause else 0
    words = _without_numbers(said, start, said.ends[clause])
    count = len(there.folded)
    met = meet(tokens, words, [""] * count, there.folded)
    weight = float(met.weights.sum())
    if not weight:
        return np.zeros(count, np.float32), 0.0
    best = (met.whole[:, :, None] * _nearness(count)[None]).max(axis=1)
    fits: Scores = met.weights @ best / weight
    return fits, weight


@lru_cache(256)
def _nearness(count: int) -> Scores:
    """What a word in one clause counts for a number in another: shape (clauses of the word, of the number)."""
    return np.array([[_weight(j, k) for k in range(count)] for j in range(count)], np.float32)


def _weight(word: int, number: int) -> float:
    """What a word in one clause counts for a number in another."""
    off = abs(word - number)
    table = _BEFORE if word <= number else _BEHIND
    return table[off] if off < len(table) else _FAR


def _without_numbers(said: Layout, start: int, end: int) -> str:
    """A stretch of the sentence without its numbers, which would fit themselves."""
    kept, place = "", start
    for figure in said.read.figures:
        if start <= figure.start < end:
            kept += said.text[place : figure.start] + " "
            place = figure.end
    return fold(kept + said.text[place:end])


def _of_other_years(said: Layout, there: Layout) -> Iterator[str]:
    """Numbers that the sentence gives for one year and the evidence, wherever it has them, for others."""
    for figure in said.read.figures:
        year = _year_of(figure, said)
        if not year:
            continue
        known = [_years_of(f, there) for f in there.read.figures if figure.agrees(f)]
        if known and all(years and year not in years for years in known):
            yield figure.text


def _year_of(figure: Figure, said: Layout) -> str | None:
    """The year of a number in the sentence: the nearest one in its clause, or the only one of all before it."""
    clause, dated = said.clause(figure.start), _dated(said)
    own = [t for t in dated if said.clause(t.start) == clause]
    if own:
        if any(_SPAN.fullmatch(said.text, a.end, b.start) for a, b in pairwise(own)):
            return None
        nearest = min(own, key=lambda t: max(figure.start - t.end, t.start - figure.end))
        # 由2022年的3.7%升至6.3%: of what it became, the year is another one.
        return None if _BECAME.search(said.text, nearest.end, figure.start) else nearest.first[:4]
    # A day at the head of a sentence is more often that of the report.
    if len({t.first[:4] for t in dated}) != 1 or any(t.start > figure.start or not t.days for t in dated):
        return None
    return None if _LATER.search(said.text, dated[-1].end, figure.start) else dated[0].first[:4]


def _years_of(figure: Figure, there: Layout) -> set[str]:
    """The years for which the evidence gives a number; empty where it cannot be told."""
    sentence = there.sentence(figure.start)
    dated = [t for t in _dated(there) if there.sentence(t.start) == sentence]
    if moved := _moved(figure, dated, there):
        return moved
    clause = there.clause(figure.start)
    near = {t.first[:4] for t in dated if there.clause(t.start) == clause}
    before = [t for t in dated if clause - _WITHIN <= there.clause(t.start) < clause]
    return near or {t.first[:4] for t in before[-1:]}


def _moved(figure: Figure, dated: Sequence[Time], there: Layout) -> set[str]:
    """The year of a number that moved from one to another over two years: 2018年到2023年，由183家增加到348家."""
    years = {t.first[:4] for t in dated}
    if len(years) != 2:
        return set()
    sentence = there.sentence(figure.start)
    for before, after in (pair for pair in moves(there) if there.sentence(pair[0].start) == sentence):
        if figure in (before, after):
            return {min(years) if figure == before else max(years)}
    return set()


def moves(text: Layout) -> list[tuple[Figure, Figure]]:
    """The pairs of numbers of which a text says that the one became the other."""
    pairs = pairwise(text.read.figures)
    return [(a, b) for a, b in pairs if agree(a.unit, b.unit) and _ROSE.fullmatch(text.text[a.end : b.start])]


def _turned_round(said: Layout, there: Layout) -> Iterator[str]:
    """由25万减少到10万, where the evidence has 由10万增加到25万."""
    known = moves(there)
    for before, after in moves(said):
        forth = any(before.agrees(a) and after.agrees(b) for a, b in known)
        if not forth and any(before.agrees(b) and after.agrees(a) for a, b in known):
            yield said.text[before.start : after.end]


def _dated(text: Layout) -> list[Time]:
    """The dates within one year, but those that something is compared with (比2022年增长)."""
    within = (t for t in text.read.times if t.is_within_year and not _SINCE.match(text.text, t.end))
    return [t for t in within if text.text[t.start - 1 : t.start] not in _COMPARED]
