"""Logistic heads: what scikit-learn fits, rounded, with columns that say nothing or are missing."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from evals import logistic

DRAWN = np.random.default_rng(5)
VALUES = DRAWN.normal(loc=[0.0, 40.0, -3.0], scale=[1.0, 9.0, 0.01], size=(300, 3))
LABEL = VALUES[:, 0] + (VALUES[:, 1] - 40) / 9 + DRAWN.normal(size=300) > 0.5


def test_a_head_gives_the_probabilities_of_the_model_that_was_fitted() -> None:
    head = logistic.fit(VALUES, LABEL, strength=0.3, digits=6)
    ready = (VALUES - VALUES.mean(axis=0)) / VALUES.std(axis=0)
    model = LogisticRegression(C=0.3, max_iter=5000).fit(ready, LABEL)
    assert logistic.predict(head, VALUES) == pytest.approx(
        model.predict_proba(ready)[:, 1], abs=1e-3
    )
    assert json.loads(json.dumps(head)) == head


def test_figures_have_the_decimals_that_were_asked_for() -> None:
    head = logistic.fit(VALUES, LABEL, strength=1.0, digits=2)
    figures = [*head["mean"], *head["scale"], *head["weights"], head["intercept"]]
    assert figures == [round(figure, 2) for figure in figures]


def test_a_column_that_never_changes_weighs_nothing() -> None:
    constant = np.hstack([VALUES, np.full((300, 1), 7.0)])
    head = logistic.fit(constant, LABEL, strength=1.0, digits=5)
    assert (head["scale"][3], head["weights"][3]) == (1.0, 0.0)


def test_what_could_not_be_measured_counts_as_the_mean() -> None:
    holes = VALUES.copy()
    holes[::7, 1] = math.nan
    filled = holes.copy()
    filled[::7, 1] = np.nanmean(holes[:, 1])
    head = logistic.fit(holes, LABEL, strength=1.0, digits=5)
    assert head["mean"] == pytest.approx(filled.mean(axis=0), abs=1e-5)
    assert head["scale"][1] == pytest.approx(np.nanstd(holes[:, 1]), abs=1e-5)
    # The scale is that of what was measured, so the weights are those of the filled column but
    # for its narrower spread.
    assert head["weights"][0] == pytest.approx(
        logistic.fit(filled, LABEL, strength=1.0, digits=5)["weights"][0], abs=0.05
    )


@pytest.mark.parametrize(("label", "share"), [(True, 300.5 / 301), (False, 0.5 / 301)])
def test_where_all_are_alike_the_share_is_the_probability(label: bool, share: float) -> None:
    head = logistic.fit(VALUES, np.full(300, label), strength=1.0, digits=6)
    assert head["weights"] == [0.0, 0.0, 0.0]
    assert logistic.predict(head, VALUES) == pytest.approx(np.full(300, share), abs=1e-6)
