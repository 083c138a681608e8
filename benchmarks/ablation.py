"""What each part of finding is worth: the pipeline without one of its parts, and the legs alone.

The legs, words (jieba's) and vectors, are asked through the reader's own seam (`Index.lexical`, `Index.dense`) and
rank articles by their best passage among the first 100; RRF sums 1 / (60 + place) over both (Cormack, Clarke and
Büttcher, 2009).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from public_sets import Asked, K

from index.config import IndexConfig
from index.reader import Index, open_index
from rag import question as questions
from rag.assistant import Assistant
from rag.config import _STEPS, Config
from rag.features import FEATURES
from rag.types import Question

_DEPTH = 100  # passages of each leg
_RRF = 60
WHOLE = "everything"
KINDS = {  # evidence of one kind, which can stand in for each other
    "any late interaction": ("late", "telling", "window", "article"),
    "any title": ("title", "named"),
    "any date": ("day", "another_day", "newest", "later"),
}

Search = Callable[[Question], list[str]]


@dataclass(frozen=True, slots=True)
class Run:
    """The ranked article ids of one variant for each question, and the seconds that each took."""

    ranked: tuple[tuple[str, ...], ...]
    seconds: tuple[float, ...]


def config(home: Path) -> Config:
    """The defaults over one index."""
    return Config(index=IndexConfig(home=home))


def variants(home: Path) -> dict[str, Search]:
    """By name: the whole, the whole without each of its parts, and without each kind of evidence."""
    whole, parts = config(home), (*FEATURES, *_STEPS)
    assert all(name in parts for kind in KINDS.values() for name in kind)
    found = {WHOLE: _assistant(whole)}
    for name, left_out in ({part: (part,) for part in parts} | KINDS).items():
        less = replace(whole.retrieve, without=left_out)
        found[f"without {name}"] = _assistant(replace(whole, retrieve=less))
    return found


def ask_variants(home: Path, asked: Sequence[Asked]) -> dict[str, Run]:
    """Every question of a set to every variant over one index: the work of a process."""
    return ask(variants(home), asked)


def ask(searches: dict[str, Search], asked: Sequence[Asked]) -> dict[str, Run]:
    """Every question to every variant; the first question is asked once before, to warm what is loaded late."""
    for search in searches.values():
        search(asked[0].question)
    ranked: dict[str, list[tuple[str, ...]]] = {name: [] for name in searches}
    seconds: dict[str, list[float]] = {name: [] for name in searches}
    for one in asked:
        for name, search in searches.items():
            began = perf_counter()
            ranked[name].append(tuple(search(one.question)))
            seconds[name].append(perf_counter() - began)
    return {name: Run(tuple(ranked[name]), tuple(seconds[name])) for name in searches}


def _assistant(config: Config) -> Search:
    assistant = Assistant(config)
    return lambda question: [hit.article.id for hit in assistant.search(question, K)]


def legs(home: Path) -> dict[str, Search]:
    """By name: words alone, vectors alone, and both fused by their ranks."""
    index = open_index(config(home).index)

    def words(question: Question) -> list[int]:
        return index.lexical(index.words(questions.check(question.text).folded), _DEPTH).rows.tolist()

    def dense(question: Question) -> list[int]:
        vector = index.embedder.encode([questions.check(question.text).folded], kind="query")[0]
        return index.dense(vector, _DEPTH).rows.tolist()

    return {
        "BM25": lambda question: _articles(index, words(question)),
        "dense": lambda question: _articles(index, dense(question)),
        "RRF": lambda question: _articles(index, _fused(words(question), dense(question))),
    }


def _fused(*legs: Sequence[int]) -> list[int]:
    scores: dict[int, float] = {}
    for rows in legs:
        for place, row in enumerate(rows, 1):
            scores[row] = scores.get(row, 0.0) + 1 / (_RRF + place)
    return sorted(scores, key=lambda row: -scores[row])


def _articles(index: Index, rows: Sequence[int]) -> list[str]:
    """The articles of ranked passages, each once, the best `K`."""
    article = {found.row: found.passage.article_id for found in index.passages(rows)}
    return list(dict.fromkeys(article[row] for row in rows))[:K]
