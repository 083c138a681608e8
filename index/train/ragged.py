"""Rows of unequal length in one flat array: token ids of texts, parts of tokens, renderings of words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int32]
Places = NDArray[np.int64]
Floats = NDArray[np.float32]
Item = TypeVar("Item", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Ragged(Generic[Item]):
    """Row i is `flat[offsets[i]:offsets[i + 1]]`; there is one offset more than rows."""

    flat: NDArray[Item]
    offsets: Places

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def lengths(self) -> Places:
        """How many items each row has."""
        return np.diff(self.offsets)

    def take(self, rows: Places, longest: int = 1 << 30) -> "Ragged[Item]":
        """The given rows in the given order, each cut to its first `longest` items."""
        starts = self.offsets[rows]
        return slices(self.flat, starts, np.minimum(self.offsets[rows + 1] - starts, longest))


def ragged(rows: Sequence[Sequence[int]]) -> Ragged[np.int32]:
    """Rows of ids, one after another."""
    offsets = np.concatenate([[0], np.cumsum([len(row) for row in rows], dtype=np.int64)])
    return Ragged(np.fromiter((item for row in rows for item in row), np.int32, int(offsets[-1])), offsets)


def slices(pool: NDArray[Item], starts: Places, lengths: Places) -> Ragged[Item]:
    """Rows `pool[start : start + length]`, gathered at once."""
    offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    return Ragged(pool[np.repeat(starts - offsets[:-1], lengths) + np.arange(offsets[-1])], offsets)


def distinct(ids: NDArray[Any], limit: int) -> tuple[Places, Places]:
    """The distinct ids below `limit` in order, and the place of each id among them; np.unique without the sorting."""
    present = np.zeros(limit, dtype=np.bool_)
    present[ids] = True
    found = np.flatnonzero(present)
    place = np.zeros(limit, dtype=np.int64)
    place[found] = np.arange(len(found))
    return found, place[ids]


@dataclass(frozen=True, slots=True)
class Pairs:
    """A task as token ids. Pairs of one `group` share a text and are no negatives of each other."""

    name: str
    languages: str
    left: Ragged[np.int32]
    right: Ragged[np.int32]
    group: Places
