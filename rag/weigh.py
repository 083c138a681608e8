"""What speaks for a sentence, the order in which sentences answer a question, and how sure that order is.

Articles name their subject once and go on without it ("His hobby is fishing."): so a sentence is read with the title
and heading above it and the two sentences before it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files

import numpy as np

from index.embed import StaticEmbedder
from rag.asked_for import AskedFor, can_give
from rag.asked_when import Span, When, is_later, told_by
from rag.evidence import Sentence
from rag.features import Sought, Values, coverage, head, phrases
from rag.late import meet

FEATURES = (
    "late",  # late interaction, with what stands above and before
    "cosine",  # of the vectors of question and sentence
    "headed",  # the share of the question's words, each by its rarity, that it holds with title and heading
    "context",  # the same, with the two sentences before it too
    "kind",  # whether it can give what is asked for, the numbers of the question left aside
    "match",  # of its passage, against the best one's
    "best",  # whether it is of the best passage
    "phrases",  # the share of the question's runs of three characters that it shares
    "opening",  # whether its passage or article begins with it
)
OF_WORDS = ("headed", "context", "phrases")  # what a question in another language than the articles has none of
_HEADED, _BEFORE = 0.9, 0.8  # what a token met above or before a sentence counts, against one met in it
_NEWEST, _LATER = 2.0, -4.0  # by hand: the material asks about no day
_QUOTED, _ABOVE = 3.0, 0.3  # by hand, too: it hardly quotes
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_YEAR = re.compile(r"(?:19|20)\d\d年?")


def weigh(gathered: Sequence[Sentence], looked_for: Sought, wanted: AskedFor, tokens: StaticEmbedder) -> list[Sentence]:
    """The same sentences with their scores, best first."""
    if not gathered:
        return []
    values = features(gathered, looked_for, wanted, tokens)
    weights = _weights()["foreign" if looked_for.foreign else "known"]
    worth = values @ np.array([weights[name] for name in FEATURES], np.float32)
    worth += np.array(_timely(gathered, looked_for.when), np.float32)
    worth += np.array([_QUOTED * _quotes(s, wanted) for s in gathered], np.float32)
    late, cosine = values[:, FEATURES.index("late")], values[:, FEATURES.index("cosine")]
    words = [coverage(looked_for.rarity, s.folded) for s in gathered]
    scores = zip(gathered, cosine.tolist(), late.tolist(), words, worth.tolist(), strict=True)
    return _sorted([replace(s, cosine=c, late=m, words=h, worth=w) for s, c, m, h, w in scores])


def together(part: Sequence[Sentence], whole: Sequence[Sentence], share: float) -> list[Sentence]:
    """The sentences by what they are worth to a part of a question, and in some share to the whole."""
    worth = {(s.hit.article.id, s.start): s.worth for s in whole}
    return _sorted([replace(s, worth=s.worth + share * worth[s.hit.article.id, s.start]) for s in part])


def _sorted(sentences: Sequence[Sentence]) -> list[Sentence]:
    """The sentences, best first, each with how likely it answers best: the softmax of what they are worth."""
    if not sentences:
        return []
    worth = np.array([s.worth for s in sentences])
    likely = np.exp(worth - worth.max())
    shares = (likely / likely.sum()).tolist()
    weighed = [replace(s, likely=p) for s, p in zip(sentences, shares, strict=True)]
    return sorted(weighed, key=lambda s: -s.worth)


def _quotes(sentence: Sentence, wanted: AskedFor) -> float:
    """The share of what the question quotes that the sentence holds; what stands above or before it counts less."""
    if not wanted.quoted:
        return 0.0
    held = [(q in sentence.folded) or _ABOVE * (q in f"{_head(sentence)} {sentence.before}") for q in wanted.quoted]
    return sum(held) / len(held)


def features(gathered: Sequence[Sentence], looked_for: Sought, wanted: AskedFor, tokens: StaticEmbedder) -> Values:
    """Shape (sentences, FEATURES), all in [0, 1] but the cosine."""
    texts, heads = [s.folded for s in gathered], [_head(s) for s in gathered]
    headed = [f"{head} {text}" for head, text in zip(heads, texts, strict=True)]
    vectors = tokens.encode([looked_for.folded, *texts])
    matches = np.array([s.hit.match for s in gathered], np.float32)
    kept = _NUMBER.findall(looked_for.folded)
    # A year is judged by `rag.support`: the wrong firm's right year must not come before the right firm.
    rarity = {word: r for word, r in looked_for.rarity.items() if not _YEAR.fullmatch(word)}
    columns = (
        _late(gathered, looked_for.folded, heads, tokens),
        vectors[1:] @ vectors[0],
        [coverage(rarity, text) for text in headed],
        [coverage(rarity, f"{s.before} {text}") for s, text in zip(gathered, headed, strict=True)],
        [can_give(wanted, _without(text, kept)) for text in texts],
        matches / (matches.max() or 1.0),
        [float(s.hit.passage.id == gathered[0].hit.passage.id) for s in gathered],
        phrases(looked_for.folded, texts),
        [float(s.start in (0, s.hit.passage.start)) for s in gathered],
    )
    return np.stack([np.asarray(column, np.float32) for column in columns], axis=1)


def _late(gathered: Sequence[Sentence], question: str, heads: Sequence[str], tokens: StaticEmbedder) -> Values:
    """Late interaction in which a token of the question may be met above or before a sentence, for less."""
    others = list(dict.fromkeys([*heads, *(s.before for s in gathered)]))
    place = {text: at for at, text in enumerate(others)}
    texts = [*(s.folded for s in gathered), *others]
    met = meet(tokens, question, [""] * len(texts), texts)
    own, rest = met.whole[:, : len(gathered)], met.whole[:, len(gathered) :]
    above, before = rest[:, [place[head] for head in heads]], rest[:, [place[s.before] for s in gathered]]
    together = np.maximum(own, np.maximum(_HEADED * above, _BEFORE * before))
    found: Values = (met.weights @ together) / (met.weights.sum() or 1.0)
    return found


def _head(sentence: Sentence) -> str:
    return head(sentence.hit.article.title, sentence.hit.passage.heading)


def _without(text: str, numbers: Sequence[str]) -> str:
    """The text without the question's own numbers: they are not what it asks for."""
    for number in sorted(numbers, key=len, reverse=True):
        text = text.replace(number, "")
    return text


def _timely(gathered: Sequence[Sentence], when: When) -> list[float]:
    """What the time of each sentence is worth to a question about now, or as of a day.

    A sentence's time is the dates it names, or its article's where it names none. A date that is asked about is worth
    nothing here: the year of the wrong firm would come before the right firm's other year, which is refused.
    """
    times = [told(s) for s in gathered]
    days = sorted({t[-1].first for t in times if t})
    return [
        _NEWEST * (days.index(t[-1].first) / max(len(days) - 1, 1) if when.now and t else 0.0)
        + _LATER * is_later(t, when.until)
        for t in times
    ]


def told(sentence: Sentence) -> list[Span]:
    """The time that a sentence speaks of: the dates it names, or that of its article where it names none."""
    at, passage = sentence.hit.passage.start, sentence.hit.passage
    inside = (d for d in passage.dates if sentence.start <= at + d.start and at + d.end <= sentence.end)
    return told_by(inside, sentence.hit.article.published)


@cache
def _weights() -> Mapping[str, Mapping[str, float]]:
    """By kind of question, "known" or "foreign", the weight of each feature (`rag.train`)."""
    lines = files("rag").joinpath("choosing.tsv").read_text(encoding="utf-8").splitlines()
    (_, *kinds), *rows = (line.split("\t") for line in lines)
    return {kind: {name: float(row[at]) for name, *row in rows} for at, kind in enumerate(kinds)}
