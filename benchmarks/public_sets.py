"""The public sets of ../shared/bench: their questions, their goals, the index of a corpus, and all Chinese ones as one.

In the merged corpus an article is `SET/ID`, and a question keeps its relevant articles: an article of another set is
wrong even where it answers the question, so the figures are a lower bound. Reprints need no care: of 12,000 hits of
1,200 questions (hit or miss) none from another set had a passage that stands in a relevant article.
"""

import gzip
import json
import random
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from ir_measures import R, Success, calc_aggregate, iter_calc, nDCG
from speed import ROOT, run

from rag.types import Question

K = 10
CORPUS = {"xquad_en2zh": "xquad_zh", "crud_event": "crud", "crud_qa1doc": "crud", "crud_qa2doc": "crud"}
CHINESE = ("xquad_zh", "cmrc2018_dev", "drcd_devtest", "rgb_zh", "chronoqa", "crud")  # the corpora that are merged
SETS = ("xquad_zh", "xquad_en2zh", "xquad_zh2en", "cmrc2018_dev", "drcd_devtest", "rgb_zh", "chronoqa")
MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Scores:
    """Means over questions, each in [0, 1]; as a goal, None where there is none."""

    hit1: float | None
    hit10: float | None
    ndcg10: float | None = None
    recall10: float | None = None

    def less(self, slack: float) -> "Scores":
        return Scores(*(None if v is None else v - slack for v in (self.hit1, self.hit10, self.ndcg10, self.recall10)))


GOALS = {
    "xquad_zh": Scores(0.95, 0.995),
    "xquad_en2zh": Scores(0.85, 0.97),
    "xquad_zh2en": Scores(0.85, 0.97),
    "cmrc2018_dev": Scores(0.985, 1.0),
    "drcd_devtest": Scores(0.96, 0.998),
    "rgb_zh": Scores(0.65, 0.96, recall10=0.60),
    "chronoqa": Scores(0.94, 0.98, recall10=0.95),
    "crud_qa1doc": Scores(0.78, 0.94),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the ids of its relevant articles; `day`, an ISO date, is the day of asking where it is known."""

    id: str
    text: str
    relevant: tuple[str, ...]
    day: str | None = None

    @property
    def question(self) -> Question:
        """As the library takes it."""
        return Question(self.text, today=self.day)

    @property
    def record(self) -> dict[str, str]:
        """As `--batch` takes it."""
        found = {"id": self.id, "question": self.text}
        return found | {"date": self.day} if self.day else found


@dataclass(frozen=True, slots=True)
class Built:
    """An index, and what it took to build: `made_of` is a digest of everything it depends on."""

    made_of: str
    seconds: float
    peak: float


def load(file: Path, *, sample: int | None, seed: int, limit: int | None) -> list[Asked]:
    """The questions of a set: a draw of `sample`, as the feasibility study drew them, or the first `limit`, or all."""
    found = [_asked(json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]
    if sample:
        random.seed(seed)
        found = random.sample(found, min(sample, len(found)))
    return found[:limit]


def _asked(record: dict) -> Asked:
    day = record.get("question_date")
    told = date(*map(int, day.split("-"))).isoformat() if day else None  # some are written 2024-7-1
    return Asked(record["id"], record["question"], tuple(record["relevant"]), told)


def score(asked: Sequence[Asked], ranked: Sequence[Sequence[str]]) -> Scores:
    """The scores of rankings of article ids, by trec_eval: relevance is binary, a question without hits counts 0."""
    by_measure = calc_aggregate([Success @ 1, Success @ K, nDCG @ K, R @ K], *_qrels_and_run(asked, ranked))
    return Scores(*(by_measure[m] for m in (Success @ 1, Success @ K, nDCG @ K, R @ K)))


def gains(asked: Sequence[Asked], ranked: Sequence[Sequence[str]]) -> list[float]:
    """nDCG@10 of each question, in order."""
    by_id = {m.query_id: m.value for m in iter_calc([nDCG @ K], *_qrels_and_run(asked, ranked))}
    return [by_id[q.id] for q in asked]


def _qrels_and_run(asked: Sequence[Asked], ranked: Sequence[Sequence[str]]) -> tuple[dict, dict]:
    qrels = {q.id: dict.fromkeys(q.relevant, 1) for q in asked}
    orders = zip(asked, ranked, strict=True)
    return qrels, {q.id: {article: -float(place) for place, article in enumerate(order)} for q, order in orders}


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
    """A digest of the corpus (each file of a folder), the embedder and the code of index/."""
    articles = sorted(corpus.iterdir()) if corpus.is_dir() else [corpus]
    code = sorted([*(ROOT / "index").rglob("*.py"), *(ROOT / "index/model").glob("SHA256SUMS")])
    digest = sha256()
    for path in [*articles, *code]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def merge(bench: Path, file: Path) -> Path:
    """Write the articles of all Chinese corpora into one file, unless it is there, under ids that name their set."""
    if file.is_file():
        return file
    file.parent.mkdir(parents=True, exist_ok=True)
    whole = file.with_suffix(".part")
    with whole.open("wb") as raw, gzip.GzipFile("", "wb", 1, raw, mtime=0) as out:  # the same bytes each time
        for name in CHINESE:
            for article in _articles(bench, name):
                line = json.dumps(article | {"id": f"{name}/{article['id']}"}, ensure_ascii=False)
                out.write(line.encode() + b"\n")
    return whole.rename(file)


def _articles(bench: Path, corpus: str) -> Iterator[dict]:
    with gzip.open(bench / f"{corpus}.corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def in_merged(name: str, asked: Iterable[Asked]) -> list[Asked]:
    """The questions of a set as they are asked over the merged corpus."""
    corpus = CORPUS.get(name, name)
    return [replace(q, id=f"{name}/{q.id}", relevant=tuple(f"{corpus}/{a}" for a in q.relevant)) for q in asked]
