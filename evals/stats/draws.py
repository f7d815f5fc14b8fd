"""The draws of a bootstrap, and a figure computed from each."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.special import ndtr, stdtrit

from evals.stats.captured import Captured, Floats, Units
from evals.stats.figures import LEVEL, Rows

_BLOCK = 3_000_000
"""Numbers drawn at a time, which bounds the memory of a long run."""
_KEPT = 4
"""Sets of draws that are remembered: the figures of a group follow one another."""


class Draws:
    """Which units each round draws, with replacement; remembered, for many figures share them."""

    def __init__(self, seed: int, rounds: int) -> None:
        self._seed = seed
        self._rounds = rounds
        self._kept: dict[int, Rows] = {}

    def of(self, count: int) -> Iterator[Rows]:
        """Draws from `count` units: [some rounds, count] at a time."""
        if count in self._kept:
            yield self._kept[count]
            return
        random = np.random.default_rng(self._seed)
        step = max(1, _BLOCK // count)
        for start in range(0, self._rounds, step):
            block = random.integers(0, count, (min(step, self._rounds - start), count))
            if step >= self._rounds:
                if len(self._kept) >= _KEPT:
                    self._kept.pop(next(iter(self._kept)))
                self._kept[count] = block
            yield block


def values_of(captured: Captured, units: Units, draws: Draws) -> Floats:
    """The figure of every draw, NaN where it is not defined: [rounds]."""
    parts, wholes = captured.parts, captured.wholes
    if parts is None or wholes is None:
        drawn = (units.rows(picks) for block in draws.of(units.count) for picks in block)
        return np.asarray([captured.statistic(rows) if rows.size else np.nan for rows in drawn])
    tops, bottoms = units.sums(parts), units.sums(wholes)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.concatenate(
            [tops[b].sum(axis=1) / bottoms[b].sum(axis=1) for b in draws.of(units.count)]
        )


def widened_tail(count: int) -> float:
    """The share of draws to leave out at each end, for `count` units drawn.

    Percentiles of the bootstrap of a mean lie z sqrt((G - 1)/G) standard errors out where
    Student's t would have t(G - 1); this tail puts them there: the normal probability below
    -t sqrt(G/(G - 1)) (Hesterberg, The American Statistician 2015;69:371-386). 2.5 % for many.
    """
    reach = float(stdtrit(count - 1, (1 + LEVEL) / 2)) * np.sqrt(count / (count - 1))
    return float(ndtr(-reach))
