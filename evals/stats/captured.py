"""What a figure is computed from, kept so that it can be computed again from other rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from evals.stats.figures import Figure, Rows, Statistic

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Captured:
    """All that is needed to compute a figure, and to compute it again from other rows."""

    group: str
    name: str
    statistic: Statistic
    rows: int
    clusters: tuple[str, ...] | None = None
    """By row, what it belongs to; None: every row stands alone."""
    ids: tuple[str, ...] | None = None
    """By row, the line of the log that it came from."""
    unit: str = ""
    parts: Floats | None = None
    wholes: Floats | None = None
    """By row [rows], where the figure is the sum of the parts over the sum of the wholes."""
    counted: bool = False
    """The wholes are what was counted, and `n` is their sum; otherwise `n` is the rows."""

    @property
    def value(self) -> float:
        """The figure; NaN where there is nothing to compute it from."""
        return float(self.statistic(np.arange(self.rows))) if self.rows else float("nan")

    @property
    def n(self) -> int:
        """What a reader takes for the size of the sample."""
        if self.counted and self.wholes is not None:
            return round(float(self.wholes.sum()))
        return self.rows

    @property
    def labels(self) -> tuple[str, ...] | None:
        """By row, what is drawn whole: its cluster, or the log line where one gave several rows."""
        if self.clusters is None and self.ids and len(set(self.ids)) < self.rows:
            return self.ids
        return self.clusters

    @property
    def samples(self) -> tuple[str, ...]:
        """The lines of the log that the figure rests on; a row of which nothing counts is not."""
        if self.ids is None:
            return ()
        kept = range(self.rows) if self.wholes is None else np.flatnonzero(self.wholes)
        return tuple(dict.fromkeys(self.ids[row] for row in kept))


T = TypeVar("T", Figure, Captured)


def keyed(figures: Sequence[T]) -> Iterator[tuple[tuple[str, str, int], T]]:
    """Each figure with its name; a second one of the same name counts as another."""
    seen: Counter[tuple[str, str]] = Counter()
    for one in figures:
        yield (one.group, one.name, seen[one.group, one.name]), one
        seen[one.group, one.name] += 1


class Units:
    """What is drawn whole: the rows of each label, by label; single rows where there is none."""

    def __init__(
        self, rows: int, labels: Sequence[str] | None, names: Sequence[str] | None = None
    ) -> None:
        """Args:
        rows: their number.
        labels: by row, the unit it belongs to.
        names: the units, sorted, where there may be some without a row; otherwise those in use.
        """
        if labels is None:
            self.count, self._at = rows, np.arange(rows)
        else:
            held = np.asarray(labels, dtype=np.str_)
            known = np.unique(held) if names is None else np.asarray(names, dtype=np.str_)
            self.count, self._at = len(known), np.searchsorted(known, held)
        self._order = np.argsort(self._at, kind="stable")
        sizes = np.bincount(self._at, minlength=self.count)
        self._single = bool(np.all(sizes == 1))
        self._members = [] if self._single else np.split(self._order, np.cumsum(sizes)[:-1])

    def rows(self, picks: Rows) -> Rows:
        """The rows of the units picked, as often as they were."""
        if self._single:
            return self._order[picks]
        return np.concatenate([self._members[i] for i in picks])

    def sums(self, values: Floats) -> Floats:
        """The sum over each unit's rows: [units]."""
        summed = np.bincount(self._at, weights=values, minlength=self.count)
        return summed.astype(np.float64)


def capture(
    group: str,
    name: str,
    statistic: Statistic,
    n: int,
    clusters: Sequence[str] | None,
    ids: Sequence[str] | None,
    unit: str,
) -> Captured:
    """A figure's needs, checked; the arguments are those of `Estimate.of`.

    Raises:
        ValueError: `clusters` or `ids` are not one for each row.
    """
    for what, given in (("clusters", clusters), ("ids", ids)):
        if given is not None and len(given) != n:
            raise ValueError(f"“{group}, {name}” has {n} rows and {len(given)} {what}.")
    return Captured(
        group,
        name,
        statistic,
        n,
        None if clusters is None else tuple(clusters),
        None if ids is None else tuple(ids),
        unit,
    )
