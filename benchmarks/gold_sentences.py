"""Of the gold questions over their source articles: are the needed sentences among the first, and in either script?

Needed: for each list of `must`, a sentence of an article of `sources` in which one of its alternatives stands, by the
rule of score.py (`norm`, `holds`). A question counts at k if the first k sentences cover all of its lists. The stricter
count asks for the quotes of `evidence`: at least .9 of each quote's normalised letters must stand in sentences of its
article among the first k, in runs of 8 or more. What is needed stands in the articles for each of the 50 questions.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from answers import _score as rules_of
from opencc import OpenCC

from rag.assistant import Assistant
from rag.types import Question, Turn

DEPTHS = (1, 5, 10)
GOALS = {"all": (0.65, 0.92, 0.97), "paraphrase": (0.40, 0.70, 0.85)}
_COVERED, _RUN = 0.9, 8


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of an article, normalised; `source` is the number that its file's name begins with."""

    source: str
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the first k sentences hold what an answer needs, for each depth; by `must`, and by the quotes."""

    kind: str
    by_must: tuple[bool, ...]
    by_quotes: tuple[bool, ...]


def read(gold: Path) -> list[dict]:
    """The questions of a gold set."""
    return [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines() if line.strip()]


def question(item: dict) -> Question:
    """A gold question as the library takes it."""
    return Question(item["question"], tuple(Turn(t["q"], t["a"]) for t in item.get("history") or []))


def judge(items: Sequence[dict], assistant: Assistant, shared: Path) -> list[Verdict]:
    """Rank the sentences for each question that the articles answer, and look for what it needs."""
    rules = rules_of(shared / "gold/score.py")
    verdicts = []
    for item in (i for i in items if i["answerable"]):
        ranked = assistant.sentences(question(item), max(DEPTHS))
        said = [Said(s.hit.article.id[:3], rules.norm(s.text)) for s in ranked]
        verdicts.append(
            Verdict(
                item["type"],
                tuple(_holds_all(item, said[:k], rules.holds) for k in DEPTHS),
                tuple(_quotes_all(item, said[:k], rules.norm) for k in DEPTHS),
            )
        )
    return verdicts


def _holds_all(item: dict, said: Sequence[Said], holds: Callable[[str, str], bool]) -> bool:
    texts = [s.text for s in said if s.source in item["sources"]]
    return all(any(holds(text, one) for text in texts for one in alternatives) for alternatives in item["must"])


def _quotes_all(item: dict, said: Sequence[Said], norm: Callable[[str], str]) -> bool:
    return all(
        _is_quoted(norm(quote), [s.text for s in said if s.source == source])
        for source, quote in item["evidence"].items()
    )


def _is_quoted(quote: str, texts: Sequence[str]) -> bool:
    covered: set[int] = set()
    for text in texts:
        for run in SequenceMatcher(None, quote, text, autojunk=False).get_matching_blocks():
            if run.size >= min(_RUN, len(quote)):
                covered.update(range(run.a, run.a + run.size))
    return len(covered) >= _COVERED * len(quote)


def same_in_other_script(items: Sequence[dict], assistant: Assistant) -> dict[str, bool]:
    """By id of the Chinese questions: whether the other script finds the same ten passages in the same order."""
    scripts = {"zh-Hans": OpenCC("s2t"), "zh-Hant": OpenCC("t2s")}
    return {
        item["id"]: _top(assistant, item)
        == _top(assistant, item | {"question": scripts[item["lang"]].convert(item["question"])})
        for item in items
        if item["lang"] in scripts
    }


def _top(assistant: Assistant, item: dict) -> list[tuple[str, str]]:
    hits = assistant.ask(question(item)).hits
    return [(hit.article.id, hit.passage.id) for hit in hits[:10]]
