"""Exact intervals and tests, against published examples and statsmodels."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import mcnemar as their_mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from evals.stats import exact_bounds
from evals.stats.exact import mcnemar
from evals.stats.multiple import holm


@settings(deadline=None, max_examples=60, database=None, derandomize=True)
@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_bounds_of_a_share_are_those_of_statsmodels(sample: tuple[int, int]) -> None:
    theirs = proportion_confint(*sample, alpha=0.05, method="beta")
    assert exact_bounds(*sample) == pytest.approx(theirs, abs=1e-9)


def test_bounds_at_another_level() -> None:
    theirs = proportion_confint(7, 20, alpha=0.1, method="beta")
    assert exact_bounds(7, 20, level=0.9) == pytest.approx(theirs)


def test_mcnemar_of_the_published_example() -> None:
    # Airway hyper-responsiveness before and after transplantation, 21 children: 1 lost it, 7 got
    # it. Fagerland and colleagues 2013, table 1: exact p 0.070, mid-p 0.039.
    found = mcnemar(1, 7)
    assert found.p == pytest.approx(0.070, abs=5e-4)
    assert found.mid_p == pytest.approx(0.039, abs=5e-4)


@settings(deadline=None, max_examples=60, database=None, derandomize=True)
@given(st.integers(0, 300), st.integers(0, 300))
def test_mcnemar_is_that_of_statsmodels_and_mid_p_is_smaller(lost: int, won: int) -> None:
    found = mcnemar(lost, won)
    theirs = their_mcnemar([[5, lost], [won, 9]], exact=True).pvalue if lost + won else 1.0
    assert found.p == pytest.approx(theirs, rel=1e-6)
    assert 0 < found.mid_p <= found.p <= 1
    assert mcnemar(won, lost).p == found.p


def test_mid_p_is_half_of_what_was_seen_and_all_that_is_more_extreme() -> None:
    chances = [math.comb(9, count) / 2**9 for count in range(10)]
    assert mcnemar(2, 7).mid_p == pytest.approx(2 * (sum(chances[:2]) + chances[2] / 2))
    assert mcnemar(3, 3).mid_p == pytest.approx(1 - math.comb(6, 3) / 2**6 / 2)


@pytest.mark.parametrize("count", [1, 2, 30])
def test_holm_is_that_of_statsmodels(count: int) -> None:
    p = np.random.default_rng(count).beta(0.3, 3, count)
    assert holm(p.tolist()) == pytest.approx(multipletests(p, method="holm")[1].tolist())
    assert holm([]) == []


def test_holm_of_an_example_by_hand_and_with_one_undefined() -> None:
    # The smallest times 4, the next times 3, and never less than one before it.
    found = holm([0.01, float("nan"), 0.04, 0.03, 0.005])
    assert math.isnan(found[1])
    assert np.delete(found, 1) == pytest.approx([0.03, 0.06, 0.06, 0.02])
