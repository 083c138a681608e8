"""Which articles a filter lets through, by what is known of them, and how a search is told. No disk, no model.

A publisher fits by a part of its name: 经信委 finds 上海市经信委 and 上海市經信委, in any width and case, and not the
other way round. An article's date that is cut stands for all of its days: one of "2024" may be of May. An article
without a publisher fits no publisher, one without a date no date.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.dates import iso_date
from index.dates.interval import Interval, of_iso
from index.errors import QuestionError
from index.fold import fold
from index.globs import matches
from index.types import Article, Filter

MOST = 20  # values of one field
LONGEST = 200  # characters of one value


class Fits:
    """A filter, checked once and asked of many articles, of each field alone or of all together."""

    def __init__(self, only: Filter) -> None:
        """Raises QuestionError for what is no date, a period that ends before it begins, and values without end."""
        for values in (only.publishers, only.paths):
            _check(values)
        self._groups, self._paths = frozenset(only.groups), only.paths
        self._publishers = tuple(fold(name) for name in only.publishers)
        self._since, self._until = _interval(only.since), _interval(only.until)
        if self._since and self._until and self._since.first > self._until.last:
            raise QuestionError(
                f"筛选的起始日期 {only.since} 晚于截止日期 {only.until}：请改正其中之一",
                f"the filter begins on {only.since}, after its end {only.until}: change one of them",
            )

    def groups(self, needed: Sequence[str]) -> bool:
        """Whether the asker may read what only these groups may; everybody may read what needs none."""
        return not needed or not self._groups.isdisjoint(needed)

    def publisher(self, name: str | None) -> bool:
        """Whether a publisher's name is, or holds, one of those asked for."""
        if not self._publishers:
            return True
        folded = fold(name or "")
        return any(part in folded for part in self._publishers)

    def published(self, day: str | None) -> bool:
        """Whether an ISO date, whole or cut, may lie in the period asked for."""
        if self._since is None and self._until is None:
            return True
        known = of_iso(day)
        if known is None:
            return False
        early = self._since is not None and known.last < self._since.first
        late = self._until is not None and known.first > self._until.last
        return not early and not late

    def path(self, id: str, source: str) -> bool:
        """Whether one of the globs is meant for an article's id or source."""
        return not self._paths or any(matches(glob, one) for glob in self._paths for one in (id, source))

    def article(self, article: Article) -> bool:
        """Whether all of the filter fits an article."""
        return (
            self.groups(article.groups)
            and self.publisher(article.publisher)
            and self.published(article.published)
            and self.path(article.id, article.source)
        )


@dataclass(frozen=True, slots=True, eq=False)
class Allowed:
    """The rows that a search may give: those of `articles`, ascending, and a bit for each of their `passages`."""

    articles: NDArray[np.int64]
    passages: int
    bits: NDArray[np.uint8]

    @classmethod
    def of(cls, articles: NDArray[np.int64], passages: NDArray[np.int64]) -> "Allowed":
        """From the rows of articles and of their passages. Rows are counted from 1, so that the bits are few."""
        allowed = np.zeros(int(passages.max(initial=0)) + 1, bool)
        allowed[passages] = True
        return cls(articles, len(passages), np.packbits(allowed, bitorder="little"))

    def holds(self, passages: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of the rows are allowed, of the same shape."""
        byte = np.minimum(passages >> 3, len(self.bits) - 1)
        within: NDArray[np.bool_] = (self.bits[byte] >> (passages & 7) & 1).astype(bool) & (byte == passages >> 3)
        return within


def _check(values: Sequence[str]) -> None:
    if len(values) <= MOST and all(fold(value[: LONGEST + 1]) and len(value) <= LONGEST for value in values):
        return
    raise QuestionError(
        f"筛选条件不对：每种最多 {MOST} 项，每项 1 到 {LONGEST} 个字",
        f"the filter is wrong: at most {MOST} values of a kind, each of 1 to {LONGEST} characters",
    )


def _interval(day: str | None) -> Interval | None:
    if day is None:
        return None
    found = of_iso(iso_date(day))
    if found is None:
        raise QuestionError(
            f"筛选日期 {day[:40]} 不对：应为 2024-05-06、2024-05 或 2024",
            f"{day[:40]} is no date to filter by: write it like 2024-05-06, 2024-05 or 2024",
        )
    return found
