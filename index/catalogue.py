"""What is known of the articles of one generation, in columns: which of them a filter leaves in, who published them.

The columns are read when the first filter needs them (some 0.8 s for 69,000 articles); after that a filter costs some
milliseconds, and one that was used lately nothing. Ids and sources are not kept: they are read for each new path.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from index import library, rows
from index.filters import Allowed, Fits
from index.snapshot import Snapshot
from index.types import Filter

_KEPT = 16  # filters; each takes a bit a passage and eight bytes an article
T = TypeVar("T")


class _Column(Generic[T]):
    """One field of every article, each value once."""

    def __init__(self, values: Iterable[T]) -> None:
        numbers: dict[T, int] = {}
        self.codes = np.fromiter((numbers.setdefault(value, len(numbers)) for value in values), np.int32)
        self.values = tuple(numbers)

    def where(self, fits: Callable[[T], bool]) -> NDArray[np.bool_]:
        """For each article whether its value fits."""
        return np.fromiter(map(fits, self.values), bool, len(self.values))[self.codes]


@dataclass(frozen=True, slots=True)
class _Columns:
    """The articles by their rows, ascending. `groups` are as they stand in the library."""

    rows: NDArray[np.int64]
    publisher: _Column[str | None]
    published: _Column[str | None]
    groups: _Column[str]


class Catalogue:
    """The articles of one generation. Threads may share it."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._mutex = threading.Lock()
        self._lately: dict[Filter, Allowed] = {}

    def allowed(self, only: Filter) -> Allowed | None:
        """What a search may give; None: everything. Raises QuestionError for a filter that is wrong."""
        if not only.narrows and not self._restricted:
            return None
        with self._mutex:
            found = self._lately.pop(only, None)
        found = found or self._left_in(only)
        with self._mutex:
            self._lately[only] = found  # the one used last stands last
            if len(self._lately) > _KEPT:
                del self._lately[next(iter(self._lately))]
        return found

    def count(self, only: Filter) -> int:
        """How many articles a filter leaves in. Raises QuestionError for one that is wrong."""
        return int(np.count_nonzero(self._fitting(only)))

    def publishers(self, groups: tuple[str, ...]) -> tuple[str, ...]:
        """The names of those who published what the groups may read, the most frequent first."""
        column = self._columns.publisher
        counts = Counter(column.codes[self._fitting(Filter(groups))].tolist())
        return tuple(name for code, _ in counts.most_common() if (name := column.values[code]))

    def period(self, groups: tuple[str, ...]) -> tuple[str, str] | None:
        """The first and the last date of what the groups may read, as far as they are known; None: there is none."""
        column = self._columns.published
        codes = set(column.codes[self._fitting(Filter(groups))].tolist())
        days = sorted(day for code in codes if (day := column.values[code]))
        return (days[0], days[-1]) if days else None

    def _left_in(self, only: Filter) -> Allowed:
        fitting = self._fitting(only)
        passages, owners = self._passages
        return Allowed.of(self._columns.rows[fitting], passages[fitting[owners]])

    def _fitting(self, only: Filter) -> NDArray[np.bool_]:
        """For each article whether it fits; field by field, each value once."""
        fits, columns = Fits(only), self._columns
        found = columns.groups.where(lambda packed: fits.groups(rows.unpack_groups(packed)))
        found &= columns.publisher.where(fits.publisher)
        found &= columns.published.where(fits.published)
        if only.paths:
            named = self._snapshot.fetch(f"SELECT id, source FROM articles a WHERE {library.VISIBLE} ORDER BY row")
            found &= np.fromiter((fits.path(id, source) for id, source in named), bool, len(named))
        return found

    @cached_property
    def _restricted(self) -> bool:
        """Whether any article is for some readers only."""
        query = f"SELECT 1 FROM articles a WHERE groups != '[]' AND {library.VISIBLE} LIMIT 1"
        return bool(self._snapshot.fetch(query))

    @cached_property
    def _columns(self) -> _Columns:
        query = f"SELECT row, publisher, published, groups FROM articles a WHERE {library.VISIBLE} ORDER BY row"
        found = self._snapshot.fetch(query)
        return _Columns(
            np.array([row for row, *_ in found], np.int64),
            _Column(publisher for _, publisher, *_ in found),
            _Column(published for *_, published, _ in found),
            _Column(groups for *_, groups in found),
        )

    @cached_property
    def _passages(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The rows of the passages, and the position of the article of each among the articles."""
        articles = self._columns.rows
        # Of all generations: an index has these two columns, while to join the articles would read all their texts.
        found = np.array(self._snapshot.fetch("SELECT row, article FROM passages"), np.int64).reshape(-1, 2)
        owners = np.minimum(np.searchsorted(articles, found[:, 1]), len(articles) - 1)
        visible = articles[owners] == found[:, 1]
        return found[visible, 0], owners[visible]
