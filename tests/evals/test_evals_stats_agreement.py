"""Agreement of raters, against published examples, scikit-learn and statsmodels."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa

from evals.stats import Estimate
from evals.stats.agreement import (
    Level,
    Weights,
    alpha_of,
    cohen_kappa,
    coincidences,
    confusion,
    kappa_of,
    krippendorff_alpha,
)

CATEGORIES = ("none", "partial", "said")
GAP = None
# Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), example C: four observers,
# twelve units, seven gaps.
OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, GAP, GAP, GAP),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, GAP, 3),
    (GAP, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, GAP),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, GAP),
)
UNITS = list(zip(*OBSERVERS, strict=True))


def alpha(units: list[tuple[float | None, ...]], level: Level) -> float:
    rated = coincidences(units)
    return krippendorff_alpha(rated.tables.sum(axis=0), rated.values, level)


def pairs(count: int = 400, seed: int = 3) -> list[tuple[str, str]]:
    draw = random.Random(seed)
    return [(draw.choice(CATEGORIES), draw.choice(CATEGORIES)) for _ in range(count)]


def test_kappa_of_a_published_example() -> None:
    # The worked example of many textbooks: two readers of 50 proposals, 35 judged alike.
    assert cohen_kappa(np.asarray([[20, 5], [10, 15]])) == pytest.approx(0.4)


@pytest.mark.parametrize("weights", ["nominal", "linear", "quadratic"])
def test_kappa_is_that_of_scikit_learn(weights: Weights) -> None:
    ours = cohen_kappa(confusion(pairs(), CATEGORIES), weights)
    theirs = None if weights == "nominal" else weights
    one, two = zip(*pairs(), strict=True)
    assert ours == pytest.approx(cohen_kappa_score(one, two, weights=theirs))


def test_kappa_is_that_of_statsmodels_and_so_is_its_spread() -> None:
    agreeing = [(one, one if n % 3 else two) for n, (one, two) in enumerate(pairs())]
    table = confusion(agreeing, CATEGORIES)
    theirs = cohens_kappa(table)
    assert cohen_kappa(table) == pytest.approx(theirs.kappa)
    tables = np.stack([confusion([pair], CATEGORIES) for pair in agreeing])
    figure = Estimate(0).of("all", "kappa", kappa_of(tables), len(tables))
    width = theirs.kappa_upp - theirs.kappa_low
    assert figure.high - figure.low == pytest.approx(width, rel=0.1)


def test_kappa_is_undefined_where_nothing_varies() -> None:
    assert math.isnan(cohen_kappa(confusion([("none", "none")] * 3, CATEGORIES)))
    assert math.isnan(cohen_kappa(confusion([], CATEGORIES)))


@pytest.mark.parametrize(
    ("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_alpha_of_the_published_example(level: Level, published: float) -> None:
    assert alpha(UNITS, level) == pytest.approx(published, abs=5e-4)


def test_alpha_of_two_observers_and_two_values_by_hand() -> None:
    # Example A of the same paper: ten units, twelve of twenty values 0 less two, alpha 0.095.
    one = (0, 1, 0, 0, 0, 0, 0, 0, 1, 0)
    two = (1, 1, 1, 0, 0, 1, 0, 0, 0, 0)
    assert alpha(list(zip(one, two, strict=True)), "nominal") == pytest.approx(0.095, abs=5e-4)


def test_alpha_of_two_values_is_the_same_at_every_level() -> None:
    units = [(0.0, 1.0), (0.0, 0.0), (1.0, 1.0), (0.0, 0.0), (1.0, 0.0), (1.0, 1.0)]
    found = {round(alpha(units, level), 12) for level in ("nominal", "ordinal", "interval")}
    assert len(found) == 1


def test_alpha_is_one_for_full_agreement_and_about_none_for_chance() -> None:
    assert alpha([(1, 1, 1), (2, 2, None), (3, 3, 3)], "ordinal") == 1.0
    drawn = np.random.default_rng(0).integers(0, 4, (4000, 3)).tolist()
    assert abs(alpha(drawn, "nominal")) < 0.03
    assert alpha([(0, 1)] * 20, "nominal") < 0


def test_alpha_is_undefined_where_nothing_varies_or_nothing_was_rated_twice() -> None:
    assert math.isnan(alpha([(2, 2), (2, 2)], "nominal"))
    assert math.isnan(alpha([(1, None), (None, 2), (float("nan"), 3)], "interval"))
    assert math.isnan(alpha([], "nominal"))


def test_order_of_raters_and_of_units_does_not_matter() -> None:
    turned = [tuple(reversed(unit)) for unit in reversed(UNITS)]
    assert alpha(turned, "ordinal") == pytest.approx(alpha(UNITS, "ordinal"))


def test_the_interval_of_alpha_is_drawn_over_units() -> None:
    figure = Estimate(0).of("all", "alpha", alpha_of(coincidences(UNITS), "nominal"), len(UNITS))
    assert figure.value == pytest.approx(0.743, abs=5e-4)
    assert figure.low < figure.value < figure.high <= 1
    more = alpha_of(coincidences(UNITS * 9), "nominal")
    many = Estimate(0).of("all", "alpha", more, 9 * len(UNITS))
    assert many.high - many.low < (figure.high - figure.low) / 2
