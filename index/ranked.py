"""What one leg of a search gives: rows of the library with their scores."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Ranked:
    """Rows, best first, and their scores: two arrays of one length."""

    rows: NDArray[np.int64]
    scores: NDArray[np.float32]

    @classmethod
    def empty(cls) -> "Ranked":
        """Nothing found."""
        return cls(np.empty(0, np.int64), np.empty(0, np.float32))

    def left(self, kept: NDArray[np.bool_], k: int) -> "Ranked":
        """The best `k` of those that are kept."""
        return Ranked(self.rows[kept][:k], self.scores[kept][:k])
