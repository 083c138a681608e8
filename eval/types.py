"""What the eval room hands out: gold items, verdicts, results, the report of a run. Standard library only."""

from dataclasses import dataclass
from pathlib import Path

from index.errors import Message
from index.types import Manifest
from rag.config import Config
from rag.types import Answer, Turn


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quote that supports the gold answer, and the source that it stands in."""

    source: str
    quote: str


@dataclass(frozen=True, slots=True)
class GoldItem:
    """One question of a gold set; eval/gold/README.md explains the fields. `kind` is called `type` in the file.

    `must` holds lists of alternatives: a right answer states one of each. `sources` are parts of article ids.
    """

    id: str
    kind: str
    question: str
    answerable: bool
    answer: str = ""
    must: tuple[tuple[str, ...], ...] = ()
    must_not: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    history: tuple[Turn, ...] = ()

    @property
    def scorable(self) -> bool:
        """Whether a program can tell a right answer from a wrong one."""
        return not self.answerable or bool(self.must)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is true of one answer. `evidence`: did the search find what supports it? None if the item names none."""

    right: bool
    cited: bool
    refused: bool
    evidence: bool | None


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One item, its answer and the verdict on it; None where it cannot be scored.

    Without an answer there is `error`, the reason why the question could not be asked. `seconds` is wall time.
    """

    item: GoldItem
    answer: Answer | None
    error: Message | None
    verdict: Verdict | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over `n` scored items; `cited` are of the `answerable` ones, `found` of the `evidenced` ones."""

    kind: str
    n: int
    answerable: int
    right: int
    cited: int
    refused: int
    evidenced: int
    found: int


@dataclass(frozen=True, slots=True)
class Version:
    """A library that the run rests on."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class RunReport:
    """A run as data: what was asked of which index, with which code, and every result.

    `revision` is the git commit of the code, None outside a repository. `started` is an ISO time; `answers` the file
    that every answer was written to.
    """

    gold: Path
    gold_sha256: str
    started: str
    config: Config
    manifest: Manifest
    versions: tuple[Version, ...]
    revision: str | None
    results: tuple[ItemResult, ...]
    answers: Path
