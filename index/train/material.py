"""The training material → tasks of text pairs, folded as the index folds what it searches.

A pair is a text and another that should lie near it: a question and its passage, a sentence and its translation, a
heading and what stands under it. The other pairs of a batch are what it should lie far from.
"""

import gzip
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from index.clean import fold

Languages = Literal["zh", "zh-en"]
Side = Literal["left", "right"]
Pair = tuple[str, str]

_LONGEST = 450  # characters; a batch reads no more than the first 128 tokens
_MOST = 80_000  # pairs of one task
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?\n]*")
_PARALLEL = {
    "spoken": ("par_tatoeba", "par_tico19", "par_pud_trad"),
    "docs": ("par_pydocs",),
    "statute": ("par_twlaw_articles", "par_twlaw_titles"),
    "titles": ("lex_wikititles", "lex_tico_terms"),
}
_HEADED = {"law": ("head_prclaw", "head_twlaw"), "abstract": ("head_csl_title_abstract",)}
_MEDICAL = "toyhom_medical_sample"
_NO_GLOSS = ("variant of", "see ", "see also", "old variant", "surname", "cl:", "used in", "abbr. for", "also written")


@dataclass(frozen=True, slots=True)
class Task:
    """Pairs of one kind. `languages` is "zh" (both sides Chinese) or "zh-en"; `shares` is the side that repeats."""

    name: str
    languages: Languages
    shares: Side
    left: list[str]
    right: list[str]


@dataclass(frozen=True, slots=True)
class Gloss:
    """A Chinese word and one English rendering of it; of a verb without its "to"."""

    word: str
    english: str
    source: str
    verb: bool


def read_glosses(folder: Path) -> list[Gloss]:
    """Modern terms, dictionary entries (best rendering first), then titles of encyclopaedia articles."""
    terms = (Path(__file__).parent / "terms.tsv").read_text(encoding="utf-8")
    found = [(zh, en, "terms") for zh, en in (line.split("\t") for line in terms.splitlines())]
    for simplified, _, _, english, *_ in _rows(folder / "cedict.tsv.gz"):
        found += [(simplified, sense, "dictionary") for sense in _senses(english)]
    for name in ("lex_tico_terms", "lex_wikititles"):
        found += [(zh, en, "titles") for zh, en, *_ in _rows(folder / f"{name}.tsv.gz")]
    found += [(zh, en, "places") for zh, _, en, *_ in _rows(folder / "lex_cldr.tsv.gz")]
    glosses = [Gloss(fold(zh), _plain(en), source, en.startswith("to ")) for zh, en, source in found]
    return [gloss for gloss in glosses if gloss.word and gloss.english]


def _senses(english: str) -> list[str]:
    """At most three senses of a dictionary entry, without remarks and without the "to" of a verb."""
    senses = [sense.strip() for sense in re.split("[;/]", english.lower())]
    return [s for s in senses if s and len(s) < 60 and not s.startswith(_NO_GLOSS)][:3]


def _plain(english: str) -> str:
    return fold(re.sub(r"\([^)]*\)", "", english)).removeprefix("to ").strip()


def read_tasks(folder: Path, glosses: list[Gloss], seed: int) -> list[Task]:
    """Every task, in a fixed order."""
    rng = random.Random(seed)
    words = [(gloss.word, gloss.english) for gloss in glosses if gloss.source != "titles"]
    parallel = [
        _task(name, "zh-en", "left", _sample(_columns(folder, files), name, rng)) for name, files in _PARALLEL.items()
    ]
    headed = {
        name: _task(name, "zh", "left", _sample(_columns(folder, files), name, rng)) for name, files in _HEADED.items()
    }
    asked = list(_questions(folder / "zh_qa_passage.jsonl.gz"))
    question = [(q, p) for source, q, p in asked if source != _MEDICAL]
    medical = [(q, p) for source, q, p in asked if source == _MEDICAL]
    prose = sorted({passage for _, passage in question}) * 6 + headed["abstract"].right * 2
    return [
        Task("dictionary", "zh-en", "right", *_sides(words)),
        *parallel,
        *headed.values(),
        _task("question", "zh", "right", question),
        _task("medical", "zh", "right", medical),
        _task("cloze", "zh", "right", list(_clozes(prose, rng))),
        _task("law cloze", "zh", "right", list(_clozes(headed["law"].right, rng))),
    ]


def _task(name: str, languages: Languages, shares: Side, pairs: list[Pair]) -> Task:
    """The pairs folded, without those that have an empty side."""
    folded = [(fold(left[:_LONGEST]), fold(right[:_LONGEST])) for left, right in pairs]
    return Task(name, languages, shares, *_sides([pair for pair in folded if all(pair)]))


def _sides(pairs: list[Pair]) -> tuple[list[str], list[str]]:
    return [left for left, _ in pairs], [right for _, right in pairs]


def _sample(pairs: list[Pair], name: str, rng: random.Random) -> list[Pair]:
    """At most 80,000, but every title: a title is short, and each teaches another name."""
    return pairs if name == "titles" or len(pairs) <= _MOST else rng.sample(pairs, _MOST)


def _clozes(passages: list[str], rng: random.Random) -> Iterator[Pair]:
    """A sentence and the rest of its passage (the inverse cloze task of Lee et al. 2019)."""
    for passage in passages:
        sentences = _SENTENCE.findall(passage[:_LONGEST])
        if len(sentences) >= 3:
            chosen = sentences.pop(rng.randrange(len(sentences)))
            if len(chosen) >= 8:
                yield chosen, "".join(sentences)


def _columns(folder: Path, names: tuple[str, ...]) -> list[Pair]:
    """The first two columns of the files."""
    return [(row[0], row[1]) for name in names for row in _rows(folder / f"{name}.tsv.gz")]


def _questions(path: Path) -> Iterator[tuple[str, str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            yield row["source"], row["question"], row["passage"]


def _rows(path: Path) -> Iterator[list[str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield line.rstrip("\n").split("\t")
