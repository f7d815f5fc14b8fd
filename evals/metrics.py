"""Figures of a binary judgement: what was said, what was heard, and how probable it was called."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
NAN = float("nan")


def precision(truth: Bools, heard: Bools) -> float:
    """Share of what was heard that was said; NaN where nothing was heard."""
    return float(truth[heard].mean()) if heard.any() else NAN


def recall(truth: Bools, heard: Bools) -> float:
    """Share of what was said that was heard; NaN where nothing was said."""
    return float(heard[truth].mean()) if truth.any() else NAN


def f1(truth: Bools, heard: Bools) -> float:
    """Harmonic mean of the two: 2 TP / (2 TP + FP + FN); NaN where nothing was said or heard."""
    both = int(np.sum(truth & heard))
    total = int(truth.sum() + heard.sum())
    return 2 * both / total if total else NAN


def auc(truth: Bools, probability: Floats) -> float:
    """Chance that something said gets a higher probability than something not said; ties half.

    The Mann-Whitney statistic (Hanley and McNeil 1982): (R - p (p + 1) / 2) / (p q), with R the
    sum of the ranks of the p that were said, among p + q. NaN where one of the two is missing.
    """
    p = int(truth.sum())
    q = len(truth) - p
    if not p or not q:
        return NAN
    _, inverse, counts = np.unique(probability, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks = (last - (counts - 1) / 2)[inverse]
    return float((ranks[truth].sum() - p * (p + 1) / 2) / (p * q))


def calibration_error(truth: Bools, probability: Floats, bins: int = 10) -> float:
    """Expected calibration error: sum over equal bins of share of bin * |share said - mean p|.

    Guo et al., "On calibration of modern neural networks" (2017). NaN without samples.
    """
    if not len(truth):
        return NAN
    held = reliability(truth, probability, bins)
    return sum(n * abs(share - mean) for mean, share, n in held) / len(truth)


def reliability(
    truth: Bools, probability: Floats, bins: int = 10
) -> list[tuple[float, float, int]]:
    """By bin of equal width that is not empty: mean probability, share that is true, and n."""
    index = np.minimum((probability * bins).astype(int), bins - 1)
    return [
        (float(probability[held].mean()), float(truth[held].mean()), int(held.sum()))
        for number in range(bins)
        if (held := index == number).any()
    ]
