"""Two runs compared: against scipy where it can be, and by what must hold."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest
import scipy.stats

from evals.stats import CapturingEstimate
from evals.stats.captured import Captured
from evals.stats.paired import FIRST, SECOND, Difference, compare_captured

IDS = [f"s{number}" for number in range(80)]
CASES = [f"c{number % 8}" for number in range(80)]
RANDOM = np.random.default_rng(6)
BEFORE = RANDOM.normal(size=80)
AFTER = BEFORE + RANDOM.normal(0.3, 0.5, 80)


def run(fill: Callable[[CapturingEstimate], object]) -> list[Captured]:
    estimate = CapturingEstimate()
    fill(estimate)
    return estimate.captured


def mean(
    values: Sequence[float], clusters: list[str] | None = None, ids: list[str] | None = IDS
) -> list[Captured]:
    return run(lambda e: e.mean("all", "m", values, clusters, ids=ids))


def share(hits: Sequence[bool], ids: list[str] = IDS) -> list[Captured]:
    return run(lambda e: e.share("all", "s", hits, ids=ids))


def only(found: list[Difference]) -> Difference:
    assert len(found) == 1
    return found[0]


def test_a_paired_mean_is_that_of_the_paired_t_test() -> None:
    found = only(compare_captured(mean(BEFORE), mean(AFTER), rounds=5000))
    theirs = scipy.stats.ttest_rel(AFTER, BEFORE)
    interval = theirs.confidence_interval()
    assert found.difference == pytest.approx((AFTER - BEFORE).mean())
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high), rel=0.06)
    assert math.log(found.p) == pytest.approx(math.log(theirs.pvalue), rel=0.1)
    assert (found.n_first, found.n_second, found.units) == (80, 80, 80)


def test_cases_are_drawn_whole_and_alike_in_both() -> None:
    found = only(compare_captured(mean(BEFORE, CASES), mean(AFTER, CASES), rounds=5000))
    by_case = [(AFTER - BEFORE)[np.asarray(CASES) == f"c{n}"].mean() for n in range(8)]
    interval = scipy.stats.ttest_1samp(by_case, 0).confidence_interval()
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high), rel=0.04)
    assert found.units == 8


def test_a_statistic_of_any_kind_gives_what_the_sums_give() -> None:
    def slow(values: np.ndarray) -> list[Captured]:
        return run(
            lambda e: e.of("all", "m", lambda rows: float(values[rows].mean()), 80, CASES, ids=IDS)
        )

    fast = only(compare_captured(mean(BEFORE, CASES), mean(AFTER, CASES)))
    found = only(compare_captured(slow(BEFORE), slow(AFTER)))
    assert (found.low, found.high, found.p) == pytest.approx((fast.low, fast.high, fast.p))


def test_the_order_of_the_rows_is_of_no_account() -> None:
    order = np.random.default_rng(0).permutation(80)
    turned = mean(AFTER[order], None, [IDS[i] for i in order])
    straight = only(compare_captured(mean(BEFORE), mean(AFTER)))
    found = only(compare_captured(mean(BEFORE), turned))
    assert (found.low, found.high) == pytest.approx((straight.low, straight.high))


def test_the_same_rows_in_another_order_are_no_difference() -> None:
    order = np.random.default_rng(1).permutation(80)
    turned = mean(BEFORE[order], [CASES[i] for i in order], [IDS[i] for i in order])
    found = only(compare_captured(mean(BEFORE, CASES), turned))
    assert (found.difference, found.low, found.high, found.p) == (0.0, 0.0, 0.0, 1.0)


@pytest.mark.parametrize("clusters", [None, CASES])
def test_two_identical_runs_do_not_differ(clusters: list[str] | None) -> None:
    def everything(estimate: CapturingEstimate) -> None:
        estimate.mean("all", "mean", BEFORE.tolist(), clusters, ids=IDS)
        estimate.share("all", "share", (BEFORE > 0).tolist(), clusters, ids=IDS)
        estimate.ratio("all", "ratio", (BEFORE > 0).tolist(), [2] * 80, clusters, ids=IDS)
        estimate.of("all", "p95", lambda rows: float(np.percentile(BEFORE[rows], 95)), 80, clusters)
        estimate.mean("all", "nothing", [], None)

    found = compare_captured(run(everything), run(everything))
    assert [d.name for d in found] == ["mean", "share", "ratio", "p95", "nothing"]
    for difference in found[:-1]:
        assert (difference.difference, difference.low, difference.high) == (0.0, 0.0, 0.0)
        assert (difference.p, difference.corrected, difference.error) == (1.0, 1.0, 0.0)
        assert not difference.significant
    assert math.isnan(found[-1].difference)
    assert math.isnan(found[-1].corrected)


def test_a_case_may_have_other_numbers_of_rows_in_each_run() -> None:
    # Credited ideas of sessions: the second run went on for longer in some cases.
    first = run(lambda e: e.ratio("all", "r", [3, 1, 2], [4, 2, 4], ["a", "b", "c"]))
    second = run(
        lambda e: e.ratio("all", "r", [3, 1, 2, 2, 4], [4, 2, 4, 4, 4], ["a", "a", "b", "b", "c"])
    )
    found = only(compare_captured(first, second))
    assert found.difference == pytest.approx(12 / 18 - 6 / 10)
    assert (found.n_first, found.n_second, found.units) == (10, 18, 3)
    assert found.low < found.difference < found.high


def test_cases_that_only_one_run_has_widen_the_interval() -> None:
    half = 40
    kept = mean(AFTER[:half], None, IDS[:half])
    apart = only(compare_captured(mean(BEFORE), kept))
    together = only(compare_captured(mean(BEFORE[:half], None, IDS[:half]), kept))
    assert apart.units == 80
    assert apart.high - apart.low > together.high - together.low


def test_runs_over_other_samples_are_compared_as_independent() -> None:
    other = [f"t{number}" for number in range(80)]
    found = only(compare_captured(mean(BEFORE), mean(AFTER, None, other), rounds=5000))
    theirs = scipy.stats.ttest_ind(AFTER, BEFORE, equal_var=False).confidence_interval()
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), abs=0.06)


def test_without_ids_rows_are_matched_by_order_where_there_are_as_many() -> None:
    ordered = only(compare_captured(mean(BEFORE, ids=None), mean(AFTER, ids=None)))
    named = only(compare_captured(mean(BEFORE), mean(AFTER)))
    assert ordered.error == pytest.approx(named.error, rel=0.1)
    fewer = only(compare_captured(mean(BEFORE, ids=None), mean(AFTER[:60], ids=None)))
    assert (fewer.units, fewer.mcnemar) == (140, None)


def test_discordant_samples_are_counted_by_id() -> None:
    before = [True] * 60 + [False] * 20
    after = [True] * 53 + [False] * 7 + [True] * 1 + [False] * 19
    order = list(reversed(range(80)))
    turned = share([after[i] for i in order], [IDS[i] for i in order])
    found = only(compare_captured(share(before), turned))
    assert found.mcnemar is not None
    assert (found.mcnemar.lost, found.mcnemar.won) == (7, 1)
    assert found.mcnemar.p == pytest.approx(0.0703, abs=1e-4)
    assert only(compare_captured(share(before), share(before[:70], IDS[:70]))).mcnemar is None
    assert only(compare_captured(mean(BEFORE), mean(AFTER))).mcnemar is None


def test_p_is_never_below_what_the_changed_samples_can_show() -> None:
    before = [True] * 80
    for changed in (1, 3, 5):
        after = [False] * changed + [True] * (80 - changed)
        found = only(compare_captured(share(before), share(after)))
        assert found.p >= 2.0 ** (1 - changed)
    # Every value rises by one: no spread at all, and yet no certainty.
    shifted = only(compare_captured(mean([1.0] * 8, ids=IDS[:8]), mean([2.0] * 8, ids=IDS[:8])))
    assert (shifted.difference, shifted.p, shifted.error) == (1.0, 2.0**-7, 0.0)
    assert math.isnan(shifted.low)
    far = only(compare_captured(mean(BEFORE), mean(BEFORE + 50)))
    assert 0 < far.p < 1e-12


def test_one_case_alone_has_no_interval() -> None:
    found = only(compare_captured(mean(BEFORE, ["a"] * 80), mean(AFTER, ["a"] * 80)))
    assert math.isfinite(found.difference)
    assert all(math.isnan(value) for value in (found.low, found.high, found.p, found.error))


def test_figures_of_one_run_are_listed_as_such() -> None:
    first = run(lambda e: (e.mean("g", "old", [0.2, 0.4]), e.mean("g", "kept", [0.1, 0.3])))
    second = run(lambda e: (e.mean("g", "kept", [0.1, 0.3]), e.mean("g", "new", [0.5, 0.7, 0.9])))
    old, kept, new = compare_captured(first, second)
    assert (old.name, old.found_in, old.n_first, old.n_second) == ("old", FIRST, 2, 0)
    assert (new.name, new.found_in, new.n_first, new.n_second) == ("new", SECOND, 0, 3)
    assert (old.first, new.second) == pytest.approx((0.3, 0.7))
    assert math.isnan(old.second)
    assert math.isnan(new.p)
    assert kept.found_in == "both"


def test_figures_of_the_same_name_are_matched_in_turn() -> None:
    twice = run(lambda e: (e.mean("g", "n", [0.0, 1.0]), e.mean("g", "n", [5.0, 6.0])))
    assert [d.difference for d in compare_captured(twice, twice)] == [0.0, 0.0]


def test_p_is_corrected_over_the_family_and_nothing_else() -> None:
    def figures(shift: float) -> list[Captured]:
        def fill(estimate: CapturingEstimate) -> None:
            estimate.mean("all", "moved", (BEFORE + shift * (AFTER - BEFORE)).tolist(), ids=IDS)
            for number in range(9):
                noise = np.random.default_rng(number).normal(size=80) * shift
                estimate.mean(f"g{number}", "noise", (BEFORE + noise).tolist(), ids=IDS)

        return run(fill)

    every = compare_captured(figures(0), figures(1))
    assert every[0].corrected == pytest.approx(10 * every[0].p)
    one = compare_captured(figures(0), figures(1), family=lambda c: c.name == "moved")
    assert one[0].corrected == one[0].p == every[0].p
    assert all(math.isnan(d.corrected) for d in one[1:])


def test_the_seed_decides_the_draws() -> None:
    first, again, other = (
        only(compare_captured(mean(BEFORE), mean(AFTER), seed=seed)) for seed in (1, 1, 2)
    )
    assert first == again != other


def test_an_undefined_figure_has_no_difference_and_spoils_no_other() -> None:
    def fill(estimate: CapturingEstimate) -> None:
        estimate.of("all", "F1", lambda rows: float("nan"), 80, ids=IDS)  # noqa: ARG005
        estimate.mean("all", "m", BEFORE.tolist(), ids=IDS)

    undefined, defined = compare_captured(run(fill), run(fill))
    assert math.isnan(undefined.p)
    assert defined.corrected == 1.0
