"""How good the answers are: the gold set in ../shared/gold over its source articles and over the bundled digests, and
the public sets of ../shared/bench.

    python benchmarks/answers.py [--shared ../shared] [--keep DIR] [--tables gold,public,warm] [--sample 400] [--show]

Three runs through the command line, `youju index` and then `youju ask --batch GOLD`: dev.jsonl over ../shared/seeds,
dev.jsonl over corpus, eval/gold/bundled.jsonl over corpus. ../shared/gold/score.py scores each and prints a table; the
Markdown rows below are for docs/BENCHMARKS.md. --keep leaves the answers in DIR. The targets are for dev.jsonl.
"""

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import public_answers
from speed import ROOT, SHARED, machine, run, shared_or_none

RIGHT, REFUSED, REFUSED_WRONGLY, CHARACTERS, WARM = 0.85, 6, 2, 90, 50
HEAD = (
    f"| gold set | over | answerable right and cited (≥ {RIGHT}) | unanswerable refused (≥ {REFUSED} of 6) "
    f"| answerable refused (≤ {REFUSED_WRONGLY}) | median characters (≤ {CHARACTERS}) | ms a question |"
    "\n|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True, slots=True)
class Figures:
    """The counts of one run; `ms` is the median time from one answer to the next."""

    answerable: int
    cited: int
    refused_wrongly: int
    unanswerable: int
    refused: int
    characters: int
    ms: float


def measure(gold: Path, sources: Path, shared: Path, folder: Path) -> Figures:
    """Index the sources, ask the gold set, print the table of score.py, and count."""
    home, answers = folder / f"index-{sources.name}", folder / f"{gold.stem}-over-{sources.name}.jsonl"
    run("index", sources, "--home", home)
    process = run("ask", "--batch", gold, "--home", home)
    answers.write_text("".join(process.lines), encoding="utf-8")
    print(f"\n{gold.name} over {sources.name}", flush=True)
    subprocess.run([sys.executable, shared / "gold/score.py", gold, answers], check=True)
    return count(gold, answers, shared, 1000 * median(process.between))


def count(gold: Path, answers: Path, shared: Path, ms: float) -> Figures:
    """The counts behind the targets, by the rule of score.py itself."""
    judge = _score(shared / "gold/score.py").judge
    given = {a["id"]: a for a in map(json.loads, answers.read_text(encoding="utf-8").splitlines())}
    items = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines() if line.strip()]
    verdicts = [(item, judge(item, given.get(item["id"], {}))) for item in items]
    answerable = [v for item, v in verdicts if item["answerable"]]
    unanswerable = [v for item, v in verdicts if not item["answerable"]]
    shown = [len(given[item["id"]]["text"]) for item, v in verdicts if item["answerable"] and not v["refused"]]
    return Figures(
        answerable=len(answerable),
        cited=sum(v["cited"] for v in answerable),
        refused_wrongly=sum(v["refused"] for v in answerable),
        unanswerable=len(unanswerable),
        refused=sum(v["right"] for v in unanswerable),
        characters=sorted(shown)[len(shown) // 2] if shown else 0,
        ms=ms,
    )


def row(gold: Path, sources: Path, f: Figures) -> str:
    """A Markdown row; what misses its target is bold."""
    cells = (
        (f"{f.cited / f.answerable:.3f} ({f.cited} of {f.answerable})", f.cited / f.answerable >= RIGHT),
        (f"{f.refused} of {f.unanswerable}", f.refused / f.unanswerable >= REFUSED / 6),
        (str(f.refused_wrongly), f.refused_wrongly <= REFUSED_WRONGLY),
        (str(f.characters), f.characters <= CHARACTERS),
    )
    shown = " | ".join(text if met else f"**{text}**" for text, met in cells)
    return f"| {gold.name} | {sources.name} | {shown} | {f.ms:.0f} |"


def _score(path: Path):
    spec = importlib.util.spec_from_file_location("score", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--keep", type=Path, metavar="DIR", help="leave indexes and answers here")
    parser.add_argument("--tables", default="gold,public", help="of gold, public and warm")
    parser.add_argument("--home", type=Path, default=ROOT / "build/benchmarks", help="indexes of the public sets")
    parser.add_argument("--sample", type=int, default=400, help="questions a public set; 0: all")
    parser.add_argument("--show", action="store_true", help="print what was missed on the public sets")
    options = parser.parse_args()
    if not (shared := shared_or_none(options.shared.resolve())):
        return
    tables = options.tables.split(",")
    rows = [*([HEAD, *gold_rows(shared, options.keep)] if "gold" in tables else [])]
    if "public" in tables:
        found = public_answers.table(shared / "bench", options.home, options.sample or None, options.show)
        rows += ["", public_answers.HEAD, *found]
    if "warm" in tables:
        ms = public_answers.warm_ms(shared / "bench", options.home, options.sample or 400)
        rows += ["", f"warm `ask` over 266,000 passages, p50: {ms:.0f} ms (≤ {WARM})"]
    print("\n".join(["", machine(), "", *rows]))


def gold_rows(shared: Path, keep: Path | None) -> list[str]:
    """The rows of the gold sets; indexes and answers stay in `keep`."""
    dev, bundled, corpus = shared / "gold/dev.jsonl", ROOT / "eval/gold/bundled.jsonl", ROOT / "corpus"
    with tempfile.TemporaryDirectory() as temporary:
        folder = (keep or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        runs = ((dev, shared / "seeds"), (dev, corpus), (bundled, corpus))
        return [row(gold, sources, measure(gold, sources, shared, folder)) for gold, sources in runs]


if __name__ == "__main__":
    main()
