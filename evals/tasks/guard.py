"""The guard of generated turns, on turns that were labelled before its rules were looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from evals.stats import Estimate, Figure
from evals.task import Context, Record, Report, Sample, Task
from evals.turns import Fault, LabelledTurn, load_turns
from ingest import LANGUAGES
from tutor.llm import Guard, Leaks

NOTES = (
    "The turns were written, and labelled, by the makers of the tutor: 191, of four cases. `dev` "
    "may shape the rules; `test` may not.",
    "A turn that is refused without need costs a plainer sentence; one that is let through is seen "
    "by a learner. So recall comes before precision.",
)


def samples(context: Context) -> list[Sample]:
    """The labelled turns of both splits."""
    del context
    return [Sample(turn.id, turn.model_dump(mode="json")) for turn in load_turns()]


def solve(context: Context, sample: Sample) -> dict[str, Any]:
    """The reasons to refuse the turn; none where it may be shown."""
    runtime, memo = context.resources.runtime, context.resources.memo
    if "guard" not in memo:
        memo["guard"] = Guard(Leaks(runtime.judge, runtime.encoders))
    turn = LabelledTurn.model_validate(sample.input)
    moment, evidence = turn.at(runtime.cases[turn.case])
    return {"reasons": list(memo["guard"](turn.text, evidence, moment))}


def report(records: Sequence[Record], estimate: Estimate) -> Report:
    """Per split: what is refused, rightly and wrongly."""
    figures: list[Figure] = []
    for split in ("test", "dev"):
        figures += _figures(estimate, split, [r for r in records if r["split"] == split])
    return Report([f for f in figures if f.n], NOTES)


def _figures(estimate: Estimate, split: str, records: Sequence[Record]) -> list[Figure]:
    """Precision and recall over all, recall by fault, and false refusals by language."""

    def share(name: str, held: Sequence[Record], key: str = "reasons") -> Figure:
        """Of some records, those with reasons to refuse them, or with faults."""
        return estimate.share(split, name, [bool(r[key]) for r in held], ids=[r.id for r in held])

    faulty = [r for r in records if r["faults"]]
    good = [r for r in records if not r["faults"]]
    found = [
        share("precision", [r for r in records if r["reasons"]], "faults"),
        share("recall", faulty),
        share("harmless turns refused", good),
    ]
    for fault in get_args(Fault):
        found.append(share(f"recall: {fault}", [r for r in faulty if fault in r["faults"]]))
    for language in LANGUAGES:
        bad = [r for r in faulty if r["language"] == language]
        fine = [r for r in good if r["language"] == language]
        found.append(share(f"recall: {language}", bad))
        found.append(share(f"harmless turns refused: {language}", fine))
    return found


def failures(record: Record) -> list[str]:
    """A faulty turn that was let through, a harmless one that was refused."""
    if record["faults"] and not record["reasons"]:
        return [f"let through: {', '.join(record['faults'])}"]
    if record["reasons"] and not record["faults"]:
        return [f"refused without need: {', '.join(record['reasons'])}"]
    return []


TASK = Task(
    name="guard",
    description="The guard of generated turns: precision, recall by fault, harmless turns refused",
    samples=samples,
    solve=solve,
    report=report,
    failures=failures,
    fast=140,
)
