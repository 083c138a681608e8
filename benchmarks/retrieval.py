"""How well `youju search` finds articles, on the public sets in ../shared/bench.

    python benchmarks/retrieval.py                        every set but crud (see --sets), every question
    python benchmarks/retrieval.py --sample 400           the questions the prototype's floor was measured on
    python benchmarks/retrieval.py --sets xquad_zh,rgb_zh --limit 50

Everything goes through the command line, as users run it: `youju index`, then `youju search --batch`. An index is kept
below --home and used again while the corpus, the embedder and the code of index/ are the same. Prints Markdown rows for
docs/BENCHMARKS.md: the target is the floor of ../shared/README.md (sum + late) less .01, and bold misses it. Sampled
figures are compared with a floor that was sampled in the same way.
"""

import argparse
import json
import math
import random
import re
import shutil
import sys
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from statistics import fmean, median

from speed import ROOT, SHARED, machine, run, shared_or_none

CORPUS = {"xquad_en2zh": "xquad_zh", "crud_event": "crud", "crud_qa1doc": "crud", "crud_qa2doc": "crud"}
SETS = ("xquad_zh", "xquad_en2zh", "xquad_zh2en", "cmrc2018_dev", "drcd_devtest", "rgb_zh", "chronoqa")
K = 10
SLACK = 0.01
HEAD = (
    "| set | questions | hit@1 | target | hit@10 | target | nDCG@10 | recall@10 | ms a question | peak MB | index s |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of one question's ranking of articles, each in [0, 1]."""

    hit1: float
    hit10: float
    ndcg10: float
    recall10: float


@dataclass(frozen=True, slots=True)
class Floor:
    """What the prototype reached on a set."""

    hit1: float
    hit10: float


@dataclass(frozen=True, slots=True)
class Built:
    """An index, and what it took to build: `made_of` is a digest of everything it depends on."""

    made_of: str
    seconds: float
    peak: float


def score(ranked: Sequence[str], relevant: Collection[str]) -> Scores:
    """Binary relevance; nDCG divides by the gain of a ranking that has all relevant articles first."""
    gains = [article in relevant for article in ranked[:K]]
    ideal = sum(1 / math.log2(place + 2) for place in range(min(K, len(relevant))))
    found = sum(gain / math.log2(place + 2) for place, gain in enumerate(gains))
    return Scores(float(gains[:1] == [True]), float(any(gains)), found / ideal, sum(gains) / len(relevant))


def read_floors(readme: Path) -> dict[str, Floor]:
    """The bold column of the prototypes' table, by set."""
    rows = re.findall(r"^\| (\w+) \|.*?\*\*(\S+) / (\S+)\*\*", readme.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: Floor(float(hit1), float(hit10)) for name, hit1, hit10 in rows}


def index(corpus: Path, home: Path) -> Built:
    """The index of a corpus: the one that lies at `home` if it is made of the same, or a fresh one."""
    note = home.with_suffix(".json")
    made_of = _made_of(corpus)
    if home.is_dir() and note.is_file() and (kept := Built(**json.loads(note.read_text()))).made_of == made_of:
        return kept
    if home.exists() and not note.is_file():
        sys.exit(f"{home} is not of this script's making: name another --home")
    shutil.rmtree(home, ignore_errors=True)
    home.parent.mkdir(parents=True, exist_ok=True)
    note.write_text(json.dumps(asdict(Built("", 0.0, 0.0))))  # ours, and not whole yet
    process = run("index", corpus, "--home", home)
    built = Built(made_of, process.wall, process.peak)
    note.write_text(json.dumps(asdict(built)))
    return built


def _made_of(corpus: Path) -> str:
    digest = sha256(corpus.read_bytes())
    for path in sorted([*(ROOT / "index").rglob("*.py"), *(ROOT / "index/model").glob("SHA256SUMS")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def measure(name: str, questions: Sequence[dict], built: Built, home: Path, floor: Floor | None) -> str:
    """Ask the questions of a set and give its row."""
    batch = home.with_name(f"{name}.questions.jsonl")
    batch.write_text("".join(json.dumps(_asked(q), ensure_ascii=False) + "\n" for q in questions), encoding="utf-8")
    process = run("search", "--batch", batch, "--k", str(K), "--home", home)
    answers = [json.loads(line) for line in process.lines]
    assert [a["id"] for a in answers] == [q["id"] for q in questions]
    scores = [
        score([h["article_id"] for h in a["hits"]], set(q["relevant"])) for a, q in zip(answers, questions, strict=True)
    ]
    means = Scores(*(fmean(getattr(s, field) for s in scores) for field in Scores.__slots__))
    targets = [f"{f - SLACK:.3f}" if f else "—" for f in ((floor.hit1, floor.hit10) if floor else (None, None))]
    hits = [_bold(means.hit1, floor and floor.hit1), _bold(means.hit10, floor and floor.hit10)]
    return (
        f"| {name} | {len(questions)} | {hits[0]} | {targets[0]} | {hits[1]} | {targets[1]} | {means.ndcg10:.3f} "
        f"| {means.recall10:.3f} | {1000 * median(process.between or process.came):.1f} "
        f"| {max(process.peak, built.peak):.0f} | {built.seconds:.1f} |"
    )


def _asked(question: dict) -> dict:
    asked = {"id": question["id"], "question": question["question"]}
    if not (day := question.get("question_date")):
        return asked
    return asked | {"date": date(*map(int, day.split("-"))).isoformat()}  # some are written 2024-7-1


def _bold(figure: float, floor: float | None) -> str:
    return f"**{figure:.3f}**" if floor and figure < floor - SLACK else f"{figure:.3f}"


def _questions(path: Path, options: argparse.Namespace) -> list[dict]:
    questions = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    if options.sample:
        random.seed(options.seed)
        questions = random.sample(questions, min(options.sample, len(questions)))
    return questions[: options.limit]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--sets", default=",".join(SETS), help=f"of {','.join([*SETS, *CORPUS])}")
    parser.add_argument("--limit", type=int, help="the first so many questions of each set")
    parser.add_argument("--sample", type=int, help="so many questions drawn at random, as the prototype draws them")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--home", type=Path, default=ROOT / "build/benchmarks", help="folder of the indexes")
    options = parser.parse_args()
    if not (shared := shared_or_none(options.shared)):
        return
    floors = read_floors(shared / "README.md")
    print(f"{machine()}\n\n{HEAD}", flush=True)
    for name in options.sets.split(","):
        corpus = CORPUS.get(name, name)
        home = options.home.resolve() / corpus
        built = index(shared / "bench" / f"{corpus}.corpus.jsonl.gz", home)
        questions = _questions(shared / "bench" / f"{name}.jsonl", options)
        print(measure(name, questions, built, home, floors.get(name)), flush=True)


if __name__ == "__main__":
    main()
