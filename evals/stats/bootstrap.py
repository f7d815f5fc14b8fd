"""Figures and how sure one can be of them: the bootstrap, clustered where samples belong together.

Two answers to one case are more alike than two answers to two cases, so whole cases are drawn, not
answers (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993; Davison and Hinkley, 1997,
section 3.8). Where every sample agrees a bootstrap sees no spread at all, and the exact binomial
bound of Clopper and Pearson is given instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from evals.stats.captured import Captured, Units, capture
from evals.stats.draws import Draws, values_of, widened_tail
from evals.stats.exact import exact_bounds
from evals.stats.figures import LEVEL, ROUNDS, Figure, Rows, Statistic


class Estimate:
    """Makes figures; the same seed gives the same intervals."""

    def __init__(self, seed: int = 0, rounds: int = ROUNDS, widened: bool = False) -> None:
        """Args:
        seed: of the draws.
        rounds: draws.
        widened: take percentiles further out, by as much as few units make the plain ones too
            narrow (`python -m evals.stats.coverage` has both).
        """
        self._draws = Draws(seed, rounds)
        self._widened = widened

    def of(
        self,
        group: str,
        name: str,
        statistic: Statistic,
        n: int,
        clusters: Sequence[str] | None = None,
        *,
        ids: Sequence[str] | None = None,
        unit: str = "",
    ) -> Figure:
        """A figure with the 95 % percentile interval of the bootstrap.

        Args:
            group: what the samples have in common, such as a language.
            name: of the figure.
            statistic: from row numbers, 0 to n - 1, to the figure.
            n: number of rows.
            clusters: by row, what it belongs to; whole clusters are drawn.
            ids: by row, the line of the log that it came from.
            unit: of the value.

        Raises:
            ValueError: `clusters` or `ids` are not one for each row.
        """
        return self._figure(capture(group, name, statistic, n, clusters, ids, unit))

    def mean(
        self,
        group: str,
        name: str,
        values: Sequence[float],
        clusters: Sequence[str] | None = None,
        *,
        ids: Sequence[str] | None = None,
        unit: str = "",
    ) -> Figure:
        """The mean of some values; see the module for what is done where all are 0, or 1."""
        held = np.asarray(values, dtype=np.float64)

        def statistic(rows: Rows) -> float:
            return float(held[rows].mean())

        captured = capture(group, name, statistic, len(held), clusters, ids, unit)
        return self._figure(replace(captured, parts=held, wholes=np.ones(len(held))))

    def share(
        self,
        group: str,
        name: str,
        hits: Sequence[bool],
        clusters: Sequence[str] | None = None,
        *,
        ids: Sequence[str] | None = None,
        unit: str = "share",
    ) -> Figure:
        """The share of hits, 0 to 1."""
        return self.mean(group, name, [float(h) for h in hits], clusters, ids=ids, unit=unit)

    def ratio(
        self,
        group: str,
        name: str,
        parts: Sequence[float],
        wholes: Sequence[float],
        clusters: Sequence[str] | None = None,
        *,
        ids: Sequence[str] | None = None,
        unit: str = "",
    ) -> Figure:
        """The sum of the parts over the sum of the wholes; `n` is the sum of the wholes."""
        top, bottom = np.asarray(parts, np.float64), np.asarray(wholes, np.float64)

        def statistic(rows: Rows) -> float:
            whole = bottom[rows].sum()
            return float(top[rows].sum() / whole) if whole else float("nan")

        captured = capture(group, name, statistic, len(top), clusters, ids, unit)
        return self._figure(replace(captured, parts=top, wholes=bottom, counted=True))

    def _figure(self, captured: Captured) -> Figure:
        value = captured.value
        found = _without_interval(captured)
        if not np.isfinite(value):
            return found
        if (bounds := _all_alike(captured, value)) is not None:
            return replace(found, low=bounds[0], high=bounds[1])
        units = Units(captured.rows, captured.labels)
        if units.count < 2:
            return found  # one case alone cannot tell how much cases differ
        drawn = values_of(captured, units, self._draws)
        drawn = drawn[np.isfinite(drawn)]
        if not drawn.size:
            return found
        tail = 100 * (widened_tail(units.count) if self._widened else (1 - LEVEL) / 2)
        low, high = np.percentile(drawn, [tail, 100 - tail])
        return replace(found, low=float(low), high=float(high))


class CapturingEstimate(Estimate):
    """Keeps what figures are computed from and draws nothing; its figures have no interval."""

    def __init__(self) -> None:
        super().__init__()
        self.captured: list[Captured] = []

    def _figure(self, captured: Captured) -> Figure:
        self.captured.append(captured)
        return _without_interval(captured)


def _without_interval(captured: Captured) -> Figure:
    nan = float("nan")
    return Figure(
        captured.group,
        captured.name,
        captured.value,
        nan,
        nan,
        captured.n,
        captured.unit,
        captured.samples,
    )


def _all_alike(captured: Captured, value: float) -> tuple[float, float] | None:
    """The exact bounds where a share is none or all of what was counted."""
    parts, wholes = captured.parts, captured.wholes
    if parts is None or wholes is None or not captured.n:
        return None
    if captured.counted:
        hits = round(float(parts.sum()))
        return exact_bounds(hits, captured.n) if hits in {0, captured.n} else None
    if value in {0.0, 1.0} and np.all(parts == value):
        return exact_bounds(int(value) * captured.n, captured.n)
    return None
