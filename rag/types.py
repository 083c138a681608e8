"""What the rag room hands out: hits, citations, answers. Standard library only."""

from dataclasses import dataclass
from typing import Literal

from index.types import Article, Passage

Status = Literal["answered", "partial", "no_evidence"]
Mode = Literal["extractive", "llm"]


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
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found; the higher the score, the better. Scores compare within one question only.

    `reprints` are the other articles that say the same, as far as the asker may read them.
    """

    passage: Passage
    article: Article
    score: float
    reprints: tuple[Article, ...] = ()


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

    `standalone` is the question as it was searched, with what a follow-up left out. `dropped` counts sentences that
    were written and not shown because nothing supported them.
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
