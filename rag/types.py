"""What the rag room hands out: hits, citations, answers. Standard library only."""

from dataclasses import dataclass
from typing import Literal

from index.errors import Message
from index.passages import sentences
from index.types import ANYBODY, Article, Filter, Passage

Status = Literal["answered", "partial", "no_evidence"]
Mode = Literal["extractive", "llm"]
_LONGEST = 400  # characters: no sentence is longer


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier question and its answer."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Question:
    """What a door passes in. `today` is an ISO date; None means the day of asking."""

    text: str
    history: tuple[Turn, ...] = ()
    today: str | None = None
    filter: Filter = ANYBODY


@dataclass(frozen=True, slots=True)
class Evidence:
    """One kind of evidence for a hit (`rag.features`): its value in [0, 1] and the weight with which it counts."""

    name: str
    value: float
    weight: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found; the higher the score, the better. Scores compare within one question only.

    `match` says how well question and passage fit, in [0, 7], and compares between questions. `reprints` are the other
    articles that say the same, as far as the asker may read them. The score is the sum of `values`, each times its
    weight; `weights` names them.
    """

    passage: Passage
    article: Article
    score: float
    match: float
    reprints: tuple[Article, ...] = ()
    values: tuple[float, ...] = ()
    weights: tuple[tuple[str, float], ...] = ()

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What the score is made of; only when it is asked for, for there are sixty hits to a question."""
        pairs = zip(self.weights, self.values, strict=True)
        return tuple(Evidence(name, value, weight) for (name, weight), value in pairs)

    def before(self, chars: int) -> str:
        """The text of the article that ends where the passage begins: whole sentences, of `chars` characters at most.

        Where not even one sentence is so short, the end of one. `before(n) + passage.text + after(n)` is as it stands
        in the article.
        """
        text, end = self.article.text, self.passage.start
        earliest = max(0, end - chars)
        near = sentences(text, max(0, earliest - _LONGEST), end)
        return text[next((s.start for s in near if s.start >= earliest), earliest) : end]

    def after(self, chars: int) -> str:
        """The text of the article that begins where the passage ends, cut as that before it."""
        text, start = self.article.text, self.passage.end
        latest = start + chars
        near = sentences(text, start, min(len(text), latest + _LONGEST))
        return text[start : max((s.end for s in near if s.end <= latest), default=latest)]


@dataclass(frozen=True, slots=True)
class Reprint:
    """Another article that says the same as a cited one: not a further proof, but a further place to read it."""

    article_id: str
    title: str
    publisher: str | None
    published: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Citation:
    """The proof of the sentences marked `[number]`: `quote == article.text[start:end]`."""

    number: int
    article_id: str
    passage_id: str
    title: str
    publisher: str | None
    published: str | None
    source: str
    quote: str
    start: int
    end: int
    reprints: tuple[Reprint, ...] = ()


@dataclass(frozen=True, slots=True)
class Seconds:
    """Wall time of the steps of one answer."""

    retrieve: float
    rerank: float
    answer: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The reply to one question. Every `[n]` in `text` has its citation.

    `standalone` is the question as it was searched, with what a follow-up left out. `dropped` counts the sentences that
    a language model wrote as statements and that nothing in the passages supports: they were left out, or stand in
    `text` as `unverified` says, without a citation. `note` says why there is no answer of the language model.
    """

    question: str
    standalone: str
    text: str
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    status: Status
    mode: Mode
    dropped: int
    seconds: Seconds
    unverified: tuple[str, ...] = ()
    note: Message | None = None
