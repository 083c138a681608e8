"""The sentences that an answer can be made of, each with what speaks for it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.fold import fold
from index.passages import Span, sentences
from index.synonyms import Rephrase, as_it_is
from rag.types import Hit

_LONG = 130  # beyond it, a sentence is taken apart at its semicolons
_LIST = 260  # unless a list is asked for: then up to here it stays whole
_NEW = 2  # characters
_SAME_THING = 0.65
_BEFORE = 120  # characters before a passage with which its first sentence is read
_RELATIVE = "去前明上今本"  # as in 去年底, 前年, 明年初, 上年末, 今年, 本月
_SHORT = 12  # below it, a line without an end mark is a scrap ("转自：…") that goes with the one before it
_ENDS = '。！？!?.”"'
_ROOM = 280  # beyond it, a sentence fits in no answer and is cut behind a comma, or anywhere if it has none
_SEMICOLON = re.compile(r"[;；]")
_COMMA = re.compile(r"[，,、：:]\s*|\s+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a hit at its place in the article, folded and in the question's words too, with its scores.

    `before` is the end of what stands before it, folded too. `cosine` and `late` compare it with the question, `words`
    is the share of the question's rare words that it holds, `worth` says how well it answers, and `likely` how likely
    it is that none does better (`rag.weigh`).
    """

    hit: Hit
    start: int
    end: int
    folded: str
    before: str = ""
    cosine: float = 0.0
    late: float = 0.0
    words: float = 0.0
    worth: float = 0.0
    likely: float = 0.0

    @property
    def text(self) -> str:
        """The sentence as it stands in the article."""
        return self.hit.article.text[self.start : self.end]

    def says_more_than(self, question: str) -> bool:
        """Whether it says anything that the folded question does not: "said Mr Zhong." answers nothing about him."""
        return len({c for c in self.folded if c.isalnum()} - set(question)) >= _NEW

    def is_at(self, other: "Sentence") -> bool:
        """Whether both are one sentence of one article, however they are weighed."""
        return self.start == other.start and self.hit.article.id == other.hit.article.id

    @property
    def relative_years(self) -> set[str]:
        """The years that it names by 去年, 今年 and the like, told from its article's date."""
        at = self.hit.passage.start
        inside = (d for d in self.hit.passage.dates if self.start <= at + d.start and at + d.end <= self.end)
        return {d.iso[:4] for d in inside if d.iso and d.text[:1] in _RELATIVE}

    def speaks_of_what(self, best: "Sentence", *, words: float) -> bool:
        """Whether it speaks of the same thing as the best sentence does: it matches the question not much worse.

        `words` is the share of the best sentence's words that it must hold.
        """
        return self.late >= _SAME_THING * best.late and self.words >= words * best.words


def gather(hits: Sequence[Hit], *, whole_lists: bool = False, rephrase: Rephrase = as_it_is) -> list[Sentence]:
    """The sentences of the hits, each once, in the order of the hits; headings are none.

    `rephrase` puts a text into the question's words.
    """
    found: dict[tuple[str, int], Sentence] = {}
    for hit in hits:
        text = hit.article.text
        before = [rephrase(fold(hit.before(_BEFORE)))]
        for span in _units(text, hit.passage.start, hit.passage.end, _LIST if whole_lists else _LONG):
            shown = text[span.start : span.end]
            if shown == hit.passage.heading:
                continue
            folded = rephrase(fold(shown))
            sentence = Sentence(hit, span.start, span.end, folded, " ".join(before[-2:]))
            found.setdefault((hit.article.id, span.start), sentence)
            before.append(folded)
    return list(found.values())


def _units(text: str, start: int, end: int, longest: int) -> Iterator[Span]:
    """Sentences joined with the scraps behind them, and taken apart at semicolons where they are long."""
    joined: list[Span] = []
    for span in sentences(text, start, end):
        if joined and span.end - span.start < _SHORT and text[span.end - 1] not in _ENDS:
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    for span in joined:
        if span.end - span.start <= longest:
            yield span
        else:
            yield from _apart(text, span)


def _apart(text: str, span: Span) -> Iterator[Span]:
    begin = span.start
    for match in _SEMICOLON.finditer(text, span.start, span.end):
        yield from _fitting(text, begin, match.end())
        begin = match.end()
    if begin < span.end:
        yield from _fitting(text, begin, span.end)


def _fitting(text: str, begin: int, end: int) -> Iterator[Span]:
    while end - begin > _ROOM:
        commas = [m.end() for m in _COMMA.finditer(text, begin + _LONG // 2, begin + _LONG)]
        cut = commas[-1] if commas else begin + _LONG
        yield Span(begin, cut)
        begin = cut
    yield Span(begin, end)
