"""The head of the speech acts: one hidden layer, read from JSON without unpickling.

Fitted by `python -m evals.fit_acts`, which writes the data's hash, the thresholds and how they were
chosen beside the weights.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutor.assess.act_features import HEARD, columns
from tutor.assess.head import HeadMismatch

Values = NDArray[np.float64]


@dataclass(frozen=True)
class ActHead:
    """P(act) = s(a * (relu((x - mean) / scale @ w1 + b1) @ w2 + b2) + c), s the logistic function.

    `a` and `c` make the figures honest (Platt, 1999): fitted on messages that the layers had not
    seen. An act is heard from its threshold on.
    """

    mean: Values
    scale: Values
    w1: Values
    b1: Values
    w2: Values
    b2: Values
    a: Values
    c: Values
    thresholds: Values

    def __call__(self, rows: Values) -> Values:
        """Probabilities [n, acts] of rows [n, columns]."""
        hidden = np.maximum((rows - self.mean) / self.scale @ self.w1 + self.b1, 0.0)
        logit = self.a * (hidden @ self.w2 + self.b2) + self.c
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logit, -30, 30))))


def packed(values: Values) -> str:
    """Weights as text: half-precision floats, little-endian, base64."""
    return base64.b64encode(values.astype("<f2").tobytes()).decode("ascii")


def _unpacked(text: str, *shape: int) -> Values:
    return np.frombuffer(base64.b64decode(text), "<f2").astype(np.float64).reshape(shape)


def load_act_head(dim: int, raw: Mapping[str, Any] | None = None) -> ActHead:
    """The head for vectors of `dim` values, from the package or from parsed JSON.

    Raises:
        HeadMismatch: it was fitted on other columns or acts than this version computes.
    """
    data = raw or json.loads((resources.files(__package__) / "acts.json").read_text("utf-8"))
    wanted = columns(dim)
    if data["columns"] != wanted or tuple(data["acts"]) != HEARD:
        raise HeadMismatch(
            "The head of the speech acts was fitted on other features than this version computes. "
            "Fit it again: python -m evals.fit_acts."
        )
    n, k = len(wanted), len(HEARD)
    hidden = int(data["hidden"])
    w = data["weights"]
    try:
        return ActHead(
            mean=_unpacked(w["mean"], n),
            scale=_unpacked(w["scale"], n),
            w1=_unpacked(w["w1"], n, hidden),
            b1=_unpacked(w["b1"], hidden),
            w2=_unpacked(w["w2"], hidden, k),
            b2=_unpacked(w["b2"], k),
            a=np.asarray(data["calibration"]["a"], np.float64),
            c=np.asarray(data["calibration"]["c"], np.float64),
            thresholds=np.asarray([data["thresholds"][act] for act in HEARD], np.float64),
        )
    except (KeyError, ValueError) as error:
        raise HeadMismatch(
            f"The head of the speech acts is damaged ({error}). Fit it again: "
            "python -m evals.fit_acts."
        ) from error
