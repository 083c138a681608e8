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

from index.clean import fold

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
_NO_GLOSS = ("variant of", "see ", "see also", "old variant", "surname", "cl:", "used in", "abbr. for", "also written")


@dataclass(frozen=True, slots=True)
class Task:
    """Pairs of one kind. `languages` is "zh" (both sides Chinese) or "zh-en"."""

    name: str
    languages: str
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
    words = [gloss for gloss in glosses if gloss.source != "titles"]
    tasks = [Task("dictionary", "zh-en", [g.word for g in words], [g.english for g in words])]
    for name, files in _PARALLEL.items():
        tasks.append(_task(name, "zh-en", [row[:2] for file in files for row in _rows(folder / f"{file}.tsv.gz")], rng))
    for name, files in _HEADED.items():
        tasks.append(_task(name, "zh", [row[:2] for file in files for row in _rows(folder / f"{file}.tsv.gz")], rng))
    asked = list(_questions(folder / "zh_qa_passage.jsonl.gz"))
    tasks.append(_task("question", "zh", [[q, p] for kind, q, p in asked if kind != "toyhom_medical_sample"], rng))
    tasks.append(_task("medical", "zh", [[q, p] for kind, q, p in asked if kind == "toyhom_medical_sample"], rng))
    headed = {task.name: task for task in tasks if task.name in _HEADED}
    encyclopaedia = sorted({p for kind, _, p in asked if kind != "toyhom_medical_sample"})
    prose = encyclopaedia * 6 + headed["abstract"].right * 2
    tasks.append(_task("cloze", "zh", list(_clozes(prose, rng)), rng))
    tasks.append(_task("law cloze", "zh", list(_clozes(headed["law"].right, rng))[:30_000], rng))
    return tasks


def _task(name: str, languages: str, pairs: list[list[str]], rng: random.Random) -> Task:
    """Folded, without empty sides, at most 80,000 pairs (headings of encyclopaedia articles: all)."""
    if len(pairs) > _MOST and name != "titles":
        pairs = rng.sample(pairs, _MOST)
    folded = [(fold(left[:_LONGEST]), fold(right[:_LONGEST])) for left, right in pairs]
    kept = [(left, right) for left, right in folded if left and right]
    return Task(name, languages, [left for left, _ in kept], [right for _, right in kept])


def _clozes(passages: list[str], rng: random.Random) -> Iterator[list[str]]:
    """A sentence and the rest of its passage (the inverse cloze task of Lee et al. 2019)."""
    for passage in passages:
        sentences = _SENTENCE.findall(passage[:_LONGEST])
        if len(sentences) >= 3:
            chosen = sentences.pop(rng.randrange(len(sentences)))
            if len(chosen) >= 8:
                yield [chosen, "".join(sentences)]


def _questions(path: Path) -> Iterator[tuple[str, str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            yield row["source"], row["question"], row["passage"]


def _rows(path: Path) -> Iterator[list[str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield line.rstrip("\n").split("\t")
