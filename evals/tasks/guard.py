"""The guard of generated turns, on turns that were labelled before its rules were looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from evals.stats import Estimate, Figure
from evals.task import Context, Report, task
from evals.turns import Fault, LabelledTurn, load_turns
from ingest import LANGUAGES
from tutor.llm import Guard, Leaks

NOTES = (
    "The turns were written, and labelled, by the makers of the tutor: 191, of four cases. `dev` "
    "may shape the rules; `test` may not.",
    "A turn that is refused without need costs a plainer sentence; one that is let through is seen "
    "by a learner. So recall comes before precision.",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A turn, and what the guard made of it."""

    turn: LabelledTurn
    reasons: tuple[str, ...]


@task("guard", "The guard of generated turns: precision, recall by fault, harmless turns refused")
def guard(context: Context) -> Report:
    """Per split: what is refused, rightly and wrongly."""
    runtime = context.resources.runtime
    listening = Guard(Leaks(runtime.judge, runtime.encoders))
    rows: list[Row] = []
    for labelled in context.samples(load_turns(), "reading turns"):
        moment, evidence = labelled.at(runtime.cases[labelled.case])
        row = Row(labelled, listening(labelled.text, evidence, moment))
        rows.append(row)
        context.write({"turn": labelled.model_dump(), "reasons": row.reasons})
    figures: list[Figure] = []
    for split in ("test", "dev"):
        figures += figures_of(context.estimate, split, [r for r in rows if r.turn.split == split])
    return Report(figures, NOTES)


def figures_of(estimate: Estimate, split: str, rows: Sequence[Row]) -> list[Figure]:
    """Precision and recall over all, recall by fault, and false refusals by language."""
    faulty = [r for r in rows if r.turn.faults]
    good = [r for r in rows if not r.turn.faults]
    refused = [r for r in rows if r.reasons]
    found = [
        estimate.share(split, "precision", [bool(r.turn.faults) for r in refused]),
        estimate.share(split, "recall", [bool(r.reasons) for r in faulty]),
        estimate.share(split, "harmless turns refused", [bool(r.reasons) for r in good]),
    ]
    for fault in get_args(Fault):
        held = [bool(r.reasons) for r in faulty if fault in r.turn.faults]
        found.append(estimate.share(split, f"recall: {fault}", held))
    for language in LANGUAGES:
        theirs = [r for r in rows if r.turn.language == language]
        bad = [bool(r.reasons) for r in theirs if r.turn.faults]
        fine = [bool(r.reasons) for r in theirs if not r.turn.faults]
        found.append(estimate.share(split, f"recall: {language}", bad))
        found.append(estimate.share(split, f"harmless turns refused: {language}", fine))
    return found
