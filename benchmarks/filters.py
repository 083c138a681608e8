"""What a filter costs: both legs of a search and the whole of it, under filters that leave much, little or one article.

    python benchmarks/filters.py [--questions 100] [--home DIR]

Over 69,377 news articles with publishers and dates drawn at random: the shares of the publishers fall like 1 / place,
and six articles far apart are of a publisher of their own. With --home the index stays there for the next time.
Prints Markdown rows for docs/BENCHMARKS.md.
"""

import argparse
import gzip
import json
import os
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

from speed import NEWS, NEWS_QUESTIONS, SHARED, machine, run, shared_or_none

from index.config import IndexConfig
from index.types import ANYBODY, Filter
from rag.assistant import Assistant
from rag.config import Config
from rag.types import Question

_NAMES = tuple(f"第{n}日报" for n in range(400))
_RARE, _EVERY = "罕见小报", 13_000  # one article in so many is of the rare publisher
_DEPTH = 100  # passages of each leg
FILTERS = {
    "none": ANYBODY,
    "publisher of six articles": Filter(publishers=(_RARE,)),
    "rare publisher": Filter(publishers=("第200日报",)),
    "publisher": Filter(publishers=("第5日报",)),
    "largest publisher": Filter(publishers=("第0日报",)),
    "all publishers but one": Filter(publishers=("日报",)),
    "one day": Filter(since="2020-03-05", until="2020-03-05"),
    "one month": Filter(since="2020-03", until="2020-03"),
    "one year": Filter(since="2020", until="2020"),
    "ten years": Filter(since="2016"),
    "publisher and years": Filter(publishers=("第1日报",), since="2018"),
    "path": Filter(paths=("*-1*",)),
}


def dressed(corpus: Path) -> Iterator[str]:
    """The lines of a corpus with publishers and dates; one date in ten is cut or missing."""
    dice = random.Random(7)
    weights = [1 / place for place in range(1, len(_NAMES) + 1)]
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            day = f"{dice.randint(2015, 2025)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
            known = dice.choice([10] * 18 + [7, 4, 0, 10])  # characters of the date
            name = _RARE if number % _EVERY == 500 else dice.choices(_NAMES, weights)[0]
            date = {"published": day[:known]} if known else {}
            yield json.dumps({**json.loads(line), "publisher": name, **date}, ensure_ascii=False) + "\n"


def index(bench: Path, home: Path) -> Path:
    """The folder of the index, made if it is not there."""
    if not home.is_dir():
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder, "news.jsonl")
            with source.open("w", encoding="utf-8") as file:
                file.writelines(dressed(bench / NEWS))
            run("index", source, "--home", home)
    return home


def p50(ask: Callable[[str], object], questions: Sequence[str]) -> float:
    """Milliseconds, the median over the questions."""
    took = []
    for question in questions:
        began = perf_counter()
        ask(question)
        took.append(1000 * (perf_counter() - began))
    return median(took)


def row(name: str, only: Filter, assistant: Assistant, questions: Sequence[str]) -> str:
    held = assistant._index
    began = perf_counter()
    held.lexical(["的"], 1, only)
    first = 1000 * (perf_counter() - began)
    vectors = {q: held.embedder.encode([q], kind="query")[0] for q in questions}
    lexical = p50(lambda q: held.lexical(held.words(q), _DEPTH, only), questions)
    dense = p50(lambda q: held.dense(vectors[q], _DEPTH, only), questions)
    whole = p50(lambda q: assistant.search(Question(q, filter=only), 10), questions)
    left = held.manifest.articles if only is ANYBODY else len(held._catalogue.allowed(only).articles)
    return f"| {name} | {left:,} | {first:.0f} | {lexical:.1f} | {dense:.1f} | {whole:.1f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--home", type=Path, help="folder of the index, kept")
    parser.add_argument("--shared", type=Path, default=SHARED)
    options = parser.parse_args()
    if not (shared := shared_or_none(options.shared)):
        return
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    lines = (shared / "bench" / NEWS_QUESTIONS).read_text("utf-8").splitlines()[: options.questions]
    questions = [json.loads(line)["question"] for line in lines]
    print(f"{machine()}\n\n| filter | articles left | made in ms | words, ms | vectors, ms | search, ms |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        home = index(shared / "bench", options.home or Path(folder) / "home")
        assistant = Assistant(Config(index=IndexConfig(home=home)))
        for name, only in FILTERS.items():
            print(row(name, only, assistant, questions), flush=True)


if __name__ == "__main__":
    main()
