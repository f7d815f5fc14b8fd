from __future__ import annotations

import math

import numpy as np
import pytest

from evals.stats import Estimate, exact_bounds


def test_a_mean_lies_in_its_interval_and_the_seed_decides_it() -> None:
    values = [0.0, 1.0, 1.0, 0.5, 0.25, 0.75]
    first, second = (Estimate(7).mean("all", "m", values) for _ in range(2))
    assert first == second
    assert first.value == pytest.approx(np.mean(values))
    assert first.low < first.value < first.high
    assert first.n == 6


def test_the_interval_of_a_mean_is_about_two_standard_errors() -> None:
    values = list(np.random.default_rng(1).normal(size=400))
    figure = Estimate(0).mean("all", "m", values)
    error = np.std(values) / math.sqrt(400)
    assert figure.high - figure.low == pytest.approx(4 * error * 0.98, rel=0.1)


def test_clusters_that_differ_widen_the_interval() -> None:
    values = [0.0] * 50 + [1.0] * 50 + [0.5] * 50
    clusters = ["a"] * 50 + ["b"] * 50 + ["c"] * 50
    alone = Estimate(0).mean("all", "m", values)
    together = Estimate(0).mean("all", "m", values, clusters)
    assert together.value == alone.value
    assert (together.low, together.high) == (0.0, 1.0)
    assert alone.high - alone.low < 0.2


def test_where_all_agree_the_exact_bound_is_given() -> None:
    # 1 - 0.025 ** (1 / 10), as in tables of Clopper and Pearson: 0.308.
    assert exact_bounds(0, 10) == (0.0, pytest.approx(0.3085, abs=1e-4))
    assert exact_bounds(10, 10) == (pytest.approx(0.6915, abs=1e-4), 1.0)
    none = Estimate(0).share("all", "s", [False] * 10)
    assert (none.value, none.low, none.high) == (0.0, *exact_bounds(0, 10))
    with pytest.raises(ValueError, match="none or all"):
        exact_bounds(3, 10)


def test_a_ratio_is_of_sums_and_counts_its_whole() -> None:
    figure = Estimate(0).ratio("all", "r", [1, 3], [4, 4])
    assert (figure.value, figure.n) == (0.5, 8)
    assert Estimate(0).ratio("all", "r", [4, 4], [4, 4]).low == exact_bounds(8, 8)[0]
    assert math.isnan(Estimate(0).ratio("all", "r", [0], [0]).value)


def test_nothing_gives_no_figure() -> None:
    figure = Estimate(0).share("all", "s", [])
    assert figure.n == 0
    assert math.isnan(figure.value)


def test_undefined_draws_are_left_out() -> None:
    def sometimes(rows: np.ndarray) -> float:
        return float("nan") if 0 not in rows else 1.0

    figure = Estimate(0).of("all", "f", sometimes, 3)
    assert (figure.low, figure.high) == (1.0, 1.0)
