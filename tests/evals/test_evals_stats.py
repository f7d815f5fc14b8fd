from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.stats

from evals.stats import CapturingEstimate, Estimate, exact_bounds
from evals.stats.draws import widened_tail


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
    # Clopper and Pearson's interval for 3 of 10 in any table: 0.0667 to 0.6525.
    assert exact_bounds(3, 10) == pytest.approx((0.0667, 0.6525), abs=1e-4)
    for count, n in ((-1, 10), (11, 10), (0, 0)):
        with pytest.raises(ValueError, match="not a share"):
            exact_bounds(count, n)


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


def test_a_figure_names_the_lines_of_the_log_it_rests_on_once_and_in_order() -> None:
    estimate = Estimate(0)
    share = estimate.share("g", "s", [True, False, True], ids=["b", "a", "b"])
    assert (share.samples, share.unit) == (("b", "a"), "share")
    # A row of which nothing was counted is no part of a ratio.
    ratio = estimate.ratio("g", "r", [1, 0, 2], [2, 0, 2], ids=["x", "y", "z"], unit="words")
    assert (ratio.samples, ratio.unit) == (("x", "z"), "words")
    assert estimate.mean("g", "m", [1.0, 2.0]).samples == ()


def test_ids_or_clusters_that_do_not_fit_the_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="3 rows and 2 ids"):
        Estimate(0).share("g", "s", [True, False, True], ids=["a", "b"])
    with pytest.raises(ValueError, match="1 rows and 2 clusters"):
        Estimate(0).mean("g", "s", [0.5], ["a", "b"])


def test_rows_of_one_log_line_are_drawn_together() -> None:
    values = [0.0] * 50 + [1.0] * 50 + [0.5] * 50
    lines = ["a"] * 50 + ["b"] * 50 + ["c"] * 50
    by_line = Estimate(0).mean("all", "m", values, ids=lines)
    assert by_line.low == Estimate(0).mean("all", "m", values, lines).low == 0.0
    # Lines of their own change nothing, whatever they are called.
    apart = [str(-number) for number in range(150)]
    alone, named = (Estimate(0).mean("all", "m", values, ids=ids) for ids in (None, apart))
    assert (alone.low, alone.high) == (named.low, named.high)


def test_one_case_alone_cannot_tell_how_much_cases_differ() -> None:
    figure = Estimate(0).mean("all", "m", [0.2, 0.4, 0.9], ["a"] * 3)
    assert figure.value == pytest.approx(0.5)
    assert math.isnan(figure.low)
    assert math.isnan(figure.high)


@pytest.mark.parametrize("clusters", [None, [f"case {number % 7}" for number in range(90)]])
def test_sums_by_cluster_give_what_the_rows_themselves_give(clusters: list[str] | None) -> None:
    random = np.random.default_rng(2)
    parts, wholes = random.random(90), random.integers(1, 5, 90).astype(float)
    slow = Estimate(5).of(
        "g", "n", lambda rows: float(parts[rows].sum() / wholes[rows].sum()), 90, clusters
    )
    fast = Estimate(5).ratio("g", "n", parts.tolist(), wholes.tolist(), clusters)
    assert (fast.low, fast.high) == pytest.approx((slow.low, slow.high), rel=1e-12)


def test_what_is_remembered_of_draws_changes_nothing() -> None:
    shared, values = Estimate(3), list(np.random.default_rng(0).random(40))
    for count in (*range(2, 14), 40):  # more sizes than are remembered
        held = values[:count]
        assert shared.mean("g", "n", held) == Estimate(3).mean("g", "n", held)
        assert shared.mean("g", "n", held) == Estimate(3).mean("g", "n", held)


def test_draws_of_a_large_sample_come_in_blocks_and_are_the_same() -> None:
    values = np.random.default_rng(0).random(3000)
    figure = Estimate(1, rounds=700).mean("g", "n", values.tolist())
    random = np.random.default_rng(1)
    drawn = [values[random.integers(0, 3000, 3000)].mean() for _ in range(700)]
    assert (figure.low, figure.high) == pytest.approx(tuple(np.percentile(drawn, [2.5, 97.5])))


def test_a_capturing_estimate_draws_nothing_and_keeps_what_is_needed() -> None:
    def once(rows: np.ndarray) -> float:
        assert len(rows) == 4  # a draw of two cases of unlike size would differ
        return float(rows.sum())

    estimate = CapturingEstimate()
    figure = estimate.of("g", "n", once, 4, ["a", "a", "a", "b"], ids=list("wxyz"), unit="ms")
    assert (figure.value, figure.n, figure.unit) == (6.0, 4, "ms")
    assert math.isnan(figure.low)
    held = estimate.captured[0]
    assert (held.group, held.name, held.n, held.value) == ("g", "n", 4, 6.0)
    assert (held.clusters, held.ids) == (("a", "a", "a", "b"), ("w", "x", "y", "z"))


def test_percentiles_are_widened_to_where_students_t_has_them() -> None:
    values = list(np.random.default_rng(4).normal(size=12))
    plain = Estimate(0, rounds=20_000).mean("g", "n", values)
    wide = Estimate(0, rounds=20_000, widened=True).mean("g", "n", values)
    expected = scipy.stats.ttest_1samp(values, 0).confidence_interval()
    assert wide.high - wide.low == pytest.approx(expected.high - expected.low, rel=0.05)
    assert wide.low < plain.low < plain.high < wide.high
    assert widened_tail(10_000) == pytest.approx(0.025, rel=0.001)
