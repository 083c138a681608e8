"""What is shown of a sentence: the clauses that answer, with who "he" is and when "last year" was in brackets.

The citation keeps the whole sentence. What is left out is marked with …; what is added stands in brackets and is told
by the article: a name by the sentences before, a date by the index.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.dates import spoken
from index.fold import fold
from index.passages import Span
from index.tokens import tagged
from index.types import DateMention
from rag.asked_for import AskedFor, gives
from rag.evidence import Sentence
from rag.features import coverage

# Kinds of answer that a clause gives or does not; a reason, a definition or a list may lie anywhere.
_TOLD_APART = ("number", "date", "person", "place", "organisation")
_ANYWHERE = ("reason", "definition", "listing")
_EXACT = ("number", "date")  # of these, clauses in the middle may go, too
_SHARE = 0.15  # of the question's words, by rarity: a clause that holds less says nothing of it
_OPENS, _CLOSES = "“「『《（(【", "”」』》）)】"
_RANGE = re.compile(r"(?:至|到|[-—–~～、])\s*$")  # of "9月19日至21日" the first says it
# What denies or hedges the rest of a sentence is never left out: then all of it is shown.
_HEDGES = re.compile(
    r"如果|假如|倘若|若(?!干)|除非|否则|只有|只要|一旦|假设|前提|否认|误报|不实|不符|谣|传言|据称|据传|知情人|爆料|网传|拟(?!人)|原计划"
    r"|取消|推迟|叫停|撤[销回]|驳回|拒绝|未获|尚未|并未|并非|不予"
    r"|\b(?:if|unless|until|den(?:y|ie)|not|never|reject|cancel|alleged|rumou?r)"
)
_HE = re.compile(r"[他她](?![们們人国國])")
_RELATIVE = re.compile(r"[去今明前本上当當同]|\d{1,2}月|\d{1,2}日")
_YEAR = re.compile(r"(?:19|20)\d\d")
_PART = re.compile(r"(?:[上下]半年|[初底末中])$")
_MONTH = re.compile(r"\d{1,2}月(?:\d{1,2}日)?")
_NAME = 3  # characters
_CLAUSE = 24  # characters behind a date in which its year may be told
_TOLD = re.compile(r"[（()）至到\-–—~～]|[^，,。；;]*?[（(][^（()）]*(?:19|20)\d\d")
_BEFORE = 160  # characters before a sentence in which "he" is looked for


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A sentence, the text that is shown of it, and the parts of its article that this text is taken from."""

    sentence: Sentence
    text: str
    spans: tuple[Span, ...]


def excerpt(
    sentence: Sentence, wanted: AskedFor, rarity: Mapping[str, float], *, dated: bool, cut: bool = True
) -> Excerpt:
    """What is shown of a sentence: all of it, unless it may be `cut`.

    `rarity` has the question's words; `dated`: relative dates are told in brackets.
    """
    added = dict(_persons(sentence))
    if dated or wanted.date:
        added |= dict(_dates(sentence))
    spans = kept(sentence, wanted, rarity) if cut else [Span(sentence.start, sentence.end)]
    text = sentence.hit.article.text
    shown, at = "", sentence.start
    for span in spans:
        if span.start > at:
            # Before a figure the comma of what is left out stays: "…2022" might be read as the end of a longer one.
            shown = f"{shown.rstrip('，,；;')}…{text[span.start - 1] if text[span.start].isdigit() else ''}"
        shown += "".join(_with(text, span, added))
        at = span.end
    return Excerpt(sentence, f"{shown.rstrip('，,；; ')}…" if at < sentence.end else shown, tuple(spans))


def kept(sentence: Sentence, wanted: AskedFor, rarity: Mapping[str, float]) -> list[Span]:
    """The parts of a sentence that are shown: from the first to the last clause that speaks of what is asked or gives
    it, where the kind of answer can be told; the whole sentence otherwise.
    """
    whole = [Span(sentence.start, sentence.end)]
    if not tells_apart(wanted):
        return whole
    kinds = [kind for kind in _TOLD_APART if getattr(wanted, kind)]
    clauses = _clauses(sentence.hit.article.text, sentence.start, sentence.end)
    folded = [fold(sentence.hit.article.text[c.start : c.end]) for c in clauses]
    giving = [any(gives(kind, wanted, text) for kind in kinds) for text in folded]
    telling = _telling(rarity, sentence)
    useful = [g or coverage(telling, text) >= _SHARE for g, text in zip(giving, folded, strict=True)]
    if not any(giving):
        return whole
    if wanted.number:  # when a number held is part of what it says
        useful = [use or _is_dated(sentence, clause) for use, clause in zip(useful, clauses, strict=True)]
    first, last = useful.index(True), len(useful) - useful[::-1].index(True)
    if not all(kind in _EXACT for kind in kinds):
        useful[first:last] = [True] * (last - first)
    if any(_HEDGES.search(text) for text, use in zip(folded, useful, strict=True) if not use):
        return whole
    return _joined([clause for clause, use in zip(clauses, useful, strict=True) if use])


def tells_apart(wanted: AskedFor) -> bool:
    """Whether a clause that gives what is asked for can be told from one that does not."""
    told = any(getattr(wanted, kind) for kind in _TOLD_APART)
    return told and not any(getattr(wanted, kind) for kind in _ANYWHERE)


def _is_dated(sentence: Sentence, clause: Span) -> bool:
    at = sentence.hit.passage.start
    named = (d for d in sentence.hit.passage.dates if d.iso or _MONTH.fullmatch(d.text))
    return any(clause.start <= at + d.start < clause.end for d in named)


def _telling(rarity: Mapping[str, float], sentence: Sentence) -> Mapping[str, float]:
    """The question's words without those that the title says of all sentences; all of them, if it says all."""
    title = fold(sentence.hit.article.title)
    return {word: r for word, r in rarity.items() if word not in title} or rarity


def _clauses(text: str, start: int, end: int) -> list[Span]:
    """A sentence at its commas and semicolons that stand outside of quotation marks, titles and brackets."""
    found, begin, depth = [], start, 0
    for at in range(start, end):
        char = text[at]
        depth = max(0, depth + (char in _OPENS) - (char in _CLOSES))
        if char in "，,；;" and depth == 0 and not (char == "," and text[at + 1 : at + 2].isdigit()):
            found.append(Span(begin, at + 1))
            begin = at + 1
    return [*found, Span(begin, end)] if begin < end else found


def _joined(spans: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1].end == span.start:
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def _with(text: str, span: Span, added: Mapping[int, str]) -> Iterator[str]:
    """A part of the text with what is added behind some of its places."""
    at = span.start
    for place in sorted(p for p in added if span.start < p <= span.end):
        yield text[at:place]
        yield added[place]
        at = place
    yield text[at : span.end]


def _dates(sentence: Sentence) -> Iterator[tuple[int, str]]:
    """Behind each date of the sentence that names no year, the date that it is.

    Where the article has no date to reckon from, a month is of the year that the sentence named last before it.
    """
    at = sentence.hit.passage.start
    year: str | None = None
    for mention in sentence.hit.passage.dates:
        if not (sentence.start <= at + mention.start and at + mention.end <= sentence.end):
            continue
        if stated := _YEAR.match(mention.text):
            year = stated.group()
        elif _RELATIVE.match(mention.text) and not _is_told(sentence, mention) and (day := _told(mention, year)):
            yield at + mention.end, f"（{day}）"


def _is_told(sentence: Sentence, mention: DateMention) -> bool:
    """Whether a date stands in a range, whose first end says it, or in brackets, or has its brackets already."""
    text = sentence.hit.passage.text
    behind = text[mention.end : mention.end + _CLAUSE]
    return bool(_RANGE.search(text[: mention.start]) or _TOLD.match(behind))


def _told(mention: DateMention, year: str | None) -> str | None:
    """A date as it is written with its year; None where nobody knows it."""
    if mention.iso and len(mention.iso) == 4 and (part := _PART.search(mention.text)):
        return f"{mention.iso}年{part.group()}"
    if mention.iso:
        return spoken(mention.iso)
    return f"{year}年{mention.text}" if year and _MONTH.fullmatch(mention.text) else None


def _persons(sentence: Sentence) -> Iterator[tuple[int, str]]:
    """Behind the "he" with which a sentence begins, the one person that the sentence before it names."""
    text = sentence.hit.article.text
    if not _HE.match(text, sentence.start):
        return
    before = text[max(0, sentence.start - _BEFORE) : sentence.start].rstrip().rstrip('。！？”"')
    previous = re.split(r"[。！？\n]", before)[-1]
    names = {word for word, tag in tagged(previous) if tag == "nr" and 2 <= len(word) <= _NAME}
    # A tagger takes the verb behind a name for its end now and then: such a "name" stands in the article but once.
    sure = [name for name in names if text.count(name) > 1]
    if len(names) == 1 and sure:
        yield sentence.start + 1, f"（{sure[0]}）"
