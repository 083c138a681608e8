"""Which texts tell the same: reprints under another name, cut, reordered, re-punctuated or in the other script.

Candidates share hashes of their sketches; each pair is then compared in full. Figures decide: texts that give other
numbers in the same words are different texts. A story says who bears witness, not what may be left out: a reprint can
hold more than its first. No disk, no model.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from index.candidates import Candidates, candidates
from index.likeness import Likeness, Reading, likeness, read
from index.shingles import sketches

__all__ = ["Sketched", "Stories", "sketches", "stories"]

_WITNESSES = 16  # texts of a story whose figures another one must not contradict
_AT_ONCE = 512  # first texts whose candidates are read at once

Compared = Mapping[tuple[int, int], int]  # two rows, the first in order before the other → their Likeness


@dataclass(frozen=True, slots=True)
class Sketched:
    """An article to be compared, by its row.

    Of a story, the article with the lowest `order` comes first: (day or "9999", id); no two articles have the same. An
    article is joined only to those with the same `groups`.
    """

    row: int
    order: tuple[str, str]
    groups: Hashable
    sketch: bytes


@dataclass(frozen=True, slots=True)
class Stories:
    """`first`: the row of each article of a story told twice or more → the row of its first article (itself included).

    `compared`: the pairs that were read in full; given to the next update, they need not be read again.
    """

    first: Mapping[int, int]
    compared: Compared


def stories(articles: Iterable[Sketched], text: Callable[[int], str], compared: Compared | None = None) -> Stories:
    """The stories that several of the articles tell; `text` gives an article's text by its row.

    The result depends on the articles alone, neither on the order they are given in nor on `compared`, the pairs of an
    earlier run, which only save reading.
    """
    first: dict[int, int] = {}
    verdicts: dict[tuple[int, int], int] = {}
    for members in _by_groups(articles):
        rows = [member.row for member in members]
        by = _Comparison(candidates([member.sketch for member in members]), rows, text, compared or {})
        first |= {rows[at]: rows[leader] for at, leader in _firsts(by).items()}
        verdicts |= by.made
    return Stories(first, verdicts)


class _Comparison:
    """Compares texts by their positions. Many are read at once, and none for a pair whose likeness is known."""

    def __init__(self, found: Candidates, rows: Sequence[int], text: Callable[[int], str], known: Compared) -> None:
        self.near, self._found = found.near, found
        self._rows, self._text, self._known = rows, text, known
        self._readings: dict[int, Reading] = {}
        self._expected: set[int] = set()
        self.made: dict[tuple[int, int], int] = {}

    def expect(self, positions: Iterable[int], settled: Collection[int]) -> None:
        """Texts to be compared with those after them: as soon as one must be read, all are. The last are forgotten."""
        pairs = [(a, b) for a in positions for b in self.near[a] if a < b and b not in settled]
        self._readings = {}
        self._expected = {at for a, b in pairs if (self._rows[a], self._rows[b]) not in self._known for at in (a, b)}

    def likeness(self, a: int, b: int) -> int:
        """How alike two texts are."""
        if not self._found.share_their_own(a, b):
            return Likeness.OTHER
        pair = self._rows[min(a, b)], self._rows[max(a, b)]
        found = self.made.get(pair, self._known.get(pair))
        if found is None:
            found = int(likeness(self._reading(a), self._reading(b)))
        self.made[pair] = found
        return found

    def _reading(self, at: int) -> Reading:
        if at not in self._readings:
            missing = [at, *(self._expected - self._readings.keys() - {at})]
            self._readings |= zip(missing, read([self._text(self._rows[one]) for one in missing]), strict=True)
        return self._readings[at]


def _by_groups(articles: Iterable[Sketched]) -> list[list[Sketched]]:
    """The articles that may be joined to each other, each list in order."""
    parts: dict[Hashable, list[Sketched]] = {}
    for article in articles:
        parts.setdefault(article.groups, []).append(article)
    return [sorted(part, key=lambda article: article.order) for part in parts.values()]


def _firsts(by: _Comparison) -> dict[int, int]:
    """Each position of a story → its first one.

    A text that is in no earlier story is the first of one: its candidates join if they are alike to it, and theirs too.
    """
    firsts: dict[int, int] = {}
    leaders = list(by.near)
    for start in range(0, len(leaders), _AT_ONCE):
        some = [leader for leader in leaders[start : start + _AT_ONCE] if leader not in firsts]
        by.expect(some, firsts)
        for leader in some:
            if leader not in firsts:
                _gather(leader, by, firsts)
    return firsts


def _gather(leader: int, by: _Comparison, firsts: dict[int, int]) -> None:
    """Note in `firsts` which texts join the leader, the earlier ones first.

    One joins that is the same as a text of the story, at least akin to its first, and gives no other figures than any:
    so likeness is not passed on from one story to another.
    """
    story = [leader]
    waiting = [(other, leader) for other in by.near[leader]]
    heapify(waiting)
    while waiting:
        other, member = heappop(waiting)
        if other <= leader or other in firsts or by.likeness(member, other) < Likeness.SAME:
            continue
        likenesses = [by.likeness(one, other) for one in story[:_WITNESSES]]
        if likenesses[0] >= Likeness.AKIN and min(likenesses) > Likeness.CONTRARY:
            story.append(other)
            firsts[leader] = firsts[other] = leader
            for another in by.near[other]:
                heappush(waiting, (another, other))
