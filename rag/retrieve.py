"""Question → candidate passages: words and vectors, fused by a bounded sum.

Each candidate gets its cosine plus a weight times its BM25 score over the highest score this question could reach. A
question foreign to the corpus thereby gets no weight from chance matches of words, which reciprocal rank fusion cannot
see: English questions over Chinese articles hit first in .55 of the cases with the sum and in .32 with the ranks.

A question that names something with synonyms is asked with the other names too; a passage's best share and its best
cosine count.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index.reader import Found, Index
from index.synonyms import asked_words, variants
from index.types import ANYBODY, Filter
from rag.candidates import Candidate
from rag.config import RetrieveConfig
from rag.witnesses import join

_OTHERS = 4  # variants of a question that are embedded beside it
_MOST = 1600  # passages that each leg is asked for at most
_SPARE = 1.5  # times as many passages are read at first as are wanted, for some repeat others


def retrieve(index: Index, text: str, config: RetrieveConfig, only: Filter = ANYBODY) -> list[Candidate]:
    """The candidates for a folded question, best first, reprints joined; those that the filter leaves out are
    never looked at.

    Where reprints leave too few, more are asked for.
    """
    vectors = index.embedder.encode(variants(text, index.words, most=_OTHERS), kind="query")
    joined: list[Candidate] = []
    for asked, most in _rounds(config):
        share = {} if "words" in config.without else _share_of_words(index, text, asked, only)
        near = {} if "cosine" in config.without else _cosines(index, vectors, asked, only)
        promising = _promising(share, near, config.lexical_weight)
        ranked = _ranked(index, share, promising[:most], vectors, config.lexical_weight, only)
        joined = _joined(index, ranked, config)
        if len(joined) >= min(config.rerank, len(promising)) or len(promising) < asked:
            break
    return joined


def _rounds(config: RetrieveConfig) -> Iterator[tuple[int, int]]:
    """How many passages each leg is asked for, and how many of them are read."""
    asked = config.candidates
    yield asked, int(_SPARE * config.rerank)
    while asked < _MOST:
        yield asked, 2 * _MOST
        asked *= 4


def _promising(share: Mapping[int, float], near: Mapping[int, float], weight: float) -> list[int]:
    """The rows by the best that they can score: what the vectors did not give is no nearer than what they gave."""
    farthest = min(near.values(), default=0.0)
    hope = {row: near.get(row, farthest) + weight * share.get(row, 0.0) for row in {**share, **near}}
    return sorted(hope, key=lambda row: (-hope[row], row))


def _ranked(
    index: Index,
    share: Mapping[int, float],
    promising: Sequence[int],
    vectors: NDArray[np.float32],
    weight: float,
    only: Filter,
) -> list[Candidate]:
    found = index.given(promising, only)
    if not found:
        return []
    cosines = np.max(np.stack([f.vector for f in found]) @ vectors.T, axis=1)
    candidates = [
        _candidate(f, float(cosine), share.get(f.row, 0.0), weight) for f, cosine in zip(found, cosines, strict=True)
    ]
    return sorted(candidates, key=lambda c: (-c.score, c.found.row))


def _joined(index: Index, ranked: Sequence[Candidate], config: RetrieveConfig) -> list[Candidate]:
    if "reprints" in config.without:
        return list(ranked[: config.rerank])
    return join(index, ranked, config.rerank, per_article=config.per_article)


def _cosines(index: Index, vectors: NDArray[np.float32], k: int, only: Filter) -> dict[int, float]:
    """By row, the cosine of the passages nearest to any of the vectors of shape (variants, dim)."""
    near: dict[int, float] = {}
    for vector in vectors:
        found = index.dense(vector, k, only)
        for row, cosine in zip(found.rows.tolist(), found.scores.tolist(), strict=True):
            near[row] = max(near.get(row, -1.0), cosine)
    return near


def _share_of_words(index: Index, text: str, k: int, only: Filter) -> dict[int, float]:
    """By row, the share in [0, 1] of the BM25 that the question could reach: in its own words, or with a synonym's."""
    share: dict[int, float] = {}
    own, shared = index.words(text), asked_words(text, index.words).values()
    for words in {tuple(dict.fromkeys(own)), tuple(shared)}:  # one, unless something has synonyms
        bound = index.bound(words) or 1.0
        lexical = index.lexical(words, k, only)
        for row, score in zip(lexical.rows.tolist(), lexical.scores.tolist(), strict=True):
            share[row] = max(share.get(row, 0.0), score / bound)
    return share


def _candidate(found: Found, cosine: float, words: float, weight: float) -> Candidate:
    return Candidate(found, cosine, words, cosine + weight * words)
