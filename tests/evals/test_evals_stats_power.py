"""What a set can find: against statsmodels, and by planting losses of the size promised."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import binom
from statsmodels.stats.power import TTestPower

from evals.stats import CapturingEstimate
from evals.stats.captured import Captured
from evals.stats.coverage import coverage, found, spread
from evals.stats.paired import Difference, compare_captured
from evals.stats.power import (
    design_effect,
    power_of,
    power_of_run,
    power_of_share,
    samples_for,
    samples_for_share,
)
from evals.stats.simulated import DESIGNS, PLANTED, Design, simulated

TIMES, ROUNDS = 400, 200


def bounds(share: float, chance: float = 0.001) -> tuple[float, float]:
    """Where a simulation of a true share comes out, but for one in a thousand."""
    low, high = binom.interval(1 - chance, TIMES, share)
    return low / TIMES, high / TIMES


def shares(hits: list[bool], clusters: list[str] | None = None) -> Captured:
    estimate = CapturingEstimate()
    estimate.share("all", "s", hits, clusters)
    return estimate.captured[0]


def test_connors_formula_by_hand_and_back() -> None:
    # (1.95996 sqrt(.1) + 0.84162 sqrt(.1 - .0009))^2 / .0009 = 869.74
    assert samples_for_share(0.03, 0.1) == 870
    assert power_of_share(870, 0.1).difference == pytest.approx(0.03, abs=2e-5)
    assert samples_for_share(-0.03, 0.1, design_effect=2.5) == 2175
    assert power_of_share(2175, 0.1, design_effect=2.5).difference == pytest.approx(0.03, abs=2e-5)


@pytest.mark.parametrize("units", [12, 40, 400])
def test_the_smallest_difference_is_that_of_a_paired_t_test(units: int) -> None:
    seen = Difference(
        "g", "n", "", 0.5, 0.5, units, units, units=units, changed=units, error=1 / units**0.5
    )
    exact = TTestPower().solve_power(nobs=units, alpha=0.05, power=0.8)
    assert power_of(seen).difference == pytest.approx(exact, rel=0.02)


def test_a_sentence_says_what_can_be_found() -> None:
    seen = Difference("g", "n", "share", 0.5, 0.5, 240, 240, units=12, changed=12, error=0.01)
    assert power_of(seen).sentence() == (
        "This set (n = 240, 12 cases) can detect a difference of 3.1 points "
        "(80 % power, two-sided 5 %)."
    )
    planned = power_of_share(1000).sentence()
    assert "n = 1,000)" in planned
    assert "2.8 points if 10 % of the samples change" in planned
    assert "cannot tell" in power_of_share(4).sentence()
    assert (
        "1.23 ms"
        in power_of(
            Difference("g", "n", "ms", 5, 5, 10**5, 10**5, units=10**5, changed=10**5, error=0.4391)
        ).sentence()
    )


def test_runs_that_hardly_differ_tell_nothing_of_power() -> None:
    before = [shares([True] * 200 + [False] * 40)]
    for lost, told in ((1, False), (9, False), (10, True)):
        after = [shares([False] * lost + [True] * (200 - lost) + [False] * 40)]
        seen = compare_captured(before, after)[0]
        assert seen.changed == lost
        assert math.isfinite(power_of(seen).difference) == told


def test_two_identical_runs_tell_nothing_of_power() -> None:
    held = [shares([True, False] * 20)]
    same = compare_captured(held, held)[0]
    assert math.isnan(power_of(same).difference)
    with pytest.raises(ValueError, match="enough changed"):
        samples_for(0.03, same)


def test_the_samples_needed_are_those_at_which_the_smallest_difference_is_asked_for() -> None:
    first, second = simulated(Design("", 400, 1), 0.0, np.random.default_rng(0))
    seen = compare_captured(first, second)[0]
    smallest = power_of(seen).difference
    assert samples_for(smallest, seen) == pytest.approx(400, abs=1)
    assert samples_for(-smallest / 2, seen) == pytest.approx(1600, abs=1)


def test_the_design_effect_is_that_of_kish() -> None:
    # All samples of a case alike: as many cases count, whatever the samples.
    hits = [True, True, False, True, False, True, True, False]
    cases = [f"c{n}" for n in range(8) for _ in range(10)]
    together = shares([hit for hit in hits for _ in range(10)], cases)
    assert design_effect(together) == pytest.approx(10 * 8 / 7)
    random = np.random.default_rng(0)
    apart = shares((random.random(6000) < 0.5).tolist(), [f"c{n % 200}" for n in range(6000)])
    assert design_effect(apart) == pytest.approx(1, abs=0.3)
    assert design_effect(shares([True] * 9)) == 1.0


def test_a_run_alone_says_what_its_set_can_find() -> None:
    cases = [f"c{n % 12}" for n in range(1200)]
    planned = power_of_run(shares([n % 5 > 0 for n in range(1200)], cases))
    assert planned is not None
    assert (planned.n, planned.units) == (1200, 12)
    # 12 cases, 11 degrees of freedom: wider than for as many independent samples.
    assert planned.difference > power_of_share(1200).difference
    assert power_of_run(shares([True, False, True], ["a"] * 3)).sentence().endswith("apart.")  # type: ignore[union-attr]
    estimate = CapturingEstimate()
    estimate.mean("all", "words", [3.0, 4.0], unit="words")
    assert power_of_run(estimate.captured[0]) is None


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: samples_for_share(0.2, 0.1), "at most the part"),
        (lambda: samples_for_share(0.0, 0.1), "above 0"),
        (lambda: power_of_share(0), "takes samples"),
        (lambda: power_of_share(10, 0.0), "discordance"),
    ],
)
def test_what_makes_no_sense_is_refused(call, says: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=says):
        call()


def test_a_loss_of_three_points_is_found_at_the_promised_size() -> None:
    n = samples_for_share(0.03, 0.1)
    low, high = bounds(0.8)
    assert low <= found(Design("", n, 1, changing=0.1), -0.03, TIMES, ROUNDS) <= high


def test_a_loss_is_found_in_samples_that_hang_together() -> None:
    design = PLANTED[0]
    n = design.cases * design.per_case
    planned = power_of_share(n, design.changing, spread(design), units=design.cases)
    low, high = bounds(0.8)
    assert low <= found(design, -planned.difference, TIMES, ROUNDS) <= high


@pytest.mark.parametrize("design", [DESIGNS[1], DESIGNS[5]], ids=lambda design: design.name)
def test_intervals_cover_and_alarms_are_as_rare_as_they_say(design: Design) -> None:
    measured = coverage(design, TIMES, ROUNDS)
    assert measured.t >= bounds(0.95)[0] - 0.01
    assert measured.false <= bounds(0.05)[1] + 0.005
    # The reason for not taking percentiles.
    assert measured.t >= measured.percentile
