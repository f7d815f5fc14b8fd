"""Prediction-powered inference: a model judged many samples, people labelled a few of them.

The judge's mean over all is corrected by what people found it to be off by,

    estimate = l mean(judge, unlabelled) + mean(human - l judge, labelled)

and the interval holds however bad the judge is: a bad one only gains nothing (Angelopoulos, Bates,
Fannjiang, Jordan and Zrnic, Science 2023;382:669-674). How much the judge counts is chosen so that
the interval is shortest, l = cov(human, judge) / ((1 + n/N) var(judge)), within 0 to 1
(Angelopoulos, Duchi and Zrnic, "PPI++", arXiv:2311.01453, 2023). The labelled samples
must have been chosen at random: a judge that errs more on what nobody labelled is not put right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from evals.stats.captured import Floats, Units
from evals.stats.figures import LEVEL


@dataclass(frozen=True, slots=True)
class Powered:
    """A mean as people would have labelled it, from few labels and many judgements."""

    value: float
    low: float
    high: float
    weight: float
    """How much the judge counts, 0 to 1; 0 leaves the people's own mean."""
    labelled: int
    judged: int
    """Samples that only the judge saw."""
    human: float
    """The mean of the labels alone."""
    judge: float
    """The mean of the judge alone over all samples, uncorrected."""
    saved: float
    """How many times as many labels would give the same interval without a judge."""


def prediction_powered(
    human: Sequence[float],
    judge: Sequence[float],
    unlabelled: Sequence[float],
    clusters: Sequence[str] | None = None,
    unlabelled_clusters: Sequence[str] | None = None,
    weight: float | None = None,
) -> Powered:
    """The mean people would give, with its 95 % interval (Student's t).

    Args:
        human: labels [n].
        judge: what the judge said of the same samples [n].
        unlabelled: what it said of further samples [N].
        clusters: by labelled sample, the case it belongs to.
        unlabelled_clusters: the same by further sample.
        weight: of the judge; chosen by the formula above where it is None. 1 is plain
            prediction-powered inference, 0 the mean of the labels.

    Raises:
        ValueError: lengths that do not go together, fewer than 2 labels or 2 clusters, or fewer
            than 2 further samples.
    """
    y, f, rest = (np.asarray(v, np.float64) for v in (human, judge, unlabelled))
    n, many = len(y), len(rest)
    if len(f) != n:
        raise ValueError(f"There are {n} labels and {len(f)} judgements of the same samples.")
    if n < 2 or many < 2:
        raise ValueError("This takes 2 labelled samples and 2 others at least.")
    if (clusters is None) != (unlabelled_clusters is None):
        raise ValueError("Clusters are needed for both, labelled and other samples, or neither.")
    for given, count in ((clusters, n), (unlabelled_clusters, many)):
        if given is not None and len(given) != count:
            raise ValueError(f"Clusters are one for each sample: {len(given)} for {count}.")
    if weight is None:
        weight = _weight(y, f, rest)
    value = weight * float(rest.mean()) + float((y - weight * f).mean())
    if clusters is None or unlabelled_clusters is None:
        error, freedom = _independent(y - weight * f, weight * rest), n - 1
        alone = _independent(y, np.zeros(many))
    else:
        names = sorted({*clusters, *unlabelled_clusters})
        held = Units(n, clusters, names), Units(many, unlabelled_clusters, names)
        freedom = min(len(set(clusters)), len(set(unlabelled_clusters))) - 1
        if freedom < 1:
            raise ValueError("This takes samples of 2 clusters at least.")
        error = _clustered(y - weight * f, weight * rest, held)
        alone = _clustered(y, np.zeros(many), held)
    reach = float(stdtrit(freedom, (1 + LEVEL) / 2)) * error
    return Powered(
        value=value,
        low=value - reach,
        high=value + reach,
        weight=weight,
        labelled=n,
        judged=many,
        human=float(y.mean()),
        judge=float(np.concatenate([f, rest]).mean()),
        saved=(alone / error) ** 2 if error else 1.0,
    )


def _weight(y: Floats, f: Floats, rest: Floats) -> float:
    spread = float(np.concatenate([f, rest]).var(ddof=1))
    if not spread:
        return 0.0
    together = float(np.cov(y, f)[0, 1])
    return float(np.clip(together / ((1 + len(y) / len(rest)) * spread), 0, 1))


def _independent(corrected: Floats, rest: Floats) -> float:
    """The root of var(human - l judge)/n + var(l judge)/N."""
    return float(np.sqrt(corrected.var(ddof=1) / len(corrected) + rest.var(ddof=1) / len(rest)))


def _clustered(corrected: Floats, rest: Floats, units: tuple[Units, Units]) -> float:
    """The same with what belongs to one cluster summed first, over both kinds of sample."""
    pulled = units[0].sums(corrected - corrected.mean()) / len(corrected)
    pulled = pulled + units[1].sums(rest - rest.mean()) / len(rest)
    count = units[0].count
    return float(np.sqrt(count / (count - 1) * (pulled @ pulled)))
