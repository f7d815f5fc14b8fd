"""Whether a verdict hangs on how an answer is typed: edits that change nothing in what is said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from evals.answers import STATING, passed_over, read_answers
from evals.edits import EDITS, edited
from evals.fairness import is_heard
from evals.judge_rows import judged_alone
from evals.stats import Estimate, Figure
from evals.task import Context, Record, Report, Sample, Task
from evals.variables import counted
from ingest import LANGUAGES, Language

EVERY = "every edit"
VARIABLE, USUAL = "EVAL_EDITS", 1
"""How many edits of each answer are tried, drawn by the seed and its id."""
NOTES = (
    "Compared with the verdict on the answer as it was written, not with its labels: a judge that "
    "never hears anything is perfectly robust. Read beside judging.",
    "An edit that leaves an answer as it is counts neither way, so that n differs by edit; "
    "“every edit” weighs answers by the edits that changed them.",
    "The language of the session stays, also where the script is the other one.",
    "“No longer judged” is by the speech acts, as in fairness; “heard” is the assessor's alone.",
    "Edits are made by rule: one slip a text, four pairs of Chinese homophones. Real typing is "
    "worse. Whole cases are drawn.",
)


@dataclass(frozen=True, slots=True)
class Pair:
    """One answer and one idea, before and after an edit."""

    case: str
    answer: str
    before: bool
    after: bool


def samples(context: Context) -> list[Sample]:
    """The `test` answers that state something, each with one of its edits, or with more."""
    most = counted(VARIABLE, USUAL, "edits")
    return [
        Sample(
            a.id,
            {
                "language": a.language,
                "text": a.text,
                "edits": edited(a.text, a.language, f"{context.seed}:{a.id}", most),
            },
            a.case,
        )
        for a in read_answers()
        if a.split == "test" and a.act in STATING
    ]


def solve(context: Context, sample: Sample) -> dict[str, Any]:
    """By text, the written one and each edit: speech acts, and by idea verdict and probability."""
    language = sample.input["language"]
    return {
        "written": _solved(context, sample.cluster, language, sample.input["text"]),
        "edited": {
            name: _solved(context, sample.cluster, language, text)
            for name, text in sample.input["edits"].items()
        },
    }


def _solved(context: Context, case: str, language: Language, text: str) -> dict[str, Any]:
    runtime = context.resources.runtime
    return {
        "acts": list(runtime.judge.acts(text, language)),
        "judged": {
            j.target: [j.verdict, round(j.probability, 6)]
            for j in judged_alone(runtime, runtime.cases[case], language, text)
            if not j.target.startswith("P")
        },
    }


def report(records: Sequence[Record], estimate: Estimate) -> Report:
    """By language and edit, what is lost and what is imagined."""
    figures: list[Figure] = []
    for language in ("all", *LANGUAGES):
        chosen = [r for r in records if language in {"all", r["language"]}]
        for edit in (EVERY, *EDITS):
            figures += _figures(estimate, f"{language}, {edit}", chosen, edit)
    return Report([f for f in figures if f.n], NOTES)


def _figures(
    estimate: Estimate, group: str, records: Sequence[Record], edit: str
) -> Iterator[Figure]:
    pairs = [pair for record in records for pair in pairs_of(record, edit)]
    for name, before in (("still heard", True), ("newly heard", False)):
        rows = [p for p in pairs if p.before is before]
        values, cases = [p.after for p in rows], [p.case for p in rows]
        yield estimate.share(group, name, values, cases, ids=[p.answer for p in rows])
    dropped = [
        (record, passed_over(made["acts"]))
        for record in records
        if not passed_over(record["written"]["acts"])
        for name, made in record["edited"].items()
        if edit in {EVERY, name}
    ]
    yield estimate.share(
        group,
        "no longer judged",
        [gone for _, gone in dropped],
        [record.sample.cluster for record, _ in dropped],
        ids=[record.id for record, _ in dropped],
    )


def pairs_of(record: Record, edit: str) -> list[Pair]:
    """Every idea before and after one edit, or after each of them."""
    written = record["written"]["judged"]
    return [
        Pair(record.sample.cluster, record.id, is_heard(written[target][0]), is_heard(verdict))
        for name, made in record["edited"].items()
        if edit in {EVERY, name}
        for target, (verdict, _) in made["judged"].items()
    ]


def failures(record: Record) -> list[str]:
    """Verdicts that an edit changed, and edits after which the answer would not be judged."""
    found = []
    written = record["written"]
    for name, made in record["edited"].items():
        for target, (verdict, _) in made["judged"].items():
            before, after = is_heard(written["judged"][target][0]), is_heard(verdict)
            if before != after:
                found.append(f"{name}: {target} {'newly' if after else 'no longer'} heard")
        if passed_over(made["acts"]) and not passed_over(written["acts"]):
            found.append(f"{name}: taken for {', '.join(made['acts'])}")
    return found


TASK = Task(
    name="robustness",
    description="Whether a verdict hangs on how an answer is typed",
    samples=samples,
    solve=solve,
    report=report,
    failures=failures,
    fast=240,
)
