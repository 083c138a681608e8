"""An answer with a language model, sentence by sentence: each is shown once the passages are known to support it."""

import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from time import monotonic
from typing import Protocol

from index.embed import StaticEmbedder
from index.fold import fold
from rag import wording
from rag.cite import cite
from rag.config import AnswerConfig
from rag.endpoint import LlmConfig
from rag.evidence import Sentence
from rag.failures import ModelFailed
from rag.ground import Ground, Quote
from rag.marks import Claim, Reading
from rag.prompt import compose
from rag.question import Asked
from rag.types import Citation, Hit, Status

_MOST_CLAIMS = 24  # sentences that are read of one reply: three were asked for
_BEAT = 0.4  # seconds between two drafts that are the same
_UNVERIFIED = {"hans": "（未证实）", "hant": "（未證實）", "latin": " (unverified)"}
_BRACKETED = re.compile(r"\[(\d+)\]")
_CONTINUES = re.compile(r"^[\s，,；;、]+")
# What a page of somebody who trusts the answer might fetch, open or run.
_MARKUP = re.compile(r"!\[|\]\(|<[A-Za-z/!?]|javascript:|data:[a-z]+/", re.IGNORECASE)
_LINK = re.compile(r"https?:|www\.|[\w-]+\.(?:com|cn|net|org|io|example)\b", re.IGNORECASE)
# That the passages do not answer, in a model's own words; folded.
_ABSENT = re.compile(
    r"(?:没有|并未|未|无法|不能|没)[^，。；]{0,10}(?:提到|提及|说明|找到|涉及|包含|给出|提供|查到|回答|确定|得知|记载|信息|资料|内容)"
    r"|\b(?:passages?|articles?|texts?|sources?|context|information|documents?)\b[^.]{0,60}\b(?:not|no|n't|nothing)\b"
    r"|\b(?:cannot|can't|unable to|not possible to|no information|nothing)\b[^.]{0,40}"
    r"(?:answer|determine|find|found|tell|say|mention|about|$)"
)


class Reply(Protocol):
    """What a model writes: pieces of text, and empty ones while nothing comes; in the end, whether that was all."""

    whole: bool

    def __iter__(self) -> Iterator[str]: ...

    def close(self) -> None:
        """Stop it."""


class Model(Protocol):
    """What can be asked (`rag.llm.LanguageModel`)."""

    def ask(self, system: str, user: str) -> Reply:
        """Begin a reply. Raises ModelFailed."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer as far as it is written. `unverified` are sentences of the text that nothing supports.

    `dropped` counts the sentences that the model wrote as statements and that nothing supports, whether they were left
    out or are shown as unverified.
    """

    text: str = ""
    citations: tuple[Citation, ...] = ()
    status: Status = "answered"
    dropped: int = 0
    unverified: tuple[str, ...] = ()


def is_foreign(hits: Sequence[Hit], config: AnswerConfig) -> bool:
    """Whether a question is foreign to the articles: a model that is asked would have nothing to go by."""
    return max((hit.match for hit in hits), default=0.0) < config.threshold


def generate(
    model: Model,
    asked: Asked,
    hits: Sequence[Hit],
    *,
    typed: str,
    today: str | None,
    tokens: StaticEmbedder,
    config: LlmConfig,
) -> Generator[Draft, None, None]:
    """The answer as it grows, and again as it stands while nothing comes; the last one is complete.

    `asked` is the question that stands alone, in the script of its last turn, `typed` that turn, folded. Raises
    ModelFailed where the model gives nothing that can be shown. Closing the iterator stops the model.
    """
    prompt = compose(asked, today or date.today().isoformat(), hits, config)
    writing = _Writing(asked, Ground((typed, asked.folded), prompt.hits, tokens), config)
    reply = model.ask(prompt.system, prompt.user)
    try:
        yield from writing.read(reply)
    finally:
        reply.close()
    yield writing.end()


@dataclass(slots=True)
class _Writing:
    """The sentences that were read so far, each verified."""

    asked: Asked
    ground: Ground
    config: LlmConfig
    parts: list[str] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    unverified: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    read_claims: int = 0
    dropped: int = 0
    verified: int = 0
    absent: bool = False
    ended: bool = True
    marked: bool = False

    def read(self, reply: Reply) -> Iterator[Draft]:
        """Read the reply to its end, or to where it has become far too long."""
        reading, shown = Reading(), monotonic()
        for piece in reply:
            before = self.read_claims
            for claim in reading.add(piece):
                self._take(claim)
            if self.read_claims > before or monotonic() - shown > _BEAT:
                yield self.draft()
                shown = monotonic()
            if self.read_claims >= _MOST_CLAIMS:
                return
        for claim in reading.rest(whole=reply.whole):
            self._take(claim)
        self.ended = self.ended and reply.whole

    def draft(self) -> Draft:
        """What can be shown: nothing before the first supported sentence, and nothing of a reply without any mark."""
        if not (self.verified and self.marked):
            return Draft(dropped=self.dropped)
        citations = cite([Sentence(q.hit, q.start, q.end, "") for q in self.quotes])
        space = " " if self.asked.script == "latin" else ""
        status: Status = "partial" if self.dropped or self.absent or not self.ended else "answered"
        return Draft(space.join(self.parts), citations, status, self.dropped, tuple(self.unverified))

    def end(self) -> Draft:
        """The whole answer. Raises ModelFailed where nothing of it can be shown."""
        if self.verified and self.marked:
            return self.draft()
        if self.absent and not self.verified:
            return Draft(wording.refusal(self.asked, None), status="no_evidence", dropped=self.dropped)
        if not self.read_claims:
            raise ModelFailed("empty" if self.ended else "used_up")
        raise ModelFailed("unsupported" if self.marked else "unmarked")

    def _take(self, claim: Claim) -> None:
        self.read_claims += 1
        self.marked = self.marked or any(claim.numbers)
        if claim.text in self.seen:  # small models say things over and over
            return
        self.seen.add(claim.text)
        found = self._supported(claim)
        if found is not None:
            self.verified += 1
            self.parts.append(self._shown(claim, found))
        elif claim.numbers == (0,) or _ABSENT.search(fold(claim.text)):
            self.absent = True
        else:
            self.dropped += 1
            self._mark(claim)

    def _supported(self, claim: Claim) -> list[tuple[Quote, ...]] | None:
        """What supports each clause; None, unless every one of them is supported."""
        if _MARKUP.search(claim.text) or 0 in claim.numbers:
            return None
        found = [self.ground.support(_CONTINUES.sub("", clause.text), clause.numbers) for clause in claim.clauses]
        return found if all(found) else None

    def _shown(self, claim: Claim, found: Sequence[tuple[Quote, ...]]) -> str:
        """The sentence with its marks, numbered as they come."""
        pairs = zip(claim.clauses, found, strict=True)
        return "".join(
            self._said(clause.text) + "".join(f"[{self._number(quote)}]" for quote in quotes)
            for clause, quotes in pairs
        )

    def _number(self, quote: Quote) -> int:
        if quote not in self.quotes:
            self.quotes.append(quote)
        return self.quotes.index(quote) + 1

    def _mark(self, claim: Claim) -> None:
        """Show a sentence as unverified, if that is wanted, it has to do with the question and nobody ordered it."""
        text = claim.text
        if self.config.unverified == "drop" or _MARKUP.search(text) or _LINK.search(text):
            return
        if self.config.key and self.config.key.reveal() in text:  # an endpoint may send back what it was sent
            return
        if self.ground.repeats_an_order(text) or not self.ground.is_about(text):
            return
        said = f"{self._said(text)}{_UNVERIFIED[self.asked.script]}"
        self.parts.append(said)
        self.unverified.append(said)

    def _said(self, text: str) -> str:
        """In the asker's script; what looks like a mark and is none, in wide brackets."""
        text = _BRACKETED.sub(r"［\1］", text)
        return text if self.asked.script == "latin" else wording.in_script(text, self.asked.script)
