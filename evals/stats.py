"""Figures and how sure one can be of them: the bootstrap, clustered where samples belong together.

Two answers to one case are more alike than two answers to two cases, so whole cases are drawn, not
answers (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993; Davison and Hinkley, 1997,
section 3.8). Where every sample agrees a bootstrap sees no spread at all, and the exact binomial
bound of Clopper and Pearson is given instead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.intp]
Statistic = Callable[[Rows], float]
"""A figure computed from rows of a sample, which may be drawn more than once; NaN: undefined."""
ROUNDS, LEVEL = 1000, 0.95


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value with its interval. NaN stands for what is not defined."""

    group: str
    name: str
    value: float
    low: float
    high: float
    n: int
    """Samples it was computed from."""


class Estimate:
    """Makes figures; the same seed gives the same intervals."""

    def __init__(self, seed: int = 0, rounds: int = ROUNDS) -> None:
        self._seed = seed
        self._rounds = rounds

    def of(
        self,
        group: str,
        name: str,
        statistic: Statistic,
        n: int,
        clusters: Sequence[str] | None = None,
    ) -> Figure:
        """A figure with the 95 % percentile interval of the bootstrap.

        Args:
            group: what the samples have in common, such as a language.
            name: of the figure.
            statistic: from row numbers, 0 to n - 1, to the figure.
            n: number of rows.
            clusters: by row, what it belongs to; whole clusters are drawn.
        """
        if n == 0:
            return Figure(group, name, np.nan, np.nan, np.nan, 0)
        value = statistic(np.arange(n))
        drawn = np.asarray([statistic(rows) for rows in self._draws(n, clusters)])
        drawn = drawn[np.isfinite(drawn)]
        if not np.isfinite(value) or not drawn.size:
            return Figure(group, name, value, np.nan, np.nan, n)
        tail = 100 * (1 - LEVEL) / 2
        low, high = np.percentile(drawn, [tail, 100 - tail])
        return Figure(group, name, float(value), float(low), float(high), n)

    def mean(
        self,
        group: str,
        name: str,
        values: Sequence[float],
        clusters: Sequence[str] | None = None,
    ) -> Figure:
        """The mean of some values; see the module for what is done where all are 0, or 1."""
        held = np.asarray(values, dtype=np.float64)
        n = len(held)
        found = self.of(group, name, lambda rows: float(held[rows].mean()), n, clusters)
        if n and found.value in {0.0, 1.0} and np.all(held == found.value):
            low, high = exact_bounds(int(found.value) * n, n)
            return Figure(group, name, found.value, low, high, n)
        return found

    def share(
        self,
        group: str,
        name: str,
        hits: Sequence[bool],
        clusters: Sequence[str] | None = None,
    ) -> Figure:
        """The share of hits, 0 to 1."""
        return self.mean(group, name, [float(h) for h in hits], clusters)

    def ratio(
        self,
        group: str,
        name: str,
        parts: Sequence[float],
        wholes: Sequence[float],
        clusters: Sequence[str] | None = None,
    ) -> Figure:
        """The sum of the parts over the sum of the wholes; `n` is the sum of the wholes."""
        top, bottom = np.asarray(parts, np.float64), np.asarray(wholes, np.float64)

        def statistic(rows: Rows) -> float:
            whole = bottom[rows].sum()
            return float(top[rows].sum() / whole) if whole else float("nan")

        found = self.of(group, name, statistic, len(top), clusters)
        total, hits = round(float(bottom.sum())), round(float(top.sum()))
        low, high = found.low, found.high
        if total and hits in {0, total}:
            low, high = exact_bounds(hits, total)
        return Figure(group, name, found.value, low, high, total)

    def _draws(self, n: int, clusters: Sequence[str] | None) -> list[Rows]:
        random = np.random.default_rng(self._seed)
        if clusters is None:
            return [random.integers(0, n, n) for _ in range(self._rounds)]
        labels = np.asarray(clusters)
        members = [np.flatnonzero(labels == label) for label in np.unique(labels)]
        return [
            np.concatenate([members[i] for i in random.integers(0, len(members), len(members))])
            for _ in range(self._rounds)
        ]


def exact_bounds(count: int, n: int) -> tuple[float, float]:
    """The Clopper-Pearson bounds at 95 % for none or all of `n`.

    Raises:
        ValueError: the count is neither 0 nor n.
    """
    far = ((1 - LEVEL) / 2) ** (1 / n)
    if count == 0:
        return 0.0, 1 - far
    if count == n:
        return far, 1.0
    raise ValueError("The closed form holds for none or all of the samples only.")
