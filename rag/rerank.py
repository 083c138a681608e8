"""The order of the candidates: what speaks for each, weighed by what was learned on other questions and articles."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files

import numpy as np

from index.embed import StaticEmbedder
from index.reader import Index
from index.synonyms import Rephrase, as_it_is, asked_words
from rag.asked_when import asked_when
from rag.candidates import Candidate
from rag.config import RetrieveConfig
from rag.crossencoder import CrossEncoder, read_together
from rag.features import FEATURES, Sought, features
from rag.question import content_words
from rag.types import Hit

_CHINESE, _LATIN = re.compile(r"[\u3400-\u9fff]"), re.compile(r"[A-Za-z]+")
_FIRST = 10  # candidates whose language is looked at
_LATE = FEATURES.index("late")
_HELD = 0.4  # of a question's words, by rarity: of Chinese questions over Chinese articles one in a hundred holds less


def sought(folded: str, today: str | None, index: Index) -> Sought:
    """What a folded question looks for. `today` is the ISO date that it is asked on, if that is known."""
    tokens_of = asked_words(folded, index.words)
    rarity = {word: index.rarity(tokens_of[word]) for word in content_words(tuple(tokens_of))}
    held = sum(r for r in rarity.values() if r < index.rarity(""))
    return Sought(folded, rarity, asked_when(folded, today), foreign=held < _HELD * sum(rarity.values()))


def rerank(
    looked_for: Sought,
    candidates: Sequence[Candidate],
    tokens: StaticEmbedder,
    config: RetrieveConfig,
    *,
    rephrase: Rephrase = as_it_is,
) -> list[Hit]:
    """The candidates in their new order. `rephrase` puts a passage into the question's words."""
    values = features(looked_for, candidates, tokens, rephrase)
    foreign = looked_for.foreign and _in_another_language(looked_for.folded, candidates)
    learned = _weights()["foreign" if foreign else "known"]
    weights = np.array([0.0 if name in config.without else learned[name] for name in FEATURES], np.float32)
    named = tuple(zip(FEATURES, weights.tolist(), strict=True))
    hits = [
        Hit(
            candidate.found.passage,
            candidate.found.article,
            score=float(row @ weights),
            match=candidate.score + config.late_weight * float(row[_LATE]),
            reprints=candidate.repeats,
            values=tuple(row.tolist()),
            weights=named,
        )
        for candidate, row in zip(candidates, values, strict=True)
    ]
    return sorted(hits, key=lambda h: -h.score)


def reread(encoder: CrossEncoder, question: str, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hits in the order in which a cross-encoder finds that they fit the question.

    Its score takes the place: the evidence that gave the order before is still told, but weighs nothing any more.
    """
    scores = encoder.scores(question, [read_together(h.article, h.passage) for h in hits]).tolist()
    again = [_scored(hit, score) for hit, score in zip(hits, scores, strict=True)]
    return tuple(sorted(again, key=lambda h: -h.score))


def _scored(hit: Hit, score: float) -> Hit:
    weights = (*((name, 0.0) for name, _ in hit.weights), ("cross_encoder", 1.0))
    return replace(hit, score=score, values=(*hit.values, score), weights=weights)


def _in_another_language(question: str, candidates: Sequence[Candidate]) -> bool:
    """Whether most of the best candidates are in the other one of Chinese and English than the question."""
    chinese = [_is_chinese(c.found.passage.text) for c in candidates[:_FIRST]]
    return 2 * sum(c is not _is_chinese(question) for c in chinese) > len(chinese)


def _is_chinese(text: str) -> bool:
    """Whether Chinese characters outnumber Latin words."""
    return len(_CHINESE.findall(text)) > len(_LATIN.findall(text))


@cache
def _weights() -> Mapping[str, Mapping[str, float]]:
    """By kind of question ("known" for one in the words of the articles, "foreign"), the weight of each feature."""
    lines = files("rag").joinpath("ranking.tsv").read_text(encoding="utf-8").splitlines()
    (_, *kinds), *rows = (line.split("\t") for line in lines)
    return {kind: {name: float(row[at]) for name, *row in rows} for at, kind in enumerate(kinds)}
