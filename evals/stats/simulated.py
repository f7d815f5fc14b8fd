"""Simulated runs, of which the truth is known, to measure what intervals and tests promise.

Two versions answer the same yes-or-no samples of some cases. How often the first is right, and how
often the second loses or wins a sample, is drawn for each case anew from beta distributions, so
that samples of one case hang together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.stats.bootstrap import CapturingEstimate
from evals.stats.captured import Captured, Floats
from evals.stats.ppi import Powered, prediction_powered

RIGHT = 0.8
"""How often the first version is right."""


@dataclass(frozen=True, slots=True)
class Design:
    """A set of samples."""

    name: str
    cases: int
    per_case: int
    alike: float = 0.0
    """Intraclass correlation of the level, and of losing and winning; 0: independent."""
    uneven: bool = False
    """The cases have very different numbers of samples."""
    changing: float = 0.1
    """Part of the samples that the second version answers differently."""


DESIGNS = (
    Design("6 cases x 20", 6, 20, 0.1),
    Design("12 cases x 20", 12, 20, 0.1),
    Design("12 uneven cases x 20", 12, 20, 0.1, uneven=True),
    Design("36 cases x 20", 36, 20, 0.1),
    Design("60 samples", 60, 1),
    Design("300 samples", 300, 1),
    Design("300 samples, 3 % change", 300, 1, changing=0.03),
)
PLANTED = (
    Design("12 cases x 60, 20% change", 12, 60, 0.02, changing=0.2),
    Design("36 cases x 20, 20% change", 36, 20, 0.05, changing=0.2),
)


def simulated(
    design: Design, difference: float, random: np.random.Generator
) -> tuple[list[Captured], list[Captured]]:
    """One comparison; `difference` is what the second version truly gains, 0.1 for ten points."""
    sizes = np.full(design.cases, design.per_case)
    if design.uneven:
        spread = random.negative_binomial(1.5, 1.5 / (1.5 + design.per_case), design.cases)
        sizes = np.maximum(2, spread)
    lost = (design.changing - difference) / 2 / RIGHT
    won = (design.changing + difference) / 2 / (1 - RIGHT)
    cases = np.repeat(np.arange(design.cases), sizes)
    right, loses, wins = (
        random.random(len(cases)) < _by_case(mean, design, random)[cases]
        for mean in (RIGHT, lost, won)
    )
    after = np.where(right, ~loses, wins)
    clusters = [f"case {case}" for case in cases] if design.per_case > 1 else None
    ids = [str(number) for number in range(len(cases))]
    runs = []
    for hits in (right, after):
        estimate = CapturingEstimate()
        estimate.share("all", "right", hits.tolist(), clusters, ids=ids)
        runs.append(estimate.captured)
    return runs[0], runs[1]


def _by_case(mean: float, design: Design, random: np.random.Generator) -> Floats:
    if not design.alike:
        return np.full(design.cases, mean)
    many = (1 - design.alike) / design.alike
    return random.beta(mean * many, (1 - mean) * many, design.cases).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Judged:
    """Samples that a judge saw, of which people labelled some."""

    name: str
    cases: int
    labelled: int
    """By case."""
    judged: int
    """Further samples by case."""
    alike: float = 0.0


JUDGED = (
    Judged("20 labels, 1,000 judged", 20, 1, 50),
    Judged("50 labels, 1,000 judged", 50, 1, 20),
    Judged("200 labels, 1,000 judged", 200, 1, 5),
    Judged("12 cases x 10 labels, x 60 judged", 12, 10, 60, 0.1),
)


def judged(design: Judged, random: np.random.Generator) -> Powered:
    """One estimate of how often the tutor is right, by a judge that is too kind.

    It says yes to 90 % of what is right and to 35 % of what is not.
    """
    many = design.labelled + design.judged
    chance = _by_case(RIGHT, Design("", design.cases, many, design.alike), random)
    right = random.random((design.cases, many)) < chance[:, None]
    yes = random.random(right.shape) < np.where(right, 0.9, 0.35)
    cases = np.broadcast_to(np.arange(design.cases)[:, None].astype(np.str_), right.shape)

    def parts(of: NDArray[np.generic]) -> tuple[list[Any], list[Any]]:
        seen, rest = np.split(of, [design.labelled], axis=1)
        return seen.ravel().tolist(), rest.ravel().tolist()

    (human, _), (judge, rest), (known, others) = parts(right), parts(yes), parts(cases)
    clusters = (known, others) if design.alike else (None, None)
    return prediction_powered(human, judge, rest, *clusters)
