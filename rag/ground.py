"""What a sentence rests on: the passages that support it, of those it cites or else of the others, and their words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.embed import StaticEmbedder
from index.fold import fold
from index.passages import Span
from rag import orders
from rag.evidence import gather
from rag.joint import ways
from rag.late import late_interaction
from rag.types import Hit
from rag.verify import Verdict, verify

_RUN = 3  # sentences in a row that a quote may take
# Late interaction of a question with a sentence, from which on the sentence has to do with it. Of 3,575 questions of
# CMRC, DRCD and XQuAD (English), 19 have their answer in a sentence below it, and a model writes more than its words. A
# sentence of any article has 0.14 in the middle, orders that know nothing of the question 0.05 to 0.13.
_ABOUT = 0.15


@dataclass(frozen=True, slots=True)
class Quote:
    """A literal part of an article that carries what a sentence says, and the hit that it stands in."""

    hit: Hit
    start: int
    end: int


class Ground:
    """The passages that a model was shown for a question, without the orders in them.

    `questions` are the folded forms of the question: as it was typed, and with what a follow-up left out.
    """

    def __init__(self, questions: Sequence[str], hits: Sequence[Hit], tokens: StaticEmbedder) -> None:
        self._questions, self._tokens = questions, tokens
        self._orders = {hit.passage.id: orders.orders(hit) for hit in hits}
        self._shown = {hit.passage.id: hit for hit in hits}
        self._hits = [self._without_orders(hit) for hit in hits]

    def support(self, text: str, numbers: Sequence[int]) -> tuple[Quote, ...]:
        """What supports a text that cites passages by number, the first being 1; nothing, if nothing does.

        Of the passages it cites, those that support it alone, or else all of them together; where they do not, the
        other passage that supports it best, alone or beside one that it cites. A text that has nothing to do with the
        question, nor have the words that carry it, is not supported.
        """
        cited = [self._hits[n - 1] for n in numbers if 1 <= n <= len(self._hits)]
        alone = [hit for hit in cited if self._holds(text, hit)]
        found = alone or (cited if len(cited) > 1 and self._hold_together(text, cited) else self._other(text, cited))
        about = self.is_about(text) or any(self.is_about(self._nearest(text, hit)) for hit in found)
        return tuple(self._quote(text, hit) for hit in found) if about else ()

    def is_about(self, text: str) -> bool:
        """Whether a text has to do with the question."""
        folded = fold(text)
        return any(late_interaction(self._tokens, q, [folded])[0] >= _ABOUT for q in self._questions)

    def repeats_an_order(self, text: str) -> bool:
        """Whether a text says what an order in the passages says."""
        shown = self._shown.values()
        given = [hit.article.text[s.start : s.end] for hit in shown for s in self._orders[hit.passage.id]]
        heads = [text for hit in shown for text in (hit.article.title, hit.passage.heading) if text]
        given += [text for text in heads if orders.is_order(text)]
        return orders.is_order(text) or any(orders.share(text, order) for order in given)

    def _other(self, text: str, cited: Sequence[Hit]) -> list[Hit]:
        others = [hit for hit in self._hits if hit not in cited]
        verdicts = [(verify(text, [hit], self._tokens), hit) for hit in others]
        supporting = [(verdict.score, hit) for verdict, hit in verdicts if verdict.supported]
        if supporting:
            return [max(supporting, key=lambda pair: pair[0])[1]]
        return next(([one, hit] for one in cited for hit in others if self._hold_together(text, [one, hit])), [])

    def _hold_together(self, text: str, hits: Sequence[Hit]) -> bool:
        """Whether hits support a text together, and each piece of it stands in one of them."""
        return self._holds(text, *hits) and any(
            all(any(not verify(piece, [hit], self._tokens).lacking for hit in hits) for piece in way)
            for way in ways(text)
        )

    def _holds(self, text: str, *hits: Hit) -> bool:
        return verify(text, hits, self._tokens).supported

    def _quote(self, text: str, hit: Hit) -> Quote:
        """The fewest sentences in a row that support the text; where none do, the one that comes nearest."""
        shown, spans = self._shown[hit.passage.id], self._spans(hit)
        for length in range(1, _RUN + 1):
            runs = [Span(a.start, b.end) for a, b in zip(spans, spans[length - 1 :], strict=False)]
            runs = [run for run in runs if not self._is_ordered(hit, run.start, run.end)]
            supporting = [run for run in runs if self._verdict(text, hit, run).supported]
            if supporting:
                best = self._best(text, hit, supporting)
                return Quote(shown, best.start, best.end)
        nearest = self._best(text, hit, spans) if spans else Span(hit.passage.start, hit.passage.end)
        return Quote(shown, nearest.start, nearest.end)

    def _nearest(self, text: str, hit: Hit) -> str:
        """The sentence of a hit that comes nearest to a text."""
        spans = self._spans(hit)
        best = self._best(text, hit, spans) if spans else Span(hit.passage.start, hit.passage.end)
        return hit.article.text[best.start : best.end]

    def _spans(self, hit: Hit) -> list[Span]:
        """The sentences of a hit that are no orders."""
        return [Span(s.start, s.end) for s in gather([hit]) if not self._is_ordered(hit, s.start, s.end)]

    def _best(self, text: str, hit: Hit, spans: Sequence[Span]) -> Span:
        def rank(span: Span) -> tuple[int, float]:
            verdict = self._verdict(text, hit, span)
            return -len(verdict.lacking), verdict.score

        return max(spans, key=rank)

    def _verdict(self, text: str, hit: Hit, span: Span) -> Verdict:
        return verify(text, [_part(hit, span)], self._tokens)

    def _is_ordered(self, hit: Hit, start: int, end: int) -> bool:
        return any(s.start < end and start < s.end for s in self._orders[hit.passage.id])

    def _without_orders(self, hit: Hit) -> Hit:
        """The hit as the model was shown it; its place in the article stays."""
        spans, passage, article = self._orders[hit.passage.id], hit.passage, hit.article
        if orders.is_order(article.title):
            article = replace(article, title="…")
        if passage.heading and orders.is_order(passage.heading):
            passage = replace(passage, heading=None)
        if spans:
            passage = replace(passage, text=orders.blanked(hit, spans), dates=())
        return replace(hit, article=article, passage=passage)


def _part(hit: Hit, span: Span) -> Hit:
    """The hit as if its passage were only that part of the article."""
    text = hit.article.text[span.start : span.end]
    passage = replace(hit.passage, text=text, start=span.start, end=span.end, dates=())
    return replace(hit, passage=passage)
