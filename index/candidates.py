"""Which texts are worth comparing in full: those whose sketches share enough. No disk, no model."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# A hash that more texts have than these is one of furniture, or of a story told very often. Texts are compared if they
# share a quarter of what else they have, three hashes at least: notices with the same long footer are not the same.
_FEW, _SHARED, _LEAST = 16, 0.25, 3
# Two of which that is less than three in twenty are compared if they share eight hashes of any kind, each with the next
# eight of those that have the hash: from one to the next, all are found.
_SCARCE, _SHARED_BY_SCARCE, _NEXT = 0.15, 8, 8
_BITS = 31  # of a position
_POSITION = (1 << _BITS) - 1


@dataclass(frozen=True, slots=True)
class Candidates:
    """Of each position that has any, those to compare it with, both in order; and the hashes that few texts have."""

    near: dict[int, list[int]]
    sizes: NDArray[np.int64]
    rare: NDArray[np.uint32]
    bounds: NDArray[np.int64]

    def share_their_own(self, a: int, b: int) -> bool:
        """Whether two texts have more in common than furniture, as candidates have."""
        if b in self.near[a]:
            return True
        own_a, own_b = self._own(a), self._own(b)
        scarce = len(own_a) / self.sizes[a] + len(own_b) / self.sizes[b] <= 2 * _SCARCE
        return bool(scarce or len(own_a & own_b) >= _SHARED * min(len(own_a), len(own_b)))

    def _own(self, at: int) -> set[int]:
        return set(self.rare[self.bounds[at] : self.bounds[at + 1]].tolist())


def candidates(sketches: Sequence[bytes]) -> Candidates:
    """The candidates among texts in order. They depend on the texts alone."""
    sizes = np.array([len(sketch) // 4 for sketch in sketches], np.int64)
    entries = np.frombuffer(b"".join(sketches), "<u4").astype(np.int64) << _BITS
    entries |= np.repeat(np.arange(len(sizes)), sizes)
    entries.sort()
    starts = np.flatnonzero(np.diff(entries >> _BITS, prepend=-1))
    having = np.diff(starts, append=len(entries))
    rare = entries[np.repeat(having <= _FEW, having)]
    own = np.bincount(rare & _POSITION, minlength=len(sizes))
    met = entries[np.repeat(having > 1, having)]
    del entries
    pairs = {*_sharing_their_own(rare, own), *_sharing_any(met, own / np.maximum(sizes, 1)), *_equals(sketches)}
    rare = np.sort((rare & _POSITION) << 32 | rare >> _BITS)
    bounds = np.searchsorted(rare, np.arange(len(sizes) + 1) << 32)
    return Candidates(_both_ways(pairs), sizes, rare.astype(np.uint32), bounds)


def _sharing_their_own(rare: NDArray[np.int64], own: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    pairs, shared = _meetings(rare, _FEW)
    a, b = pairs.T
    enough = shared >= np.maximum(_LEAST, _SHARED * np.minimum(own[a], own[b]))
    return map(tuple, pairs[enough].tolist())


def _sharing_any(entries: NDArray[np.int64], own: NDArray[np.float64]) -> Iterator[tuple[int, int]]:
    """Of a pair, the mean share of its own counts: it is less a matter of chance."""
    pairs, shared = _meetings(entries[own[entries & _POSITION] <= 2 * _SCARCE], _NEXT)
    a, b = pairs.T
    enough = (shared >= _SHARED_BY_SCARCE) & (own[a] + own[b] <= 2 * _SCARCE)
    return map(tuple, pairs[enough].tolist())


def _meetings(entries: NDArray[np.int64], next_to: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The pairs of texts (m, 2) that share three hashes or more, the lower position first, and how many (m,).

    `entries` (n,) are hash << 31 | position, sorted. For each hash, a text is paired with the `next_to` after it.
    """
    hashes, of = (entries >> _BITS).astype(np.uint32), entries & _POSITION
    met = [np.empty(0, np.int64)]
    for distance in range(1, next_to + 1):
        at = np.flatnonzero(hashes[distance:] == hashes[:-distance])
        met.append(of[at] << 32 | of[at + distance])
    pairs = np.concatenate(met)
    pairs.sort()
    some = np.unique(pairs[: 1 - _LEAST][pairs[_LEAST - 1 :] == pairs[: 1 - _LEAST]])
    shared = np.searchsorted(pairs, some, side="right") - np.searchsorted(pairs, some)
    return np.stack([some >> 32, some & 0xFFFFFFFF], axis=1), shared


def _equals(sketches: Sequence[bytes]) -> Iterator[tuple[int, int]]:
    """Texts with equal sketches, each with the last before it."""
    last: dict[bytes, int] = {}
    for at, sketch in enumerate(sketches):
        if sketch in last:
            yield last[sketch], at
        if sketch:
            last[sketch] = at


def _both_ways(pairs: set[tuple[int, int]]) -> dict[int, list[int]]:
    near: dict[int, list[int]] = {at: [] for at in sorted({at for pair in pairs for at in pair})}
    for a, b in sorted(pairs):
        near[a].append(b)
        near[b].append(a)
    return near
