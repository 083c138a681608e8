"""A run as a table for people and as a record for programs."""

import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median, median_high
from typing import Any

from eval.metrics import tally
from eval.types import ItemResult, RunReport, Tally
from index.errors import Language

ANSWERABLE, UNANSWERABLE = "ALL answerable", "ALL unanswerable"
_ZH = {ANSWERABLE: "全部可答题", UNANSWERABLE: "全部不可答题"}
_HEAD = {
    "zh": ("题型", "题数", "答对", "且有据", "拒答", "找到依据"),
    "en": ("type", "n", "right", "cited", "refused", "evidence"),
}


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures below the table. `length`: median characters of the answers to answerable items; None without one."""

    refused_wrongly: int
    length: int | None
    seconds: float
    unscorable: int
    errors: tuple[ItemResult, ...]


def tallies(results: Sequence[ItemResult]) -> tuple[Tally, ...]:
    """A tally for each type by name, then for all answerable and all unanswerable items."""
    kinds = sorted({r.item.kind for r in results})
    each = [tally(kind, (r for r in results if r.item.kind == kind)) for kind in kinds]
    answerable = tally(ANSWERABLE, (r for r in results if r.item.answerable))
    unanswerable = tally(UNANSWERABLE, (r for r in results if not r.item.answerable))
    return tuple(t for t in (*each, answerable, unanswerable) if t.n)


def summary(results: Sequence[ItemResult]) -> Summary:
    """The figures of a run that the tallies do not hold."""
    answerable = [r for r in results if r.item.answerable and r.verdict]
    given = [r for r in answerable if r.verdict and not r.verdict.refused]
    return Summary(
        refused_wrongly=len([r for r in answerable if r.verdict and r.verdict.refused]),
        length=median_high(len(r.answer.text) if r.answer else 0 for r in given) if given else None,
        seconds=median(r.seconds for r in results) if results else 0.0,
        unscorable=sum(r.verdict is None for r in results),
        errors=tuple(r for r in results if r.error),
    )


def table(report: RunReport, language: Language) -> str:
    """The tallies in aligned columns, the summary, and where the answers lie."""
    rows = [_HEAD[language], *(_row(t, language) for t in tallies(report.results))]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    lines = [_aligned(row, widths) for row in rows]
    return "\n".join([*lines, "", *_remarks(report, language)])


def item_record(result: ItemResult) -> dict[str, Any]:
    """The record of one item: its answer in the form of `youju ask`, the verdict, and the seconds it took."""
    answer, error = result.answer, result.error
    return {
        "id": result.item.id,
        "type": result.item.kind,
        "status": answer.status if answer else "error",
        "text": answer.text if answer else "",
        "citations": [asdict(c) for c in answer.citations] if answer else [],
        "hits": [
            {"article_id": h.article.id, "passage_id": h.passage.id, "score": round(h.score, 4)}
            for h in (answer.hits if answer else ())
        ],
        "mode": answer.mode if answer else None,
        "dropped": answer.dropped if answer else 0,
        "note": answer.note.en if answer and answer.note else None,
        "error": error.en if error else None,
        "verdict": asdict(result.verdict) if result.verdict else None,
        "seconds": round(result.seconds, 6),
    }


def run_record(report: RunReport) -> dict[str, Any]:
    """The record of a run: how it was made, its totals, and the verdict on each item."""
    found = summary(report.results)
    return {
        "gold": str(report.gold),
        "gold_sha256": report.gold_sha256,
        "started": report.started,
        "configuration": _plain(asdict(report.config)),
        "manifest": asdict(report.manifest),
        "versions": {v.name: v.version for v in report.versions},
        "revision": report.revision,
        "answers": str(report.answers),
        "totals": [asdict(t) for t in tallies(report.results)],
        "answerable_refused": found.refused_wrongly,
        "median_characters": found.length,
        "median_seconds": round(found.seconds, 6),
        "unscorable": found.unscorable,
        "errors": len(found.errors),
        "items": [
            {"id": r.item.id, "verdict": asdict(r.verdict) if r.verdict else None, "seconds": round(r.seconds, 6)}
            for r in report.results
        ],
    }


def _remarks(report: RunReport, language: Language) -> list[str]:
    found = summary(report.results)
    length = "—" if found.length is None else str(found.length)
    if language == "zh":
        lines = [
            f"可答却拒答 {found.refused_wrongly} 题；答案长度中位数 {length} 字；每题用时中位数 {found.seconds:.3f} 秒",
            *([f"无法自动计分（缺 must），未计入上表：{found.unscorable} 题"] if found.unscorable else []),
        ]
        failed = "无法提问，按答错计："
    else:
        lines = [
            f"answerable but refused {found.refused_wrongly}; median answer {length} characters; "
            f"median {found.seconds:.3f} s a question",
            *([f"cannot be scored (no `must`), not in the table: {found.unscorable}"] if found.unscorable else []),
        ]
        failed = "could not be asked, counted as wrong: "
    lines += [f"{r.item.id} {failed}{r.error.say(language)}" for r in found.errors if r.error]
    return [*lines, ("逐题结果：" if language == "zh" else "every answer: ") + str(report.answers)]


def _row(counts: Tally, language: Language) -> tuple[str, ...]:
    name = _ZH.get(counts.kind, counts.kind) if language == "zh" else counts.kind
    return (
        name,
        str(counts.n),
        _percent(counts.right, counts.n),
        _percent(counts.cited, counts.answerable),
        _percent(counts.refused, counts.n),
        _percent(counts.found, counts.evidenced),
    )


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "—"


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    """The first cell flush left, the others flush right, two columns apart."""
    pads = [" " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)]
    return "  ".join([row[0] + pads[0], *(pad + cell for pad, cell in zip(pads[1:], row[1:], strict=True))])


def _width(text: str) -> int:
    """Columns of a terminal: a wide or full-width character takes two, a combining mark none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _plain(value: Any) -> Any:  # noqa: ANN401 - the tree of a configuration
    """The same tree with every leaf that JSON does not know as its text."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value if value is None or isinstance(value, str | int | float) else str(value)
