"""Rows of unequal length in one flat array: token ids of texts, parts of tokens, renderings of words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Ragged:
    """Row i is `flat[offsets[i]:offsets[i + 1]]`; there is one offset more than rows."""

    flat: Ints
    offsets: NDArray[np.int64]

    @classmethod
    def of(cls, rows: Sequence[Ints]) -> "Ragged":
        """The rows, one after another."""
        offsets = np.concatenate([[0], np.cumsum([len(row) for row in rows], dtype=np.int64)])
        return cls(np.concatenate([*rows, np.empty(0, np.int32)]).astype(np.int32), offsets)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def lengths(self) -> NDArray[np.int64]:
        """How many items each row has."""
        return np.diff(self.offsets)

    def take(self, rows: NDArray[np.int64], longest: int = 1 << 30) -> "Ragged":
        """The given rows in the given order, each cut to its first `longest` items."""
        starts = self.offsets[rows]
        lengths = np.minimum(self.offsets[rows + 1] - starts, longest)
        return slices(self.flat, starts, lengths)


def slices(pool: Ints, starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> Ragged:
    """Rows `pool[start : start + length]`, gathered at once."""
    offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    places = np.repeat(starts - offsets[:-1], lengths) + np.arange(offsets[-1])
    return Ragged(pool[places], offsets)


@dataclass(frozen=True, slots=True)
class Pairs:
    """A task as token ids. Pairs of one `group` share a text and are no negatives of each other."""

    name: str
    left: Ragged
    right: Ragged
    group: NDArray[np.int64]
    weight: float
    switchable: bool
    mirrored: bool
