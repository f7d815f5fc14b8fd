"""A logistic head: features to a probability. A few kilobytes of JSON, read without unpickling.

Fitted by `python -m evals.fit_judge`, which also writes the data's hash and the head's calibration.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest import Language

FAMILY: Mapping[Language, str] = {"en": "en", "zh-Hant": "zh", "zh-Hans": "zh"}
"""Languages that share a head; the Chinese scripts are folded into one before encoding."""


class HeadMismatch(ValueError):
    """The head was fitted on other features than the code computes."""


@dataclass(frozen=True)
class Logistic:
    """P(y = 1 | x) = 1 / (1 + exp(-(w · (x - mean) / scale + b)))."""

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    weights: NDArray[np.float64]
    intercept: float

    def __call__(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Probabilities [n] of rows [n, features]."""
        logit = ((values - self.mean) / self.scale) @ self.weights + self.intercept
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logit, -30, 30))))


@dataclass(frozen=True)
class Head:
    """What judges one family of languages."""

    encoders: tuple[str, ...]
    columns: tuple[str, ...]
    said: Logistic
    """Probability that the whole idea was said."""
    wrong: Logistic
    """The same for a misconception: rarer and told by other signs, so with weights of its own."""
    touched: Logistic
    """Probability that at least a part of it was."""


def load_heads(raw: Mapping[str, Any] | None = None) -> Mapping[str, Head]:
    """The heads by family of languages, from the package or from parsed JSON.

    Raises:
        HeadMismatch: a head has not one weight a column.
    """
    data = raw or json.loads((resources.files(__package__) / "heads.json").read_text("utf-8"))
    heads = {}
    for family, entry in data["heads"].items():
        columns = tuple(entry["columns"])
        said, wrong, touched = (_logistic(entry[name]) for name in ("said", "wrong", "touched"))
        for part in (said, wrong, touched):
            if len(part.weights) != len(columns):
                raise HeadMismatch(
                    f"The judging head for {family} has {len(part.weights)} weights for "
                    f"{len(columns)} columns. Fit it again: python -m evals.fit_judge."
                )
        heads[family] = Head(tuple(entry["encoders"]), columns, said, wrong, touched)
    return heads


def _logistic(entry: Mapping[str, Any]) -> Logistic:
    return Logistic(
        np.asarray(entry["mean"], dtype=np.float64),
        np.asarray(entry["scale"], dtype=np.float64),
        np.asarray(entry["weights"], dtype=np.float64),
        float(entry["intercept"]),
    )
