"""Why the embedded judge says what it says: what each feature adds to the logit of a head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tutor.assess.head import Logistic


@dataclass(frozen=True, slots=True)
class Reason:
    """One feature of the head."""

    feature: str
    value: float
    usual: float
    """Its mean over the answers that the head was fitted on."""
    weight: float
    """Logits for one standard deviation more."""
    adds: float
    """Logits that it adds here: weight x (value - usual) / standard deviation."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A judgement taken apart: the logit is `intercept` plus what the reasons add."""

    target: str
    piece: str
    """The part of the message that fits the idea best, which the features are of."""
    probability: float
    unsure_from: float
    heard_from: float
    """Probabilities from which on the verdict is unsure, and heard."""
    intercept: float
    reasons: tuple[Reason, ...]
    """Those that add most, up or down, first."""


def explained(
    part: Logistic, columns: Sequence[str], values: NDArray[np.float64]
) -> tuple[Reason, ...]:
    """The reasons of one row of features.

    Args:
        part: of the head.
        columns: names of the features.
        values: of one target: [features].
    """
    adds = part.weights * (values - part.mean) / part.scale
    return tuple(
        Reason(
            columns[n],
            float(values[n]),
            float(part.mean[n]),
            float(part.weights[n]),
            float(adds[n]),
        )
        for n in np.argsort(-np.abs(adds))
    )
