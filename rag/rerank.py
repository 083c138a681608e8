"""Late interaction: every token of the question meets its best token of the passage.

Khattab and Zaharia's MaxSim (ColBERT, 2020) over the static embedder's token vectors. A question token weighs as
much as its vector is long, for training makes the vectors of telling tokens longer. No transformer is run.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.caches import search_text
from index.embed import StaticEmbedder
from index.synonyms import Rephrase, as_it_is
from rag.candidates import Candidate
from rag.config import RetrieveConfig
from rag.types import Hit


def late_interaction(tokens: StaticEmbedder, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
    """How well each folded text matches the folded question, in [0, 1]: shape (len(texts),)."""
    asked, *bags = tokens.token_ids([question, *texts])
    lengths = np.array([len(b) for b in bags])
    scores = np.zeros(len(texts), np.float32)
    full = np.flatnonzero(lengths)
    if not len(asked) or not len(full):
        return scores
    unit, weight = tokens.vectors(asked)
    # Passages on one subject share most of their tokens: each is looked up and compared once.
    distinct, place = np.unique(np.concatenate([bags[i] for i in full]), return_inverse=True)
    met, _ = tokens.vectors(distinct)
    starts = np.concatenate([[0], np.cumsum(lengths[full])[:-1]])
    best = np.maximum.reduceat((unit @ met.T)[:, place], starts, axis=1)
    scores[full] = weight @ best / max(float(weight.sum()), 1e-9)
    return scores


def rerank(
    tokens: StaticEmbedder,
    question: str,
    candidates: Sequence[Candidate],
    config: RetrieveConfig,
    *,
    rephrase: Rephrase = as_it_is,
) -> list[Hit]:
    """The best `config.rerank` candidates for a folded question in their new order.

    `rephrase` puts a passage into the question's words.
    """
    short = candidates[: config.rerank]
    found = (c.found for c in short)
    texts = [rephrase(search_text(f.article.title, f.passage.heading, f.passage.text)) for f in found]
    late = late_interaction(tokens, question, texts)
    hits = [
        Hit(c.found.passage, c.found.article, c.score + config.late_weight * float(m), c.repeats)
        for c, m in zip(short, late, strict=True)
    ]
    return sorted(hits, key=lambda h: -h.score)
