"""Answers on the public sets of ../shared/bench: whether they hold a gold answer, are refused, and are supported.

An answer holds a gold answer if that stands in its text, both folded and without punctuation and marks, the status is
not no_evidence and the text has 300 characters at most. In `parts`, each part of a gold answer between commas and
conjunctions may stand anywhere in the text. `unsupported` counts shown sentences with a number, date, name or quotation
that the passage they cite does not carry, by `rag.verify`.
"""

import gzip
import json
import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from public_sets import index, merge
from speed import run

from index.embed import StaticEmbedder, load_embedder
from index.fold import fold
from rag.assistant import Assistant
from rag.config import load_config
from rag.types import Answer, Question
from rag.verify import verify

LONGEST = 300
NEGATIVES = "rgb_negatives"
HEAD = (
    "| set | questions | holds a gold answer | in parts | refused | median characters "
    "| unsupported of shown sentences |"
    "\n|---|---|---|---|---|---|---|"
)
_SIGNS = re.compile(r"[\W_]+")
_MARK = re.compile(r"\[\d+\]")
_MARKED = re.compile(r"(.+?)((?:\[\d+\])+)(?:（[^（）]*）)?", re.DOTALL)
_PARTS = re.compile(r"[，,、。；;（）()：:和与及]")


@dataclass(frozen=True, slots=True)
class Item:
    """A question with its gold answers, the kind it is of, and the ISO day on which it is asked."""

    text: str
    answers: tuple[str, ...]
    kind: str
    day: str | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of one question; `sentences` were shown, of which `unsupported` were not carried."""

    item: Item
    answer: Answer
    holds: bool
    in_parts: bool
    sentences: int
    unsupported: tuple[str, ...]

    @property
    def refused(self) -> bool:
        return self.answer.status == "no_evidence"


def items(bench: Path, name: str, sample: int | None) -> list[Item]:
    """The questions of a set, or a draw of so many."""
    records = [json.loads(line) for line in (bench / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    if sample and sample < len(records):
        random.seed(3)
        records = random.sample(records, sample)
    return [_item(r) for r in records]


def _item(record: dict) -> Item:
    return Item(
        text=record["question"],
        answers=tuple(record["answers"]),
        kind=record.get("temporal_type", "all"),
        day=record.get("question_date"),
    )


def ask(asked: Iterable[Item], home: Path) -> list[Judged]:
    """Ask and judge the questions over the index of `home`."""
    config = load_config(None, {})
    assistant = Assistant(replace(config, index=replace(config.index, home=home)))
    tokens = load_embedder("shipped")
    assert isinstance(tokens, StaticEmbedder)
    return [_judge(item, assistant.ask(Question(item.text, today=_iso(item.day))), tokens) for item in asked]


def _iso(day: str | None) -> str | None:
    return "-".join(part.zfill(2) for part in day.split("-")) if day else None  # some are written 2024-7-1


def _judge(item: Item, answer: Answer, tokens: StaticEmbedder) -> Judged:
    fits = answer.status != "no_evidence" and len(answer.text) <= LONGEST
    text = _bare(_MARK.sub("", answer.text))
    shown = list(_shown(answer))
    lacking = [f"{sentence} ⇒ {claim}" for sentence, hits in shown for claim in verify(sentence, hits, tokens).lacking]
    return Judged(
        item=item,
        answer=answer,
        holds=fits and any(_bare(a) and _bare(a) in text for a in item.answers),
        in_parts=fits and any(_all_in(text, a) for a in item.answers),
        sentences=len(shown),
        unsupported=tuple(lacking),
    )


def _shown(answer: Answer) -> Iterator[tuple[str, list]]:
    """The sentences of an answer, each with the hits that it cites."""
    passages = {c.number: c.passage_id for c in answer.citations}
    for found in _MARKED.finditer(answer.text):
        cited = {passages[int(n)] for n in re.findall(r"\d+", found.group(2)) if int(n) in passages}
        if hits := [h for h in answer.hits if h.passage.id in cited]:
            yield found.group(1), hits


def _bare(text: str) -> str:
    return _SIGNS.sub("", fold(text))


def _all_in(text: str, answer: str) -> bool:
    parts = [bare for part in _PARTS.split(answer) if (bare := _bare(part))]
    return bool(parts) and all(part in text for part in parts)


def row(name: str, judged: Sequence[Judged], goal: float | None, *, refused: Callable[[float], bool]) -> str:
    """A Markdown row; what misses its goal is bold. `refused` says whether the share of refusals does."""
    count = len(judged) or 1
    holds, parts = sum(j.holds for j in judged) / count, sum(j.in_parts for j in judged) / count
    share = sum(j.refused for j in judged) / count
    lengths = [len(j.answer.text) for j in judged if not j.refused]
    unsupported, sentences = sum(len(j.unsupported) > 0 for j in judged), sum(j.sentences for j in judged)
    cells = (
        _bold(f"{holds:.3f}", goal is None or holds >= goal),
        f"{parts:.3f}",
        _bold(f"{share:.3f}", refused(share)),
        f"{median(lengths):.0f}" if lengths else "",
        _bold(f"{unsupported} of {sentences}", unsupported == 0),
    )
    return f"| {name} | {len(judged)} | {' | '.join(cells)} |"


def _bold(text: str, met: bool) -> str:
    return text if met else f"**{text}**"


def table(bench: Path, home: Path, sample: int | None, show: bool) -> list[str]:
    """The rows of all sets; with `show`, each question that was missed is printed."""
    rows = []
    for name, goal in (("cmrc2018_dev", 0.90), ("drcd_devtest", 0.85)):
        index(bench / f"{name}.corpus.jsonl.gz", home / name)
        rows.append(row(name, _asked(name, bench, home / name, sample, show), goal, refused=lambda s: s <= 0.05))
    index(bench / "chronoqa.corpus.jsonl.gz", home / "chronoqa")
    dated = _asked("chronoqa", bench, home / "chronoqa", sample and 2 * sample, show)
    for kind, goal in (("absolute", 0.80), ("relative", 0.70), ("aggregate", 0.50)):
        of_kind = [j for j in dated if j.item.kind == kind]
        rows.append(row(f"chronoqa {kind}", of_kind, goal, refused=lambda s: s <= 0.05))
    index(bench / "rgb_zh.corpus.jsonl.gz", home / "rgb_zh")
    rows.append(row("rgb_zh", _asked("rgb_zh", bench, home / "rgb_zh", None, show), None, refused=lambda s: s <= 0.10))
    index(_negatives(bench, home / f"{NEGATIVES}.jsonl.gz"), home / NEGATIVES)
    alone = _asked("rgb_zh", bench, home / NEGATIVES, None, show)
    return [*rows, row("rgb_zh, negatives only", alone, None, refused=lambda s: s >= 0.60)]


def _asked(name: str, bench: Path, home: Path, sample: int | None, show: bool) -> list[Judged]:
    judged = ask(items(bench, name, sample), home)
    for one in judged if show else ():
        if not one.in_parts or one.unsupported:
            print(name, one.item.kind, one.item.text, one.item.answers[:2], "⇒", one.answer.text, one.unsupported)
    return judged


def _negatives(bench: Path, file: Path) -> Path:
    """The articles that only look as if they answered a question of rgb_zh."""
    records = [json.loads(line) for line in (bench / "rgb_zh.jsonl").read_text(encoding="utf-8").splitlines()]
    alike = {a for r in records for a in r["negatives"]} - {a for r in records for a in r["relevant"]}
    file.parent.mkdir(parents=True, exist_ok=True)
    with (
        gzip.open(bench / "rgb_zh.corpus.jsonl.gz", "rt", encoding="utf-8") as lines,
        gzip.open(file, "wt", encoding="utf-8") as out,
    ):
        out.writelines(line for line in lines if json.loads(line)["id"] in alike)
    return file


def warm_ms(bench: Path, home: Path, sample: int) -> float:
    """The median ms of a question through `youju ask --batch` over all Chinese articles (266,000 passages)."""
    index(merge(bench, home / "merged.corpus.jsonl.gz"), home / "merged")
    batch = home / "merged.asked.jsonl"
    asked = [i for name in ("cmrc2018_dev", "chronoqa", "rgb_zh") for i in items(bench, name, sample // 3)]
    lines = (json.dumps({"id": str(n), "question": i.text}, ensure_ascii=False) for n, i in enumerate(asked))
    batch.write_text("\n".join(lines), encoding="utf-8")
    return 1000 * median(run("ask", "--batch", batch, "--home", home / "merged").between)
