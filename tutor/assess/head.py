"""A logistic head: features to a probability. A few kilobytes of JSON, read without unpickling.

Fitted by `python -m evals.fit_judge`, which also writes the data's hash and the head's calibration.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest import Language

FAMILY: Mapping[Language, str] = {"en": "en", "zh-Hant": "zh", "zh-Hans": "zh"}
"""Languages that share a head; the Chinese scripts are folded into one before encoding."""


TRAINED = Path("judge") / "heads.json"
"""In the home of an installation: the heads that it has trained on its own answers too."""
PARTS = ("said", "wrong", "repair", "touched")
"""The logistic functions of a head."""
REMEDY = (
    "Fit it again: python -m evals.fit_judge for the shipped heads, maieutic judge train for those "
    "of this installation."
)


class HeadMismatch(ValueError):
    """The head was fitted on other features than the code computes."""

    remedy = "Run maieutic judge train again, or maieutic judge train --forget."


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
    repair: Logistic
    """The same for a corrected idea, which shares its words with the misconception."""
    touched: Logistic
    """Probability that at least a part of it was."""


def heads_of(home: Path) -> Mapping[str, Head]:
    """The heads that this installation has trained, where it has; else the shipped ones.

    Raises:
        HeadMismatch: its file cannot be used.
    """
    path = home / TRAINED
    if not path.is_file():
        return load_heads()
    try:
        return load_heads(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, HeadMismatch):
            raise
        raise HeadMismatch(
            f"The judging heads in {path} cannot be read. Train them again with maieutic judge "
            "train, or go back to the shipped ones with maieutic judge train --forget."
        ) from error


def load_heads(raw: Mapping[str, Any] | None = None) -> Mapping[str, Head]:
    """The heads by family of languages, from the package or from parsed JSON.

    Raises:
        HeadMismatch: a head has not one weight a column in each of its parts.
    """
    if raw is None:
        raw = json.loads((resources.files(__package__) / "heads.json").read_text("utf-8"))
    heads = {}
    for family, entry in raw["heads"].items():
        columns = tuple(entry["columns"])
        parts = {name: _logistic(entry[name]) for name in PARTS if name in entry}
        for name in PARTS:
            if name not in parts or len(parts[name].weights) != len(columns):
                found = len(parts[name].weights) if name in parts else 0
                raise HeadMismatch(
                    f"The judging head for {family} has {found} weights for {len(columns)} columns "
                    f"in its part “{name}”. {REMEDY}"
                )
        heads[family] = Head(tuple(entry["encoders"]), columns, **parts)
    return heads


def _logistic(entry: Mapping[str, Any]) -> Logistic:
    return Logistic(
        np.asarray(entry["mean"], dtype=np.float64),
        np.asarray(entry["scale"], dtype=np.float64),
        np.asarray(entry["weights"], dtype=np.float64),
        float(entry["intercept"]),
    )
