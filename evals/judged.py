"""Figures of judgements: one row for an answer against an idea, whoever judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from evals import metrics
from evals.stats import Estimate, Figure, Rows

REVERSED = "reversed"
"""The style of an answer that says the contrary of an idea."""
KINDS = ("expectation", "misconception", "corrected idea")


@dataclass(frozen=True, slots=True)
class Row:
    """One answer against one idea."""

    case: str
    language: str
    answer: str
    kind: str
    style: str
    said: bool
    heard: bool
    unsure: bool
    probability: float


def figures_of(estimate: Estimate, group: str, rows: list[Row]) -> list[Figure]:
    """The figures of some rows of one kind, clustered by case."""
    said = np.asarray([r.said for r in rows], dtype=np.bool_)
    heard = np.asarray([r.heard for r in rows], dtype=np.bool_)
    sure = ~np.asarray([r.unsure for r in rows], dtype=np.bool_)
    chance = np.asarray([r.probability for r in rows], dtype=np.float64)
    clusters = [r.case for r in rows]
    ids = [r.answer for r in rows]

    def where_sure(draw: Rows) -> float:
        kept = draw[sure[draw]]
        return metrics.f1(said[kept], heard[kept])

    named = {
        "precision": lambda draw: metrics.precision(said[draw], heard[draw]),
        "recall": lambda draw: metrics.recall(said[draw], heard[draw]),
        "F1": lambda draw: metrics.f1(said[draw], heard[draw]),
        "F1 where sure": where_sure,
        "AUC": lambda draw: metrics.auc(said[draw], chance[draw]),
        "calibration error": lambda draw: metrics.calibration_error(said[draw], chance[draw]),
    }
    figures = [estimate.of(group, n, s, len(rows), clusters, ids=ids) for n, s in named.items()]
    certain = [r for r in rows if not r.unsure]
    figures += [
        estimate.share(group, "unsure", [r.unsure for r in rows], clusters, ids=ids),
        estimate.share(
            group,
            "right where sure",
            [r.said == r.heard for r in certain],
            [r.case for r in certain],
            ids=[r.answer for r in certain],
        ),
    ]
    return [*figures, *_reversed(estimate, group, rows)]


def _reversed(estimate: Estimate, group: str, rows: list[Row]) -> list[Figure]:
    """How often the contrary of an idea is taken for one, by pair and by answer."""
    contrary = [r for r in rows if r.style == REVERSED and not r.said]
    if not contrary or contrary[0].kind != "expectation":
        return []
    credited: Mapping[str, bool] = {
        answer: any(r.heard for r in contrary if r.answer == answer)
        for answer in sorted({r.answer for r in contrary})
    }
    cases = {r.answer: r.case for r in contrary}
    return [
        estimate.share(
            group,
            "reversed, credited",
            [r.heard for r in contrary],
            [r.case for r in contrary],
            ids=[r.answer for r in contrary],
        ),
        estimate.share(
            group,
            "reversed answers with a credit",
            list(credited.values()),
            [cases[answer] for answer in credited],
            ids=list(credited),
        ),
    ]
