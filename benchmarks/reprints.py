"""Are reprints found, and different articles kept apart? What it costs on 69,377 articles.

    python -m benchmarks.reprints [--seed 1] [--sample 1000] [--shared ../shared] [--show 0]

Takes articles of the CRUD news, makes the reprints of variants.py of them, and asks which are joined with their
originals: among the sample alone, with the original or the reprint first, and among the whole corpus. Articles with
other figures must not be joined. Then counts the stories that the sample and the public sets tell more than once;
`--show` prints pairs of them, those that have least in common first. What misses its goal is bold.
"""

import argparse
import gzip
import json
import random
import resource
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time

from benchmarks.speed import ROOT, machine, shared_or_none
from benchmarks.variants import NUMBER, OTHER_FIGURES, REPRINTS
from index.reprints import Sketched, Stories, sketches, stories
from index.shingles import shingles, tokens

CORPUS = "crud"
OTHERS = ("chronoqa", "rgb_zh", "cmrc2018_dev", "drcd_devtest")
JOINED, APART = 0.97, 0.005  # goals: reprints joined, at least; others, at most
THE_SAME, LITTLE = 0.9, 0.6  # of the shingles of the smaller text: the first is one text, beyond doubt
UPDATED, PASSAGES = 10_000, (60, 200)


@dataclass(frozen=True, slots=True)
class Text:
    """An article: its id, its day ("9999" where unknown) and its text."""

    id: str
    day: str
    text: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sample", type=int, default=1000)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args()
    bench = shared_or_none(options.shared / "bench")
    if bench is None or not (bench / f"{CORPUS}.corpus.jsonl.gz").is_file():
        print(f"{CORPUS}.corpus.jsonl.gz is not there")
        return
    print(f"{machine()}, seed {options.seed}\n")
    corpus = load(bench, CORPUS)
    cost(corpus)
    print()
    chosen = random.Random(options.seed).sample(range(len(corpus)), min(options.sample, len(corpus)))
    report(corpus, chosen, options.seed)
    count("the sample", [corpus[at] for at in chosen], options.show)
    for name in (CORPUS, *OTHERS):
        if (bench / f"{name}.corpus.jsonl.gz").is_file():
            count(name, load(bench, name), options.show)
        else:
            print(f"{name}.corpus.jsonl.gz is not there")


def load(bench: Path, name: str) -> list[Text]:
    with gzip.open(bench / f"{name}.corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    return [Text(one["id"], (one.get("date") or "9999")[:10], one["text"]) for one in found]


def report(corpus: Sequence[Text], chosen: Sequence[int], seed: int) -> None:
    """Which reprints are joined with their originals, a line for each change."""
    sample = [corpus[at] for at in chosen]
    last = [Text(f"z{at}", "9999", text.text) for at, text in enumerate(sample)]  # stand behind their reprints
    print("| change | n | goal | sample alone | reprint first | whole corpus |\n|---|---|---|---|---|---|")
    alone, whole = told(sample), told(corpus)
    sums = [0.0] * 3
    for name, change in (REPRINTS | OTHER_FIGURES).items():
        by = random.Random(f"{seed} {name}")
        able = [at for at, text in enumerate(sample) if name in REPRINTS or NUMBER.search(text.text)]
        made = [Text(f"r{at}", "9999", change(sample[at].text, by)) for at in able]
        shares = [
            joined(sample, made, able, alone),
            joined(last, made, able, None),
            joined(corpus, made, [chosen[at] for at in able], whole),
        ]
        print(
            f"| {name} | {len(able)} | {_goal(name)} | {' | '.join(_marked(share, name) for share in shares)} |",
            flush=True,
        )
        if name in REPRINTS:
            sums = [total + share / len(REPRINTS) for total, share in zip(sums, shares, strict=True)]
    print(f"| all reprints | | {_goal('')} | {' | '.join(_marked(share, '') for share in sums)} |\n")


def joined(originals: Sequence[Text], made: Sequence[Text], of: Sequence[int], known: Stories | None) -> float:
    """The share of the `made` texts that are in one story with the original at the position `of`."""
    first = told([*originals, *made], known).first
    return sum(first.get(at, -1) == first.get(len(originals) + n, -2) for n, at in enumerate(of)) / len(made)


def told(texts: Sequence[Text], known: Stories | None = None) -> Stories:
    """The stories of the texts, by their positions."""
    return stories(sketched(texts), lambda at: texts[at].text, known.compared if known else None)


def sketched(texts: Sequence[Text]) -> list[Sketched]:
    made = sketches([text.text for text in texts])
    return [Sketched(at, (text.day, text.id), (), made[at]) for at, text in enumerate(texts)]


def count(name: str, texts: Sequence[Text], show: int) -> None:
    """How many stories a set tells more than once, and what they have in common."""
    found = told(texts)
    pairs = sorted((contained(texts[a].text, texts[b].text), a, b) for a, b in found.first.items() if a != b)
    sizes = Counter(Counter(found.first.values()).values())
    same = sum(share >= THE_SAME for share, _, _ in pairs)
    little = sum(share < LITTLE for share, _, _ in pairs)
    print(
        f"{name}: {len(texts)} articles, {len(pairs)} reprints of {sum(sizes.values())} others; of the smaller text "
        f"{same} have ≥ {THE_SAME} in common with the first of their story, {little} less than {LITTLE}; "
        f"stories by size {', '.join(f'{size}: {n}' for size, n in sorted(sizes.items())) or 'none'}"
    )
    for share, a, b in pairs[:show]:
        print(f"  {share:.2f}\n    {texts[a].text[:300]!r}\n    {texts[b].text[:300]!r}")


def contained(a: str, b: str) -> float:
    """The share of the shingles of the smaller text that the other has."""
    one, other = (set(shingles(tokens([text])).hashes.tolist()) for text in (a, b))
    return len(one & other) / max(1, min(len(one), len(other)))


def cost(corpus: Sequence[Text]) -> None:
    """CPU seconds and memory of an index, of an update, and of a question."""
    before, start = _peak(), process_time()
    rows = sketched(corpus)
    ready = process_time()
    found = stories(rows, lambda at: corpus[at].text)
    end = process_time()
    print(f"{len(corpus)} articles: sketches {ready - start:.1f} s, stories {end - ready:.1f} s of CPU,", end=" ")
    print(f"{len(found.compared)} pairs read, {_peak() - before:.0f} MB more at the peak")
    few = rows[:UPDATED]
    known = stories(few[1:], lambda at: corpus[at].text).compared
    start = process_time()
    stories(few, lambda at: corpus[at].text, known)
    print(f"{len(few)} articles, of which one is new: {process_time() - start:.2f} s")


def _peak() -> float:
    """The peak memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _goal(name: str) -> str:
    return f"≤ {APART}" if name in OTHER_FIGURES else f"≥ {JOINED}"


def _marked(share: float, name: str) -> str:
    met = share <= APART if name in OTHER_FIGURES else share >= JOINED
    return f"{share:.3f}" if met else f"**{share:.3f}**"


if __name__ == "__main__":
    main()
