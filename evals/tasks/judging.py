"""How well the assessor hears: labelled answers, the `test` half, against every idea of a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from evals import metrics
from evals.answers import STATING, LabelledAnswer, read_answers
from evals.stats import Estimate, Figure, Rows
from evals.task import Context, Report, task
from ingest import LANGUAGES
from tutor.dialogue import REPAIR, Judgement, targets_of

KINDS = ("expectation", "misconception", "corrected idea")
NOTES = (
    "The answers were written to a plan by the makers of the product and labelled by two raters "
    "who are language models (maieutic eval run agreement); no clinician has labelled them, so "
    "these figures are not yet a validation.",
    "An answer labelled as touching an idea in part counts neither for nor against it.",
    "Whole cases are drawn: with twelve of them the interval says how much cases differ.",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One answer against one idea."""

    case: str
    language: str
    kind: str
    said: bool
    heard: bool
    unsure: bool
    probability: float


@task("judging", "Labelled answers: what the assessor hears, by language and kind of idea")
def judging(context: Context) -> Report:
    """Precision, recall, F1, AUC, calibration error and share unsure."""
    runtime = context.resources.runtime
    answers = [a for a in read_answers() if a.split == "test" and a.act in STATING]
    rows: list[Row] = []
    for answer in context.samples(answers, "judging"):
        targets = targets_of(runtime.cases[answer.case], answer.language)
        judged = runtime.judge.judge(answer.text, targets, answer.language)
        found = [row for j in judged if (row := _row(answer, j)) is not None]
        rows += found
        context.write(_sample(answer, judged))
    figures: list[Figure] = []
    for language in ("all", *LANGUAGES):
        for kind in KINDS:
            chosen = [r for r in rows if r.kind == kind and language in {"all", r.language}]
            figures += figures_of(context.estimate, f"{language} {kind}", chosen)
    return Report(figures, NOTES)


def figures_of(estimate: Estimate, group: str, rows: list[Row]) -> list[Figure]:
    """The figures of some rows, clustered by case."""
    said = np.asarray([r.said for r in rows], dtype=np.bool_)
    heard = np.asarray([r.heard for r in rows], dtype=np.bool_)
    chance = np.asarray([r.probability for r in rows], dtype=np.float64)
    clusters = [r.case for r in rows]

    def precision(draw: Rows) -> float:
        return metrics.precision(said[draw], heard[draw])

    def recall(draw: Rows) -> float:
        return metrics.recall(said[draw], heard[draw])

    def f1(draw: Rows) -> float:
        return metrics.f1(said[draw], heard[draw])

    def auc(draw: Rows) -> float:
        return metrics.auc(said[draw], chance[draw])

    def calibration(draw: Rows) -> float:
        return metrics.calibration_error(said[draw], chance[draw])

    named = {
        "precision": precision,
        "recall": recall,
        "F1": f1,
        "AUC": auc,
        "calibration error": calibration,
    }
    figures = [estimate.of(group, n, s, len(rows), clusters) for n, s in named.items()]
    unsure = [r.unsure for r in rows]
    return [*figures, estimate.share(group, "unsure", unsure, clusters)]


def _row(answer: LabelledAnswer, judgement: Judgement) -> Row | None:
    """None for a position, which is not labelled, and for an idea touched in part."""
    target = judgement.target
    if target.startswith("P") or target in answer.partial:
        return None
    kind = "misconception" if target.startswith("M") else "expectation"
    return Row(
        case=answer.case,
        language=answer.language,
        kind="corrected idea" if target.endswith(REPAIR) else kind,
        said=answer.label(target),
        heard=judgement.verdict in {"covered", "present"},
        unsure=judgement.verdict == "unsure",
        probability=judgement.probability,
    )


def _sample(answer: LabelledAnswer, judged: tuple[Judgement, ...]) -> dict[str, Any]:
    return {
        "id": answer.id,
        "case": answer.case,
        "language": answer.language,
        "style": answer.style,
        "text": answer.text,
        "covered": sorted(answer.covered),
        "partial": sorted(answer.partial),
        "misconceptions": sorted(answer.misconceptions),
        "repaired": sorted(answer.repaired),
        "judged": {j.target: [j.verdict, j.probability] for j in judged},
    }
