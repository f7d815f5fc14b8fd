"""How well the assessor hears: labelled answers, the `test` half, against every idea of a case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from evals import corrections
from evals.answers import STATING, read_answers
from evals.corrections import Correction, says
from evals.judge_rows import judged_alone
from evals.judged import KINDS, Row, figures_of
from evals.metrics import reliability
from evals.stats import Estimate, Figure
from evals.task import Context, Picture, Record, Report, Sample, Task
from ingest import LANGUAGES
from tutor.dialogue import REPAIR, takes_correction

NOTES = (
    "The answers were written to a plan by the makers of the product and labelled by two raters "
    "who are language models (maieutic eval run agreement); no clinician has labelled them, so "
    "these figures are not yet a validation.",
    "An answer labelled as touching an idea in part counts neither for nor against it.",
    "What only echoes the case is set aside first, as in a session, and counts as not heard.",
    "The cases themselves were in the fit of the heads, their `test` answers were not; "
    "python -m evals.fit_judge has the figures of a case that was left out.",
    "Whole cases are drawn: with twelve of them the interval says how much cases differ.",
)
HEARD = frozenset({"covered", "present"})


def samples(context: Context) -> list[Sample]:
    """The `test` answers that state something."""
    del context
    return [
        Sample(
            a.id,
            {
                "language": a.language,
                "style": a.style,
                "text": a.text,
                "covered": sorted(a.covered),
                "partial": sorted(a.partial),
                "misconceptions": sorted(a.misconceptions),
                "repaired": sorted(a.repaired),
            },
            a.case,
        )
        for a in read_answers()
        if a.split == "test" and a.act in STATING
    ]


def solve(context: Context, sample: Sample) -> dict[str, Any]:
    """By idea: verdict, probability, and the words that earned it."""
    runtime, language = context.resources.runtime, sample.input["language"]
    case = runtime.cases[sample.cluster]
    judged = judged_alone(runtime, case, language, sample.input["text"])
    return {
        "acts": list(runtime.judge.acts(sample.input["text"], language)),
        "judged": {j.target: [j.verdict, round(j.probability, 6), j.span] for j in judged},
    }


def report(records: Sequence[Record], estimate: Estimate) -> Report:
    """Precision, recall, F1, AUC, calibration, share unsure, and reversed answers credited."""
    rows = [row for record in records for row in rows_of(record)]
    figures: list[Figure] = []
    pictures: list[Picture] = []
    for language in ("all", *LANGUAGES):
        for kind in KINDS:
            chosen = [r for r in rows if r.kind == kind and language in {"all", r.language}]
            if not chosen:
                continue
            figures += figures_of(estimate, f"{language} {kind}", chosen)
            said = np.asarray([r.said for r in chosen], dtype=np.bool_)
            chance = np.asarray([r.probability for r in chosen], dtype=np.float64)
            pictures.append(Picture("reliability", f"{language} {kind}", reliability(said, chance)))
            if kind == "corrected idea":
                asked = [
                    c
                    for record in records
                    if language in {"all", record["language"]}
                    for c in corrections_of(record)
                ]
                figures += corrections.figures_of(estimate, f"{language} {kind}", asked)
    return Report(figures, NOTES, tuple(pictures))


def failures(record: Record) -> list[str]:
    """Ideas that were missed, and ideas that were heard without having been said."""
    found = []
    for row, target in zip(rows_of(record), _judged_of(record), strict=True):
        if row.said and not row.heard:
            found.append(f"{target} was said and {'doubted' if row.unsure else 'not heard'}")
        elif row.heard and not row.said:
            found.append(f"{target} was heard and not said")
    return found


def rows_of(record: Record) -> list[Row]:
    """One row an idea; none for a position, which is not labelled, and what is said in part."""
    rows = []
    for target, (verdict, probability, _) in _judged_of(record).items():
        base, corrected = target.removesuffix(REPAIR), target.endswith(REPAIR)
        kind = "misconception" if target.startswith("M") else "expectation"
        said = (
            base in record["repaired"]
            if corrected
            else (target in record["covered"] or target in record["misconceptions"])
        )
        rows.append(
            Row(
                case=record.sample.cluster,
                language=record["language"],
                answer=record.id,
                kind="corrected idea" if corrected else kind,
                style=record["style"],
                said=said,
                heard=verdict in HEARD,
                unsure=verdict == "unsure",
                probability=probability,
            )
        )
    return rows


def corrections_of(record: Record) -> list[Correction]:
    """One row a misconception of the case, as if it had just been corrected."""
    found = []
    for target, (_, right, _) in _judged_of(record).items():
        base = target.removesuffix(REPAIR)
        kind = says(base in record["repaired"], base in record["misconceptions"])
        if base != target and kind is not None:
            taken = takes_correction(right, record["judged"][base][1], record["acts"])
            found.append(Correction(record.sample.cluster, record.id, kind, taken))
    return found


def _judged_of(record: Record) -> dict[str, tuple[str, float, str | None]]:
    """What is labelled, of what was judged."""
    return {
        target: tuple(found)
        for target, found in record["judged"].items()
        if not target.startswith("P") and target not in record["partial"]
    }


TASK = Task(
    name="judging",
    description="Labelled answers: what the assessor hears, by language and kind of idea",
    samples=samples,
    solve=solve,
    report=report,
    failures=failures,
    fast=240,
)
