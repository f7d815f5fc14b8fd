"""How far raters agree beyond chance: Cohen's kappa and Krippendorff's alpha.

Both are figures of counts that add up over units, so that an interval comes from `Estimate.of` with
a statistic that sums the counts of the units drawn: `kappa_of`, `alpha_of`.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from evals.stats.figures import Rows, Statistic

Counts = NDArray[np.int64]
Weights = Literal["nominal", "linear", "quadratic"]
Level = Literal["nominal", "ordinal", "interval"]
Category = TypeVar("Category", bound=Hashable)


def confusion(pairs: Sequence[tuple[Category, Category]], categories: Sequence[Category]) -> Counts:
    """How often the first rater said one category and the second another: int [k, k]."""
    at = {category: number for number, category in enumerate(categories)}
    table = np.zeros((len(categories), len(categories)), dtype=np.int64)
    for one, two in pairs:
        table[at[one], at[two]] += 1
    return table


def cohen_kappa(table: Counts, weights: Weights = "nominal") -> float:
    """Agreement beyond chance of two raters.

    1 - sum(w o) / sum(w e), with o the table, e the one expected from both raters' shares, and w
    how much a disagreement counts: 1 for any (Cohen, Educational and Psychological Measurement
    1960;20:37-46), or for ordered categories their distance or its square (Cohen, Psychological
    Bulletin 1968;70:213-220). NaN where both use one and the same category throughout, or there are
    no units.

    Args:
        table: counts [k, k], rows by the first rater, columns by the second.
        weights: of disagreements.
    """
    n = int(table.sum())
    apart = np.abs(np.subtract.outer(np.arange(len(table)), np.arange(len(table))))
    cost = apart > 0 if weights == "nominal" else apart ** (2 if weights == "quadratic" else 1)
    chance = float((cost * np.outer(table.sum(axis=1), table.sum(axis=0))).sum())
    return 1 - n * float((cost * table).sum()) / chance if chance else float("nan")


def kappa_of(tables: Counts, weights: Weights = "nominal") -> Statistic:
    """From the tables of units [units, k, k] to the kappa of the units drawn."""
    return lambda rows: cohen_kappa(tables[rows].sum(axis=0), weights)


@dataclass(frozen=True, slots=True)
class Coincidences:
    """What raters said of units, pair by pair of raters."""

    values: tuple[float, ...]
    """Every value in use, sorted."""
    tables: NDArray[np.float64]
    """By unit, how often one value stands beside another [units, k, k]; a unit that m raters saw
    holds m; one that fewer than two saw holds nothing."""


def coincidences(units: Sequence[Sequence[float | None]]) -> Coincidences:
    """From the values of any number of raters by unit; None or NaN: not rated.

    Categories without order may be numbered in any way.
    """
    held = [[float(v) for v in unit if v is not None and v == v] for unit in units]
    values = tuple(sorted({v for unit in held if len(unit) > 1 for v in unit}))
    at = {value: number for number, value in enumerate(values)}
    tables = np.zeros((len(held), len(values), len(values)))
    for table, unit in zip(tables, held, strict=True):
        if len(unit) < 2:
            continue
        counts = np.bincount([at[v] for v in unit], minlength=len(values))
        table[:] = (np.outer(counts, counts) - np.diag(counts)) / (len(unit) - 1)
    return Coincidences(values, tables)


def krippendorff_alpha(table: NDArray[np.float64], values: Sequence[float], level: Level) -> float:
    """1 - observed / expected disagreement, of any number of raters with gaps.

    From the coincidences o with margins n_c and their sum n,

        alpha = 1 - (n - 1) sum(o_ck d_ck) / sum(n_c n_k d_ck)

    d is 1 for nominal values, (c - k)^2 for interval ones, and for ordinal ones the square of
    n_c/2 + all n between them + n_k/2 (Krippendorff, "Content Analysis", 4th edition 2019, chapter
    12). NaN where all values are the same, or nothing was rated twice.

    Args:
        table: coincidences [k, k].
        values: of its rows and columns, sorted [k].
        level: what may be done with the values: told apart, ordered, or subtracted.
    """
    margins = table.sum(axis=1)
    if level == "nominal":
        apart = 1 - np.eye(len(values))
    else:
        middle = np.cumsum(margins) - margins / 2 if level == "ordinal" else np.asarray(values)
        apart = np.subtract.outer(middle, middle) ** 2
    expected = float(margins @ apart @ margins)
    observed = float((table * apart).sum())
    return 1 - (float(margins.sum()) - 1) * observed / expected if expected > 0 else float("nan")


def alpha_of(rated: Coincidences, level: Level) -> Statistic:
    """From the coincidences of units to the alpha of the units drawn."""

    def statistic(rows: Rows) -> float:
        return krippendorff_alpha(rated.tables[rows].sum(axis=0), rated.values, level)

    return statistic
