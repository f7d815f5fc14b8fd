"""What differs between two runs, and whether more than chance would make it.

Both runs answer the same samples, so each draw of the bootstrap takes the same cases, or samples,
in both. The interval is not that of percentiles, which with a dozen cases covers the truth in some
nine of ten runs instead of nineteen of twenty (`python -m evals.stats.coverage`), but

    d +- t(G - 1) se,    se = sd(d of the draws) sqrt(G / (G - 1)),    d = second run - first run

with G the units drawn: t allows for how badly few units tell their own spread, the factor for the
draws spreading around the sample instead of the truth (Hesterberg, The American Statistician
2015;69:371-386; Cameron and Miller, Journal of Human Resources 2015;50:317-372, section VI).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtr, stdtrit

from evals.stats.captured import Captured, Units, keyed
from evals.stats.draws import Draws, values_of
from evals.stats.exact import McNemar, mcnemar
from evals.stats.figures import LEVEL, ROUNDS
from evals.stats.multiple import holm

NAN = float("nan")
ROUNDING = 1e-12
"""Rows added in another order differ by less than this part; it is no difference."""
FIRST, SECOND, BOTH = "first", "second", "both"


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure in two runs. NaN stands for what is not defined."""

    group: str
    name: str
    unit: str
    first: float
    second: float
    n_first: int
    n_second: int
    found_in: str = BOTH
    """`both`, or the only run that has the figure: `first` or `second`."""
    difference: float = NAN
    """Second less first."""
    low: float = NAN
    high: float = NAN
    p: float = NAN
    """Two-sided; never 0."""
    corrected: float = NAN
    """`p` made to hold for all figures of the family together (Holm)."""
    units: int = 0
    """Cases, or samples where there are no cases, that were drawn jointly."""
    changed: int = 0
    """Of these units, those that differ between the runs; all where that cannot be told."""
    error: float = NAN
    """Standard error of the difference."""
    mcnemar: McNemar | None = None
    """For a share over the same samples in both; it takes them for independent."""

    @property
    def significant(self) -> bool:
        """The corrected p is below 5 %."""
        return self.corrected < 1 - LEVEL


def compare_captured(
    first: Sequence[Captured],
    second: Sequence[Captured],
    rounds: int = ROUNDS,
    seed: int = 0,
    family: Callable[[Captured], bool] | None = None,
) -> list[Difference]:
    """Every figure of two runs, in the order of the first, then those of the second alone.

    Figures are matched by group and name, and rows by their clusters; without clusters, by their
    ids; without those, by their order if there are as many in both, and otherwise not at all.

    Args:
        first: the figures of one run, as `CapturingEstimate` keeps them.
        second: those of the other.
        rounds: draws of the bootstrap.
        seed: of the draws.
        family: which figures are tested together; all where it is None. The others keep their p
            and get no corrected one.
    """
    draws = Draws(seed, rounds)
    one, two = dict(keyed(first)), dict(keyed(second))
    found = []
    for key in (*one, *(key for key in two if key not in one)):
        a, b = one.get(key), two.get(key)
        member = family is None or any(family(run) for run in (a, b) if run)
        found.append((_difference(a, b, draws), member))
    corrected = holm([d.p if member else NAN for d, member in found])
    return [replace(d, corrected=p) for (d, _), p in zip(found, corrected, strict=True)]


def _difference(a: Captured | None, b: Captured | None, draws: Draws) -> Difference:
    known = b or a
    assert known is not None  # its name came from one of them
    found = Difference(
        group=known.group,
        name=known.name,
        unit=known.unit,
        first=a.value if a else NAN,
        second=b.value if b else NAN,
        n_first=a.n if a else 0,
        n_second=b.n if b else 0,
    )
    if a is None or b is None:
        return replace(found, found_in=FIRST if a else SECOND)
    found = replace(found, difference=b.value - a.value, mcnemar=_discordant(a, b))
    names_a, names_b = _names(a, b)
    names = sorted({*names_a, *names_b})
    found = replace(found, units=len(names))
    if not np.isfinite(found.difference):
        return found
    units_a, units_b = Units(a.rows, names_a, names), Units(b.rows, names_b, names)
    drawn = values_of(b, units_b, draws) - values_of(a, units_a, draws)
    drawn = drawn[np.isfinite(drawn)]
    if np.all(np.abs([found.difference, *drawn]) <= ROUNDING * max(1.0, abs(found.first))):
        return replace(found, difference=0.0, low=0.0, high=0.0, p=1.0, error=0.0)
    if len(names) < 2 or len(drawn) < 2:
        return found
    error = float(drawn.std(ddof=1) * np.sqrt(len(names) / (len(names) - 1)))
    if error < ROUNDING * abs(found.difference):
        error = 0.0  # all units moved by the same: there is no spread to make an interval of
    reach = float(stdtrit(len(names) - 1, (1 + LEVEL) / 2)) * error if error else NAN
    changed = _changed(a, units_a, b, units_b)
    return replace(
        found,
        low=found.difference - reach,
        high=found.difference + reach,
        p=_p(found.difference, error, len(names), changed),
        changed=changed,
        error=error,
    )


def _changed(a: Captured, units_a: Units, b: Captured, units_b: Units) -> int:
    """How many units differ between the runs; all of them where the figure is no ratio."""
    pairs = ((a.parts, b.parts), (a.wholes, b.wholes))
    apart = np.zeros(units_a.count, dtype=np.bool_)
    for one, two in pairs:
        if one is None or two is None:
            return units_a.count
        apart |= units_a.sums(one) != units_b.sums(two)
    return int(apart.sum())


def _p(difference: float, error: float, count: int, changed: int) -> float:
    """Two-sided, by Student's t, but never below what a sign test of the changed units can reach.

    Were what changes a toss of a coin for each unit, all `changed` would still go the same way once
    in 2^(changed - 1): any p below that rests on the bell curve and not on the samples.
    """
    least = max(2.0 ** (1 - changed), np.finfo(np.float64).tiny)
    found = 2 * float(stdtr(count - 1, -abs(difference) / error)) if error else 0.0
    return min(1.0, max(float(least), found))


def _names(a: Captured, b: Captured) -> tuple[Sequence[str], Sequence[str]]:
    """By row of each run, the unit that it is drawn with."""
    if a.clusters is not None and b.clusters is not None:
        return a.clusters, b.clusters
    if a.ids is not None and b.ids is not None:
        return a.ids, b.ids
    other = "row" if a.rows == b.rows else "other row"
    return [f"row {i}" for i in range(a.rows)], [f"{other} {i}" for i in range(b.rows)]


def _discordant(a: Captured, b: Captured) -> McNemar | None:
    """Of samples with a yes or no in both runs; None where they are not the same samples."""
    one, two = _verdicts(a), _verdicts(b)
    if one is None or two is None or set(one) != set(two):
        return None
    lost = sum(one[key] and not two[key] for key in one)
    won = sum(two[key] and not one[key] for key in one)
    return mcnemar(lost, won)


def _verdicts(captured: Captured) -> dict[tuple[str, int], bool] | None:
    """Hits by id, and by place among the rows of that id."""
    parts = captured.parts
    if captured.ids is None or parts is None or captured.counted:
        return None
    if not np.all((parts == 0) | (parts == 1)):
        return None
    seen: Counter[str] = Counter()
    found = {}
    for name, hit in zip(captured.ids, parts, strict=True):
        found[name, seen[name]] = bool(hit)
        seen[name] += 1
    return found
