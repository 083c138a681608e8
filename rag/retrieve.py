"""Question → candidate passages: words and vectors, fused by a bounded sum.

Each candidate gets its cosine plus a weight times its BM25 score over the highest score this question could reach. A
question foreign to the corpus thereby gets no weight from chance matches of words, which reciprocal rank fusion cannot
see: English questions over Chinese articles hit first in .55 of the cases with the sum and in .32 with the ranks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.reader import Found, Index
from rag.config import RetrieveConfig


@dataclass(frozen=True, slots=True)
class Candidate:
    """A found passage with the evidence for it: cosine in [-1, 1], words in [0, 1], and their weighted sum."""

    found: Found
    cosine: float
    words: float
    score: float


def retrieve(index: Index, text: str, config: RetrieveConfig, groups: Sequence[str] = ()) -> list[Candidate]:
    """The candidates for a folded question, best first; those that `groups` may not read are never looked at."""
    words = index.words(text)
    vector = index.embedder.encode([text], kind="query")[0]
    lexical = index.lexical(words, config.candidates, groups)
    dense = index.dense(vector, config.candidates, groups)
    bound = index.bound(words) or 1.0
    share = {int(row): float(score) / bound for row, score in zip(lexical.rows, lexical.scores, strict=True)}
    rows = list(dict.fromkeys([*share, *map(int, dense.rows)]))
    found = index.passages(rows, groups)
    if not found:
        return []
    cosines = np.stack([f.vector for f in found]).astype(np.float32) @ vector
    candidates = [
        _candidate(f, float(cosine), share.get(f.row, 0.0), config.lexical_weight)
        for f, cosine in zip(found, cosines, strict=True)
    ]
    return sorted(candidates, key=lambda c: (-c.score, c.found.row))


def _candidate(found: Found, cosine: float, words: float, weight: float) -> Candidate:
    return Candidate(found, cosine, words, cosine + weight * words)
