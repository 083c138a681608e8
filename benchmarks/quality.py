"""How well articles and sentences are found: the public sets in ../shared/bench, the gold set in ../shared/gold.

    python benchmarks/quality.py --sample 400             all tables; the questions that the goals are measured on
    python benchmarks/quality.py --tables sets --sets xquad_zh,crud_qa1doc,merged --sample 400
    python benchmarks/quality.py --tables ablation --sample 200
    python benchmarks/quality.py --errors rgb_zh          what goes wrong, a line a question

sets       `youju index`, then `youju search --batch` in one process; the best passage of an article counts. "merged"
           asks the Chinese sets of --sets over the articles of all. Beside it words, vectors and their RRF alone
ablation   the same questions without one part of the pipeline after the other
sentences  whether what an answer needs is among the first sentences (see gold_sentences.py)
scripts    whether a gold question in the other Chinese script finds the same passages

Figures come from ir-measures. An index is kept below --home and used again while the corpus, the embedder and the code
of index/ are the same. Prints Markdown for docs/BENCHMARKS.md; bold misses its goal.
"""

import argparse
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from statistics import fmean, median, stdev

import ablation
import gold_sentences
import public_sets
from public_sets import CHINESE, CORPUS, GOALS, MERGED, SETS, Asked, Built, K, Scores
from speed import ROOT, SHARED, machine, run, shared_or_none

from rag.assistant import Assistant

TABLES = ("sets", "ablation", "sentences", "scripts")
HEAD = (
    "| set | questions | articles | BM25 hit@1 / hit@10 | dense | RRF | youju | goal | nDCG@10 | recall@10 (goal) "
    "| p50 / p95 ms | peak MB | index s |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|"
)
NO_GOAL = Scores(None, None)
SLACK = 0.03  # what a set may lose among the articles of all the others
_LOOKED = 60  # how deep --errors looks for the right article


@dataclass(frozen=True, slots=True)
class Bench:
    """Where the material and the indexes lie, and which questions are asked."""

    bench: Path
    home: Path
    sets: tuple[str, ...]
    sample: int | None
    seed: int
    limit: int | None
    jobs: int

    def asked(self, name: str) -> list[Asked]:
        file = self.bench / f"{name}.jsonl"
        return public_sets.load(file, sample=self.sample, seed=self.seed, limit=self.limit)

    def index(self, corpus: str) -> tuple[Path, Built]:
        """The index of a corpus: its home, and what it took."""
        file = self.bench / f"{corpus}.corpus.jsonl.gz"
        if corpus == MERGED:
            file = public_sets.merge(self.bench, self.home / f"{MERGED}.corpus.jsonl.gz")
        return self.home / corpus, public_sets.index(file, self.home / corpus)


@dataclass(frozen=True, slots=True)
class Searched:
    """One process of `youju search --batch`: article ids, the seconds of each but the first, peak memory in MB."""

    ranked: tuple[tuple[str, ...], ...]
    seconds: tuple[float, ...]
    peak: float


@dataclass(frozen=True, slots=True)
class Measured:
    """What a row of the first table tells of: questions, the answers of the legs alone and of youju, its index."""

    name: str
    asked: Sequence[Asked]
    legs: Mapping[str, ablation.Run]
    found: Searched
    built: Built


def search(asked: Sequence[Asked], home: Path) -> Searched:
    """Ask an index through the command line."""
    batch = home.with_suffix(".questions.jsonl")
    lines = (json.dumps(q.record, ensure_ascii=False) + "\n" for q in asked)
    batch.write_text("".join(lines), encoding="utf-8")
    process = run("search", "--batch", batch, "--k", str(K), "--home", home)
    answers = [json.loads(line) for line in process.lines]
    assert [a["id"] for a in answers] == [q.id for q in asked]
    ranked = tuple(tuple(hit["article_id"] for hit in a["hits"]) for a in answers)
    return Searched(ranked, process.between, process.peak)


def sets_table(bench: Bench) -> None:
    """A row for each set over its own articles, then for each over those of all."""
    print(HEAD, flush=True)
    alone: dict[str, Scores] = {}
    for name in bench.sets:
        if name == MERGED:
            continue
        home, built = bench.index(CORPUS.get(name, name))
        asked = bench.asked(name)
        found = search(asked, home)
        measured = Measured(name, asked, ablation.ask(ablation.legs(home), asked), found, built)
        alone[name] = public_sets.score(asked, found.ranked)
        print(set_row(measured, GOALS.get(name, NO_GOAL), home), flush=True)
    if MERGED in bench.sets:
        merged_rows(bench, alone)


def merged_rows(bench: Bench, alone: Mapping[str, Scores]) -> None:
    """The Chinese sets over the articles of all, in one process."""
    home, built = bench.index(MERGED)
    by_set = {
        name: public_sets.in_merged(name, bench.asked(name)) for name in alone if CORPUS.get(name, name) in CHINESE
    }
    everything = [q for asked in by_set.values() for q in asked]
    found = search(everything, home)
    searches = ablation.legs(home)
    at = 0
    for name, asked in by_set.items():
        until = at + len(asked)
        part = Searched(found.ranked[at:until], found.seconds[max(at - 1, 0) : until - 1], found.peak)
        measured = Measured(f"merged: {name}", asked, ablation.ask(searches, asked), part, built)
        print(set_row(measured, alone[name].less(SLACK), home), flush=True)
        at = until


def set_row(m: Measured, goal: Scores, home: Path) -> str:
    """The Markdown row of a set; what misses its goal is bold."""
    got = public_sets.score(m.asked, m.found.ranked)
    alone = [public_sets.score(m.asked, leg.ranked) for leg in m.legs.values()]
    held = json.loads(run("status", "--home", home, "--json").lines[0])["articles"]
    hits = f"{_bold(got.hit1, goal.hit1)} / {_bold(got.hit10, goal.hit10)}"
    wanted = f"{goal.hit1:.3f} / {goal.hit10:.3f}" if goal.hit1 is not None else "—"
    recall = f" ({goal.recall10:.2f})" if goal.recall10 is not None else ""
    legs = " | ".join(f"{leg.hit1:.3f} / {leg.hit10:.3f}" for leg in alone)
    times = sorted(m.found.seconds)
    return (
        f"| {m.name} | {len(m.asked)} | {held:,} | {legs} | {hits} | {wanted} "
        f"| {got.ndcg10:.3f} | {_bold(got.recall10, goal.recall10)}{recall} "
        f"| {1000 * median(m.found.seconds):.0f} / {1000 * times[int(0.95 * len(times))]:.0f} "
        f"| {max(m.found.peak, m.built.peak):.0f} | {m.built.seconds:.1f} |"
    )


def ablation_table(bench: Bench) -> None:
    """A row for each variant: hit@1 / hit@10 on each set, and what its nDCG@10 loses against the whole."""
    asked = {name: bench.asked(name) for name in bench.sets if name != MERGED}
    runs: dict[str, dict[str, ablation.Run]] = {}
    homes = [bench.index(CORPUS.get(name, name))[0] for name in asked]
    with ProcessPoolExecutor(bench.jobs, get_context("spawn")) as pool:  # threads of an index do not survive a fork
        for name, of_set in zip(asked, pool.map(ablation.ask_variants, homes, asked.values()), strict=True):
            for variant, found in of_set.items():
                runs.setdefault(variant, {})[name] = found
    print(f"| | {' | '.join(asked)} | nDCG@10 | less by | most on | ms |\n|{'---|' * (len(asked) + 5)}")
    whole = {name: public_sets.gains(asked[name], found.ranked) for name, found in runs[ablation.WHOLE].items()}
    for variant, by_set in runs.items():
        print(ablation_row(variant, asked, by_set, whole))


def ablation_row(
    variant: str,
    asked: Mapping[str, Sequence[Asked]],
    runs: Mapping[str, ablation.Run],
    whole: Mapping[str, list[float]],
) -> str:
    """The Markdown row of a variant; `whole` is the nDCG@10 of each question, by set, with nothing left out."""
    scores = [public_sets.score(asked[name], found.ranked) for name, found in runs.items()]
    gains = {name: public_sets.gains(asked[name], found.ranked) for name, found in runs.items()}
    lost = {name: [a - b for a, b in zip(whole[name], gains[name], strict=True)] for name in runs}
    most = max(lost, key=lambda name: fmean(lost[name]))
    worth = f"{_mean(chain(*lost.values()))} | {most}: {_mean(lost[most])}" if variant != ablation.WHOLE else " | "
    cells = " | ".join(f"{s.hit1:.3f} / {s.hit10:.3f}" for s in scores)
    seconds = median(chain(*(found.seconds for found in runs.values())))
    return f"| {variant} | {cells} | {fmean(chain(*gains.values())):.3f} | {worth} | {1000 * seconds:.0f} |"


def _mean(values: Iterable[float]) -> str:
    """The mean with its standard error."""
    found = list(values)
    return f"{round(fmean(found), 4) + 0.0:.4f} ± {stdev(found) / len(found) ** 0.5:.4f}"


def sentences_table(assistant: Assistant, shared: Path) -> None:
    """A row for each kind of question: the share whose needed sentences are among the first 1, 5 and 10."""
    items = gold_sentences.read(shared / "gold/dev.jsonl")
    verdicts = gold_sentences.judge(items, assistant, shared)
    depths = " / ".join(f"@{k}" for k in gold_sentences.DEPTHS)
    print(f"| kind | questions | all needed: {depths} | goal | with the very quotes: {depths} |")
    print("|---|---|---|---|---|")
    for kind in ("all", *sorted({v.kind for v in verdicts})):
        of = [v for v in verdicts if kind in ("all", v.kind)]
        goal = gold_sentences.GOALS.get(kind, ())
        got = [fmean(v.by_must[at] for v in of) for at in range(len(gold_sentences.DEPTHS))]
        quoted = [fmean(v.by_quotes[at] for v in of) for at in range(len(gold_sentences.DEPTHS))]
        print(
            f"| {kind} | {len(of)} | {' / '.join(map(_bold, got, goal or [None] * 3))} "
            f"| {' / '.join(f'{g:.2f}' for g in goal) or '—'} | {' / '.join(f'{q:.3f}' for q in quoted)} |"
        )


def scripts_table(assistant: Assistant, shared: Path) -> None:
    """The share of the gold questions that find the same passages in the other script, and which do not."""
    same = gold_sentences.same_in_other_script(gold_sentences.read(shared / "gold/dev.jsonl"), assistant)
    differing = ", ".join(one for one, is_same in same.items() if not is_same) or "—"
    print("| gold questions in the other script | identical top 10 | which differ |\n|---|---|---|")
    print(f"| {len(same)} | {_bold(fmean(same.values()), 1.0)} | {differing} |")


def errors(bench: Bench, name: str) -> None:
    """A line for each question whose first hit is wrong: the right article's place, the question, the first hit."""
    home, _ = bench.index(CORPUS.get(name, name))
    assistant = Assistant(ablation.config(home))
    for asked in bench.asked(name):
        hits = assistant.search(asked.question, _LOOKED)
        places = [place for place, hit in enumerate(hits, 1) if hit.article.id in asked.relevant]
        if places[:1] != [1]:
            first = hits[0].article.title if hits else "—"
            print(f"{places[0] if places else '—'}\t{asked.id}\t{asked.text}\t{first}")


def _bold(figure: float, goal: float | None) -> str:
    return f"**{figure:.3f}**" if goal is not None and round(figure, 3) < round(goal, 3) else f"{figure:.3f}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--tables", default=",".join(TABLES), help=f"of {','.join(TABLES)}")
    parser.add_argument("--sets", default=",".join(SETS), help=f"of {','.join([*SETS, *CORPUS, MERGED])}")
    parser.add_argument("--limit", type=int, help="the first so many questions of each set")
    parser.add_argument(
        "--sample", type=int, help="so many questions drawn at random, as the feasibility study drew them"
    )
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--home", type=Path, default=ROOT / "build/benchmarks", help="folder of the indexes")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes for the ablation")
    parser.add_argument("--errors", metavar="SET", help="print what goes wrong on this set, and nothing else")
    return parser.parse_args()


def main() -> None:
    options = _options()
    if not (shared := shared_or_none(options.shared.resolve())):
        return
    home, sets = options.home.resolve(), tuple(options.sets.split(","))
    bench = Bench(shared / "bench", home, sets, options.sample, options.seed, options.limit, options.jobs)
    if options.errors:
        return errors(bench, options.errors)
    print(machine())
    tables = options.tables.split(",")
    if "sets" in tables:
        print()
        sets_table(bench)
    if "ablation" in tables:
        print()
        ablation_table(bench)
    if {"sentences", "scripts"} & set(tables):
        public_sets.index(shared / "seeds", home / "seeds")
        assistant = Assistant(ablation.config(home / "seeds"))
        for name, table in (("sentences", sentences_table), ("scripts", scripts_table)):
            if name in tables:
                print()
                table(assistant, shared)


if __name__ == "__main__":
    main()
