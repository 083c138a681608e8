"""Whether two texts tell the same, from all their shingles and figures. No disk, no model."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from index.shingles import batches, figures, shingles, tokens

_FIGURE = (1 << 64) - 1
_LONG = 1 << 16  # shingles


class Likeness(IntEnum):
    """How much two texts have in common. Texts that are `AKIN` are reprints if a third one stands between them."""

    CONTRARY = -1  # they give other figures in the same words
    OTHER = 0
    AKIN = 1
    SAME = 2


@dataclass(frozen=True, slots=True)
class Reading:
    """A text read in full: its shingles in order; for each kind of context its figures, and these with their number."""

    shingles: NDArray[np.uint32]
    figures: list[list[int]]
    counted: list[frozenset[int]]


@dataclass(frozen=True, slots=True)
class _Needed:
    """What makes a reprint, as shares of shingles.

    `density`: how much of its densest span the other text has; outside lies what its own page adds. `span`: how much of
    it that span is. `cover`: how much of the other text it has, which it would otherwise only quote.
    """

    density: float
    span: float
    cover: float

    def met(self, hits: int, span: int, part: int, whole: int) -> bool:
        """Whether a text of `part` shingles has enough, of which `hits` in a span of `span` are in the other text."""
        return hits >= self.density * span and span >= self.span * part and hits >= self.cover * whole


_SAME, _AKIN = _Needed(0.8, 0.7, 1 / 3), _Needed(0.6, 0.5, 0.2)
_BRIEF, _SAME_BRIEF = 150, _Needed(0.95, 0.95, 1 / 3)  # in so short a notice, another name makes another notice


def read(texts: Sequence[str]) -> list[Reading]:
    """The texts in the form in which they are compared."""
    return [reading for some in batches(texts) for reading in _read(some)]


def _read(texts: Sequence[str]) -> Iterator[Reading]:
    of = tokens(texts)
    for found, numbers in zip(shingles(of).by_text(len(texts)), figures(of).by_text(len(texts)), strict=True):
        columns = numbers.T.tolist()
        yield Reading(found, columns, [_counted(column) for column in columns])


def _counted(figures: Sequence[int]) -> frozenset[int]:
    """The figures, each as often as it is there: again with its number, from the 64th bit."""
    once = frozenset(figures)
    if len(once) == len(figures):
        return once
    again = ((figure, count) for figure, count in Counter(figures).items() if count > 1)
    return once.union(figure | at << 64 for figure, count in again for at in range(1, count))


def likeness(a: Reading, b: Reading) -> Likeness:
    """Whether one is a reprint of the other. Texts that give other figures in the same words are never alike."""
    short, long = sorted((a, b), key=lambda text: len(text.shingles))
    only = _only(short, long)
    if only and not only.isdisjoint(_only(long, short)):
        return Likeness.CONTRARY
    found = _likeness_of_part(short, long)
    return found if found is Likeness.SAME else max(found, _likeness_of_part(long, short))


def _likeness_of_part(part: Reading, whole: Reading) -> Likeness:
    found = _found(part.shingles, whole.shingles)
    start, end = _densest(found)
    counts = int(np.count_nonzero(found[start:end])), end - start, len(found), len(whole.shingles)
    if end - start <= _BRIEF:
        return Likeness.SAME if _SAME_BRIEF.met(*counts) else Likeness.OTHER
    if _SAME.met(*counts):
        return Likeness.SAME
    return Likeness.AKIN if _AKIN.met(*counts) else Likeness.OTHER


def _found(part: NDArray[np.uint32], whole: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Which hashes of one text the other has. They are looked up by their upper bits: one in 128 may be mistaken."""
    if len(whole) > _LONG:
        return np.isin(part, whole)
    unused = np.uint32(32 - len(whole).bit_length() - 7)
    table = np.zeros((1 << 32) >> int(unused), np.bool_)
    table[whole >> unused] = True
    return table.take(part >> unused)


def _densest(found: NDArray[np.bool_]) -> tuple[int, int]:
    """The span in which the found outnumber the others by most (Kadane's maximum subarray)."""
    sums = np.zeros(len(found) + 1, np.int32)
    np.cumsum(found.view(np.int8) * 2 - 1, out=sums[1:])
    end = int((sums - np.minimum.accumulate(sums)).argmax())
    return int(sums[: end + 1].argmin()), end


def _only(a: Reading, b: Reading) -> set[int]:
    """The places of the numbers that `a` has more often than `b`, between the same words and on both sides of them."""
    left: Iterable[int] = range(len(a.figures[0]))
    for kind, (mine, others) in enumerate(zip(a.counted, b.counted, strict=True)):
        more = {figure & _FIGURE for figure in mine - others}
        left = [at for at in left if a.figures[kind][at] in more]
    return {a.figures[0][at] >> 32 for at in left}
