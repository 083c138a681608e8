"""Do the bundled digests state every fact of the source articles, in words of their own?

    python benchmarks/facts.py [--facts ../shared/gold/facts.md] [--corpus corpus] [--seeds ../shared/seeds]
    python benchmarks/facts.py --text DIR      the same facts in cleaned source texts (DIR/000*.txt …)

A fact stands in a text when all of its key strings do, both normalised: NFKC, Simplified, lower case, no
pinyin glosses, no white space, no thousands commas. A run of more than 24 characters that a digest shares
with its source is reported as copied, unless it lies inside a key string or inside a title in 《》.
Exit 0: all is well, or the facts are not there. Exit 1: a fact is missing or a run is copied.
"""

import argparse
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import opencc

LONGEST_SHARED_RUN = 24
SHARED = Path(__file__).resolve().parents[2] / "shared"
CORPUS = Path(__file__).resolve().parents[1] / "corpus"

_to_simplified = opencc.OpenCC("t2s")
_FACT = re.compile(r"^- (F(\d{3})-\d+) \|.*〔(.+)〕\s*$", re.MULTILINE)
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_GLOSS = re.compile(r"(?<=[\u3400-\u9fff])\([a-zà-ɏ]{1,7}\)")
_TITLE = re.compile(r"《[^》]+》")
_EDGES = "，,。.、；;：:！!？?“”‘’\"'（）()《》"


@dataclass(frozen=True, slots=True)
class Fact:
    id: str
    article: str  # the three digits of its source
    keys: tuple[str, ...]  # normalised


@dataclass(frozen=True, slots=True)
class Gap:
    fact: str
    keys: tuple[str, ...]


def normalise(text: str) -> str:
    text = _to_simplified.convert(unicodedata.normalize("NFKC", text)).casefold()
    text = re.sub(r"\s+", "", _GLOSS.sub("", text))
    return re.sub(r"(?<=\d),(?=\d{3})", "", text)


def read_facts(path: Path) -> list[Fact]:
    rows = _FACT.findall(path.read_text(encoding="utf-8"))
    return [Fact(id_, article, tuple(map(normalise, keys.split("//")))) for id_, article, keys in rows]


def read_texts(folder: Path, suffixes: tuple[str, ...]) -> dict[str, str]:
    """The body of each numbered file in `folder` by its three digits, normalised, front matter removed."""
    files = sorted(p for p in folder.iterdir() if p.suffix in suffixes and re.match(r"\d{3}", p.name))
    return {p.name[:3]: normalise(_FRONT_MATTER.sub("", p.read_text(encoding="utf-8"))) for p in files}


def gaps(facts: Iterable[Fact], texts: dict[str, str]) -> Iterator[Gap]:
    for fact in facts:
        missing = tuple(key for key in fact.keys if key not in texts.get(fact.article, ""))
        if missing:
            yield Gap(fact.id, missing)


def shared_runs(digest: str, source: str, allowed: Iterable[str]) -> list[str]:
    """Every run of 8 characters or more that stands in both texts and not inside `allowed`, longest first."""
    names = tuple(allowed)
    runs: set[str] = set()
    start = end = 0
    while start < len(digest):
        end = max(end, start)
        before = end
        while end < len(digest) and digest[start : end + 1] in source:
            end += 1
        if end > before and end - start >= 8:
            runs.add(digest[start:end].strip(_EDGES))
        start += 1
    return sorted((run for run in runs if not any(run in name for name in names)), key=len, reverse=True)


def report_facts(facts: list[Fact], texts: dict[str, str]) -> bool:
    missing = list(gaps(facts, texts))
    for gap in missing:
        print(f"{gap.fact} lacks {' // '.join(gap.keys)}")
    print(f"{len(facts) - len(missing)} of {len(facts)} facts")
    return not missing


def report_copies(facts: list[Fact], digests: dict[str, str], seeds: dict[str, str]) -> bool:
    clean = True
    for number, digest in digests.items():
        source = seeds.get(number, "")
        keys = [key for fact in facts if fact.article == number for key in fact.keys]
        runs = shared_runs(digest, source, keys + _TITLE.findall(source))
        copied = [run for run in runs if len(run) > LONGEST_SHARED_RUN]
        longest = runs[0] if runs else ""
        print(f"{number}: longest shared run {len(longest)} characters: {longest}")
        for run in copied:
            print(f"{number} copies {len(run)} characters: {run}")
        clean = clean and not copied
    return clean


def main() -> int:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--facts", type=Path, default=SHARED / "gold" / "facts.md")
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--seeds", type=Path, default=SHARED / "seeds")
    parser.add_argument("--text", type=Path, help="check the cleaned source texts in this folder")
    args = parser.parse_args()
    if not args.facts.is_file():
        print(f"nothing to check: {args.facts} is not there", file=sys.stderr)
        return 0
    facts = read_facts(args.facts)
    if args.text:
        return 0 if report_facts(facts, read_texts(args.text, (".txt", ".md"))) else 1
    digests = read_texts(args.corpus, (".md",))
    complete = report_facts(facts, digests)
    if not args.seeds.is_dir():
        print(f"copying not checked: {args.seeds} is not there", file=sys.stderr)
        return 0 if complete else 1
    own_words = report_copies(facts, digests, read_texts(args.seeds, (".txt",)))
    return 0 if complete and own_words else 1


if __name__ == "__main__":
    sys.exit(main())
