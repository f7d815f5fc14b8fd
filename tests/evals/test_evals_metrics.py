from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from evals import metrics

TRUTH = np.array([True, True, True, False, False])
HEARD = np.array([True, True, False, True, False])


def test_precision_recall_and_f1_of_a_worked_example() -> None:
    assert metrics.precision(TRUTH, HEARD) == pytest.approx(2 / 3)
    assert metrics.recall(TRUTH, HEARD) == pytest.approx(2 / 3)
    assert metrics.f1(TRUTH, HEARD) == pytest.approx(2 * 2 / (3 + 3))


def test_what_is_not_defined_is_nan() -> None:
    nothing = np.zeros(3, dtype=np.bool_)
    for figure in (metrics.precision, metrics.recall, metrics.f1):
        assert math.isnan(figure(nothing, nothing))
    assert math.isnan(metrics.auc(nothing, np.zeros(3)))
    assert math.isnan(metrics.calibration_error(np.zeros(0, np.bool_), np.zeros(0)))


def test_auc_counts_ties_half() -> None:
    # Of the 2 x 2 pairs: .9 > .5, .9 > .1, .5 = .5, .5 > .1, so 3.5 of 4.
    truth = np.array([True, True, False, False])
    assert metrics.auc(truth, np.array([0.9, 0.5, 0.5, 0.1])) == pytest.approx(3.5 / 4)


def test_auc_agrees_with_scikit_learn() -> None:
    draw = np.random.default_rng(3)
    truth = draw.random(300) < 0.2
    probability = np.round(draw.random(300) * 0.6 + 0.3 * truth, 2)
    assert metrics.auc(truth, probability) == pytest.approx(roc_auc_score(truth, probability))


def test_calibration_error_of_a_worked_example() -> None:
    # Bin .9: two, both said, mean .95: gap .05. Bin .2: two, one said, mean .25: gap .25.
    truth = np.array([True, True, True, False])
    probability = np.array([0.92, 0.98, 0.22, 0.28])
    assert metrics.calibration_error(truth, probability) == pytest.approx(0.5 * 0.05 + 0.5 * 0.25)
    assert metrics.calibration_error(np.array([True]), np.array([1.0])) == 0.0
