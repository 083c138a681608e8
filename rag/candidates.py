"""What retrieving gives and reranking takes: found passages with the evidence for them."""

from dataclasses import dataclass

from index.reader import Found
from index.types import Article


@dataclass(frozen=True, slots=True)
class Candidate:
    """A found passage with the evidence for it: cosine in [-1, 1], words in [0, 1], and their weighted sum.

    `repeats` are the articles that were found to say the same.
    """

    found: Found
    cosine: float
    words: float
    score: float
    repeats: tuple[Article, ...] = ()
