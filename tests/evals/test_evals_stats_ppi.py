"""Prediction-powered means: closed forms, limits, and coverage where the truth is known."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats

from evals.stats.coverage import covered_by_judge
from evals.stats.ppi import prediction_powered
from evals.stats.simulated import JUDGED

RANDOM = np.random.default_rng(8)
HUMAN = (RANDOM.random(60) < 0.7).astype(float)
JUDGE = np.where(RANDOM.random(60) < 0.85, HUMAN, 1 - HUMAN)
REST = (RANDOM.random(900) < 0.65).astype(float)


def test_plain_inference_is_the_closed_form_of_the_paper() -> None:
    found = prediction_powered(HUMAN, JUDGE, REST, weight=1.0)
    value = REST.mean() + (HUMAN - JUDGE).mean()
    error = np.sqrt(REST.var(ddof=1) / 900 + (HUMAN - JUDGE).var(ddof=1) / 60)
    assert found.value == pytest.approx(value)
    assert found.high - value == pytest.approx(scipy.stats.t.ppf(0.975, 59) * error)


def test_without_the_judge_it_is_the_interval_of_the_labels() -> None:
    found = prediction_powered(HUMAN, JUDGE, REST, weight=0.0)
    theirs = scipy.stats.ttest_1samp(HUMAN, 0).confidence_interval()
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high))
    assert found.saved == pytest.approx(1.0)


def test_the_weight_chosen_gives_the_shortest_interval() -> None:
    chosen = prediction_powered(HUMAN, JUDGE, REST)
    widths = {
        weight: one.high - one.low
        for weight in np.linspace(0, 1, 101)
        for one in [prediction_powered(HUMAN, JUDGE, REST, weight=float(weight))]
    }
    assert chosen.weight == pytest.approx(min(widths, key=lambda w: widths[w]), abs=0.06)
    assert chosen.high - chosen.low <= 1.01 * min(widths.values())
    assert chosen.saved > 1.3


@pytest.mark.parametrize("judge", ["constant", "against"])
def test_a_judge_that_knows_nothing_costs_nothing(judge: str) -> None:
    said = np.ones(60) if judge == "constant" else 1 - HUMAN
    found = prediction_powered(HUMAN, said, np.ones(900) if judge == "constant" else REST)
    assert (found.weight, found.value) == (0.0, HUMAN.mean())


def test_a_judge_that_is_always_right_is_worth_nearly_all_its_judgements() -> None:
    human, rest = [1.0, 1.0, 0.0] * 20, [1.0, 1.0, 0.0] * 300
    found = prediction_powered(human, human, rest)
    assert found.weight == pytest.approx(1 / (1 + 60 / 900), rel=0.02)
    assert found.saved == pytest.approx(960 / 60, rel=0.03)


def test_clusters_of_one_give_nearly_the_interval_without_clusters() -> None:
    own = [str(n) for n in range(60)], [str(n) for n in range(60, 960)]
    alone, named = (prediction_powered(HUMAN, JUDGE, REST, *c) for c in ((None, None), own))
    assert named.high - named.low == pytest.approx(alone.high - alone.low, rel=0.02)


def test_samples_that_hang_together_widen_it() -> None:
    level = np.repeat(np.random.default_rng(1).random(12), 5)
    many = np.repeat(np.random.default_rng(1).random(12), 75)
    cases = [str(n) for n in range(12)]
    clusters = np.repeat(cases, 5).tolist(), np.repeat(cases, 75).tolist()
    alone = prediction_powered(level, level, many)
    held = prediction_powered(level, level, many, *clusters)
    assert held.value == alone.value
    assert held.high - held.low > 2 * (alone.high - alone.low)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (([1.0, 0.0], [1.0], [1.0, 0.0]), "2 labels and 1 judgements"),
        (([1.0], [1.0], [1.0, 0.0]), "2 labelled samples"),
        (([1.0, 0.0], [1.0, 0.0], []), "2 labelled samples"),
        (([1.0, 0.0], [1.0, 0.0], [1.0, 0.0], ["a", "b"]), "needed for both"),
        (([1.0, 0.0], [1.0, 0.0], [1.0, 0.0], ["a", "a"], ["a", "b"]), "2 clusters"),
        (([1.0, 0.0], [1.0, 0.0], [1.0, 0.0], ["a"], ["a", "b"]), "one for each"),
    ],
)
def test_what_cannot_be_estimated_is_refused(arguments: tuple[list[float], ...], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        prediction_powered(*arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize("design", JUDGED[1:], ids=lambda design: design.name)
def test_the_interval_covers_the_truth_though_the_judge_is_too_kind(design) -> None:  # type: ignore[no-untyped-def]
    covers, _, saved = covered_by_judge(design, times=600)
    # Nineteen of twenty, less three standard errors and what few cases cost.
    assert covers > (0.90 if design.alike else 0.92)
    assert saved > 1.1
