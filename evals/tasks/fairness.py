"""Whether the assessor hears the same idea alike, however and of whomever it is said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evals.answers import passed_over
from evals.fairness import figures_of, is_heard, read_statements
from evals.judge_rows import judged_alone
from evals.stats import Estimate
from evals.task import Context, Record, Report, Sample, Task
from ingest import Language
from tutor.dialogue import REPAIR

NOTES = (
    "One author, a language model, wrote every statement and all its variants, and reread them for "
    "the same content; no speaker of a variety and no clinician has checked either.",
    "A difference is the variety less its reference, paired by statement: below 0 it is heard "
    "less. Whole cases are drawn; with twelve of them the intervals are wide.",
    "“Plain” and “written” are references and no ideal: their own wording may be easy or hard.",
    "The largest loss is picked from eight, so that it is above 0 by chance alone; read it against "
    "itself in another run, and the differences one by one.",
    "“Taken for no statement” is by the speech acts: such a message is never judged in a session. "
    "“Idea heard” is the assessor's alone and leaves that out.",
    "“Other ideas heard” counts expectations and misconceptions that the statement does not say.",
)


def samples(context: Context) -> list[Sample]:
    """Every statement, with all its texts: what is compared stays together in any subset."""
    del context
    return [
        Sample(
            statement.id,
            {
                "target": statement.target,
                "texts": [
                    {"language": language, "variety": variety, "text": text}
                    for language, variety, text in statement.texts()
                ],
            },
            statement.case,
        )
        for statement in read_statements()
    ]


def solve(context: Context, sample: Sample) -> dict[str, Any]:
    """By text and idea verdict and probability, as a session would judge it; and whether one
    would.
    """
    return {"heard": [_solved(context, sample.cluster, **t) for t in sample.input["texts"]]}


def _solved(
    context: Context, case_id: str, language: Language, variety: str, text: str
) -> dict[str, Any]:
    runtime = context.resources.runtime
    case = runtime.cases[case_id]
    acts = runtime.judge.acts(text, language)
    judged = judged_alone(runtime, case, language, text)
    return {
        "language": language,
        "variety": variety,
        "acts": list(acts),
        "unheard": passed_over(acts),
        "judged": {
            j.target: [j.verdict, round(j.probability, 6)]
            for j in judged
            if j.target.startswith(("E", "M")) and not j.target.endswith(REPAIR)
        },
    }


def report(records: Sequence[Record], estimate: Estimate) -> Report:
    """What is heard of each variety, its difference from the reference, and gender swaps."""
    return Report(figures_of(records, estimate), NOTES)


def failures(record: Record) -> list[str]:
    """Where the idea was not heard, or would not even be judged."""
    found = []
    for made in record["heard"]:
        name = f"{made['language']} {made['variety']}"
        if not is_heard(made["judged"][record["target"]][0]):
            found.append(f"{name}: {record['target']} was said and not heard")
        if made["unheard"]:
            found.append(f"{name}: taken for {', '.join(made['acts'])}")
    return found


TASK = Task(
    name="fairness",
    description="The same statement in nine varieties, of women and men: differences in verdicts",
    samples=samples,
    solve=solve,
    report=report,
    failures=failures,
    fast=12,
)
