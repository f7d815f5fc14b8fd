"""Do the intervals cover, and is a planted loss found as often as promised? Simulated, seeded.

    python -m evals.stats.coverage

The simulated sets are those of `evals.stats.simulated`. 1.96 standard errors of the simulation
itself are printed below the tables.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.console import Console
from rich.table import Table

from evals.stats.bootstrap import Estimate
from evals.stats.paired import compare_captured
from evals.stats.power import power_of_share, samples_for_share
from evals.stats.simulated import DESIGNS, JUDGED, PLANTED, RIGHT, Design, Judged, judged, simulated


@dataclass(frozen=True, slots=True)
class Coverage:
    """Shares of the simulated comparisons."""

    level: float
    """Percentile interval of one run's share covers the truth."""
    widened: float
    """The same with `Estimate(widened=True)`."""
    percentile: float
    """Percentile interval of the difference covers."""
    t: float
    """The interval of `compare_captured` covers."""
    false: float
    """p below 5 % though nothing differs."""


def coverage(design: Design, times: int, rounds: int, seed: int = 0) -> Coverage:
    """How often the intervals hold the truth, with a loss of two points, or none for `false`."""
    random = np.random.default_rng(seed)
    loss = -min(0.02, design.changing / 2)
    held = np.zeros((times, 5), dtype=np.bool_)
    for number in range(times):
        first, second = simulated(design, loss, random)
        before, after = first[0], second[0]
        assert before.parts is not None and after.parts is not None
        estimate = Estimate(number, rounds)
        hits = before.parts.tolist()
        one = estimate.mean("", "", hits, before.clusters)
        wide = Estimate(number, rounds, widened=True).mean("", "", hits, before.clusters)
        apart = estimate.mean("", "", (after.parts - before.parts).tolist(), before.clusters)
        both = compare_captured(first, second, rounds, number)[0]
        same = compare_captured(*simulated(design, 0.0, random), rounds, number)[0]
        held[number] = (
            one.low <= RIGHT <= one.high,
            wide.low <= RIGHT <= wide.high,
            apart.low <= loss <= apart.high,
            both.low <= loss <= both.high,
            same.p < 0.05,
        )
    return Coverage(*held.mean(axis=0).tolist())


def found(design: Design, difference: float, times: int, rounds: int, seed: int = 0) -> float:
    """The share of comparisons that find a difference, at p below 5 %."""
    random = np.random.default_rng(seed)
    hits = 0
    for number in range(times):
        first, second = simulated(design, difference, random)
        hits += compare_captured(first, second, rounds, number)[0].p < 0.05
    return hits / times


def spread(design: Design, times: int = 2000, seed: int = 1) -> float:
    """Variance of the difference over that of independent samples: the true design effect."""
    random = np.random.default_rng(seed)
    drawn = []
    for _ in range(times):
        first, second = simulated(design, 0.0, random)
        drawn.append(second[0].value - first[0].value)
    return float(np.var(drawn)) * design.cases * design.per_case / design.changing


def promises(times: int, rounds: int) -> list[tuple[str, float, float]]:
    """What was planted, its size, and how often it was found where 80 % were promised."""
    rows = []
    for changing in (0.05, 0.1):
        n = samples_for_share(0.03, changing)
        design = Design("", n, 1, changing=changing)
        rows.append(
            (f"{n} samples, {changing:.0%} change", 0.03, found(design, -0.03, times, rounds))
        )
    for design in PLANTED:
        n = design.cases * design.per_case
        size = power_of_share(n, design.changing, spread(design), units=design.cases).difference
        rows.append((design.name, size, found(design, -size, times, rounds)))
    return rows


def covered_by_judge(design: Judged, times: int, seed: int = 0) -> tuple[float, float, float]:
    """Of prediction-powered intervals: share that cover, median weight and median gain."""
    random = np.random.default_rng(seed)
    made = [judged(design, random) for _ in range(times)]
    covered = np.mean([one.low <= RIGHT <= one.high for one in made])
    weight, saved = np.median([(one.weight, one.saved) for one in made], axis=0)
    return float(covered), float(weight), float(saved)


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description="Coverage of intervals and power, simulated.")
    parser.add_argument("--times", type=int, default=1000, help="comparisons a row")
    parser.add_argument("--rounds", type=int, default=400, help="bootstrap draws of each")
    options = parser.parse_args(arguments)
    console = Console(highlight=False)
    table = Table(title="95 % intervals that cover, and false alarms where 5 % are due")
    for title in ("set", "one run", "one run, widened", "pair, percentile", "pair, t", "false"):
        table.add_column(title)
    for design in DESIGNS:
        row = coverage(design, options.times, options.rounds)
        shown = (row.level, row.widened, row.percentile, row.t, row.false)
        table.add_row(design.name, *(f"{share:.3f}" for share in shown))
    console.print(table)
    power = Table(title="Planted losses where 80 % are promised to be found")
    for title in ("set", "loss, points", "found"):
        power.add_column(title)
    for name, size, share in promises(options.times, options.rounds):
        power.add_row(name, f"{100 * size:.1f}", f"{share:.3f}")
    console.print(power)
    powered = Table(title="Few labels and a judge: 95 % intervals that cover")
    for title in ("set", "covers", "weight of the judge", "labels it is worth, times"):
        powered.add_column(title)
    for plan in JUDGED:
        covers, weight, saved = covered_by_judge(plan, options.times)
        powered.add_row(plan.name, f"{covers:.3f}", f"{weight:.2f}", f"{saved:.2f}")
    console.print(powered)
    for share in (0.95, 0.8, 0.05):
        error = 1.96 * math.sqrt(share * (1 - share) / options.times)
        console.print(f"A true {share} shows as {share - error:.3f} to {share + error:.3f}.")


if __name__ == "__main__":
    main()
