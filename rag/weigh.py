"""What speaks for a sentence, and the order in which sentences answer a question."""

from collections.abc import Sequence
from dataclasses import replace

from index.embed import StaticEmbedder
from rag.asked_for import AskedFor, can_give
from rag.asked_when import Span, When, is_later, told_by
from rag.evidence import Sentence
from rag.features import Sought, coverage
from rag.late import late_interaction

# Set by hand. Weights learned as those of passages are (`rag.train`), from twelve signs over encyclopaedia articles,
# put the right sentence first in .76 of questions of their own kind instead of .73, but over the longer news articles
# of the gold set all needed sentences among the first ten in .82 instead of .92: they trust the best passage too much.
_COSINE, _LATE, _COVERAGE, _KIND, _PLACE = 0.5, 2.0, 1.5, 0.6, 1.0
_NEWEST, _LATER = 0.5, -1.0


def weigh(gathered: Sequence[Sentence], looked_for: Sought, wanted: AskedFor, tokens: StaticEmbedder) -> list[Sentence]:
    """The same sentences with their scores, best first."""
    if not gathered:
        return []
    texts = [s.folded for s in gathered]
    asked, *vectors = tokens.encode([looked_for.folded, *texts])
    late = late_interaction(tokens, looked_for.folded, texts)
    best = max(s.hit.match for s in gathered) or 1.0
    timely = _timely(gathered, looked_for.when)
    weighed = []
    for sentence, vector, match, time in zip(gathered, vectors, late.tolist(), timely, strict=True):
        cosine, words = float(asked @ vector), coverage(looked_for.rarity, sentence.folded)
        worth = _COSINE * cosine + _LATE * match + _COVERAGE * words + _PLACE * sentence.hit.match / best
        worth += _KIND * can_give(wanted, sentence.folded) + time
        weighed.append(replace(sentence, cosine=cosine, late=match, words=words, worth=worth))
    return sorted(weighed, key=lambda s: -s.worth)


def _timely(gathered: Sequence[Sentence], when: When) -> list[float]:
    """What the time of each sentence is worth to a question about now, or as of a day.

    A sentence's time is the dates it names, or its article's where it names none. A date that is asked about is worth
    nothing here: the year of the wrong firm would come before the right firm's other year, which is refused.
    """
    told = [_told(s) for s in gathered]
    days = sorted({t[-1].first for t in told if t})
    return [
        _NEWEST * (days.index(t[-1].first) / max(len(days) - 1, 1) if when.now and t else 0.0)
        + _LATER * is_later(t, when.until)
        for t in told
    ]


def _told(sentence: Sentence) -> list[Span]:
    at, passage = sentence.hit.passage.start, sentence.hit.passage
    inside = (d for d in passage.dates if sentence.start <= at + d.start and at + d.end <= sentence.end)
    return told_by(inside, sentence.hit.article.published)
