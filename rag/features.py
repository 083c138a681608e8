"""What speaks for a passage: for each kind of evidence a number, in [0, 1] but for the cosine, to rank by."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.embed import StaticEmbedder
from index.fold import fold
from index.synonyms import Rephrase, as_it_is
from rag.asked_when import Span, When, is_later, told_by, told_on
from rag.candidates import Candidate
from rag.late import meet

FEATURES = (
    "words",  # the share of the BM25 that the question could reach
    "cosine",  # of the vectors of question and passage
    "late",  # late interaction
    "telling",  # the same, by the tokens that tell the candidates apart
    "window",  # the same, in the best window of about a sentence
    "article",  # the same, over all candidates of the article together
    "title",  # how much of the title and heading the question says
    "named",  # whether the question says the title literally
    "coverage",  # the share of the question's words that the passage or its title holds, each by its rarity
    "phrases",  # the share of the question's runs of three characters that it shares
    "day",  # the share of the question's dates within which a date of the passage lies
    "another_day",  # the share of the question's dates that no date of the passage touches, if it names any
    "newest",  # how new the article is among the candidates', for a question about now
    "later",  # whether it tells only of days after the one as of which something is asked
    "length",  # of the passage
)
_TITLE_CHARS = 200  # a title goes with every passage of its article: a long one must not drown it
_LONG = 400.0  # characters of a passage whose length counts 1
_SIGNS = re.compile(r"[\W_]+")
Values = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: the folded question, its content words with their rarity, and the time it asks about.

    A `foreign` question is one whose words the articles hardly hold; it may be in another language than they are.
    """

    folded: str
    rarity: Mapping[str, float]
    when: When
    foreign: bool = False

    def share(self, text: str) -> float:
        """How much of the question a part of it says, by the rarity of its words."""
        return coverage(self.rarity, text)

    def within(self, text: str) -> "Sought":
        """The same for a part of the question."""
        held = {word: rarity for word, rarity in self.rarity.items() if word in text}
        return Sought(text, held, self.when, self.foreign)


def features(
    sought: Sought, candidates: Sequence[Candidate], tokens: StaticEmbedder, rephrase: Rephrase = as_it_is
) -> Values:
    """Shape (candidates, FEATURES). `rephrase` puts a folded text into the question's words."""
    if not candidates:
        return np.zeros((0, len(FEATURES)), np.float32)
    found = [c.found for c in candidates]
    titles = [rephrase(head(f.article.title, f.passage.heading)) for f in found]
    texts = [rephrase(fold(f.passage.text)) for f in found]
    met = meet(tokens, sought.folded, titles, texts)
    _, articles = np.unique([f.article_row for f in found], return_inverse=True)
    told = [told_by(f.passage.dates, f.article.published) for f in found]
    wholes = [f"{title} {text}" for title, text in zip(titles, texts, strict=True)]
    columns = (
        [c.words for c in candidates],
        [c.cosine for c in candidates],
        met.of_texts(met.weights),
        met.of_texts(met.telling),
        met.of_windows(met.telling),
        met.of_groups(met.telling, articles),
        met.heads,
        [_is_named(sought.folded, head(f.article.title, None)) for f in found],
        [coverage(sought.rarity, whole) for whole in wholes],
        phrases(sought.folded, wholes),
        *_days(sought.when.spans, told),
        _newest(sought.when, [told_on(f.article.published) for f in found]),
        [float(is_later(dates, sought.when.until)) for dates in told],
        [min(len(text) / _LONG, 1.0) for text in texts],
    )
    return np.stack([np.asarray(column, np.float32) for column in columns], axis=1)


@lru_cache(maxsize=4096)  # the passages of an article share it
def head(title: str, heading: str | None) -> str:
    """What stands above a passage, folded: its title and heading."""
    return fold(f"{title[:_TITLE_CHARS]} {heading or ''}")


def _is_named(question: str, title: str) -> float:
    return float(len(title) > 1 and title in question)


def coverage(rarity: Mapping[str, float], text: str) -> float:
    """The share of the question's words, each by its rarity, that a folded text holds."""
    return sum(r for word, r in rarity.items() if word in text) / (sum(rarity.values()) or 1.0)


def phrases(question: str, texts: Sequence[str]) -> list[float]:
    """Of the question's runs of three characters, punctuation apart, the share that each text shares."""
    asked = _SIGNS.sub("", question)
    threes = {asked[at : at + 3] for at in range(len(asked) - 2)}
    bare = [_SIGNS.sub("", text) for text in texts]
    return [sum(three in text for three in threes) / (len(threes) or 1) for text in bare]


def _days(spans: Sequence[Span], told: Sequence[Sequence[Span]]) -> tuple[list[float], list[float]]:
    """Of the question's dates, the share within which a date told lies, and the share that none of them touches."""
    within, apart = [], []
    for dates in told:
        inside = sum(any(span.first <= d.first and d.last <= span.last for d in dates) for span in spans)
        touched = sum(any(span.first <= d.last and d.first <= span.last for d in dates) for span in spans)
        within.append(inside / len(spans) if spans else 0.0)
        apart.append(1 - touched / len(spans) if spans and dates else 0.0)
    return within, apart


def _newest(when: When, dates: Sequence[Span | None]) -> list[float]:
    """How new each article is, from 0 for the oldest to 1 for the newest."""
    days = [date.fromisoformat(d.first).toordinal() if d else None for d in dates]
    known = [day for day in days if day is not None]
    oldest, span = min(known, default=0), (max(known, default=0) - min(known, default=0)) or 1
    return [(day - oldest) / span if when.now and day is not None else 0.0 for day in days]
