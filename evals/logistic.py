"""Logistic heads as their files hold them: columns standardised, weights fitted, figures rounded.

The judge's parts, the gate of ask and the search's "nothing relevant" are each fitted here; what
reads them in the service needs no scikit-learn.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
ROUNDS = 5000
"""Steps the solver may take: none of ours needs a tenth of it."""


def fit(values: Floats, label: Bools, *, strength: float, digits: int) -> dict[str, Any]:
    """P(label | x) = 1 / (1 + exp(-(w · (x - mean) / scale + b))), fitted with an L2 penalty on w.

    Args:
        values: [n, columns]; NaN, which could not be measured, counts as the column's mean.
        label: [n]. Where all are alike there is nothing to weigh: their share alone, drawn a
            little to the middle, is the probability.
        strength: inverse of the penalty, scikit-learn's `C`.
        digits: decimals that are kept.

    Returns:
        `mean`, `scale` and `weights` by column, and `intercept`: plain figures, ready for JSON.
    """
    mean, scale = np.nanmean(values, axis=0), np.nanstd(values, axis=0)
    scale[scale < 1e-9] = 1.0
    rate = (float(label.sum()) + 0.5) / (len(label) + 1)
    weights, intercept = np.zeros(values.shape[1]), math.log(rate / (1 - rate))
    if 0 < label.sum() < len(label):
        ready = np.nan_to_num((values - mean) / scale)
        model = LogisticRegression(C=strength, max_iter=ROUNDS).fit(ready, label)
        weights, intercept = model.coef_[0], float(model.intercept_[0])
    return {
        "mean": _rounded(mean, digits),
        "scale": _rounded(scale, digits),
        "weights": _rounded(weights, digits),
        "intercept": round(intercept, digits),
    }


def predict(head: Mapping[str, Any], values: Floats) -> Floats:
    """The probabilities [n] that a head gives rows [n, columns] without NaN."""
    z = (values - np.asarray(head["mean"])) / np.asarray(head["scale"])
    return np.asarray(1.0 / (1.0 + np.exp(-(z @ np.asarray(head["weights"]) + head["intercept"]))))


def _rounded(values: Floats, digits: int) -> list[float]:
    return [round(float(value), digits) for value in values]
