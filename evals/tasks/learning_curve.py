"""What educators' decisions do for a case: judging by the number of decisions an idea has had.

Simulated educators decide, by the labels, on what the review queue would show them of the `dev`
answers; the `test` answers are judged. Once for a case as its author wrote it, and once with
nothing but the statement of each idea: a case that nobody has worked on yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from evals import metrics
from evals.answers import STATING, LabelledAnswer, read_answers
from evals.educators import HEARD, KINDS, bare, queue_of, remembered
from evals.stats import Estimate, Figure, Rows
from evals.task import Context, Record, Report, Sample, Task
from ingest import Language
from tutor.assess import EncoderJudge
from tutor.cases import LoadedCase
from tutor.dialogue import targets_of
from tutor.review import extend

DECISIONS = (0, 1, 2, 4, 8)
AUTHORED = "as authored"
STARTS = ("statement only", AUTHORED)
NOTES = (
    "A simulated educator decides by the labels of the dev answers, which the makers of the "
    "product wrote and two language models labelled; a clinician's decisions may be worth more "
    "or less.",
    "Decided on is what the queue would show: unsure verdicts, what was said and not heard, and "
    "misconceptions heard and not said. Where an idea has fewer of them than the heading says, all "
    "of them are used; “decisions an idea” is the number used.",
    "The head was fitted on the dev answers of all cases, these included; the test answers shaped "
    "neither head nor exemplars. An answer that touches an idea in part counts neither way.",
    "“F1 gained” is paired: the same test answers before and after. Whole cases are drawn.",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One test answer against one idea, under one number of decisions."""

    answer: str
    target: str
    kind: str
    said: bool
    heard: bool
    probability: float


def samples(context: Context) -> list[Sample]:
    """Each case in each language that it has answers in, from both starts."""
    cases = context.resources.runtime.cases
    units = dict.fromkeys((a.case, a.language) for a in _answers() if a.case in cases)
    return [
        Sample(
            f"{case}/{language}/{start}",
            {"case": case, "language": language, "start": start},
            case,
        )
        for case, language in units
        for start in STARTS
    ]


def _answers() -> list[LabelledAnswer]:
    return [a for a in read_answers() if a.act in STATING]


def solve(context: Context, sample: Sample) -> dict[str, Any]:
    """What was judged, and by number of decisions how many there were and what was heard."""
    name, language = sample.input["case"], sample.input["language"]
    judge = _judge(context)
    case = context.resources.runtime.cases[name]
    if sample.input["start"] != AUTHORED:
        case = bare(case)
    mine = [a for a in _answers() if (a.case, a.language) == (name, language)]
    shown = queue_of(judge, case, language, mine, context.seed)
    pairs: list[Row] = []
    steps: dict[str, dict[str, Any]] = {}
    for n in DECISIONS:
        taught = extend(case, [e for s in shown for e in s.exemplars[:n]])
        pairs = list(judged(judge, taught, language, mine))
        steps[str(n)] = {
            "decisions": [len(s.exemplars[:n]) for s in shown],
            "heard": [int(row.heard) for row in pairs],
            "probability": [round(row.probability, 6) for row in pairs],
        }
        judge.forget(targets_of(taught, language), language)
    return {"pairs": [[r.answer, r.target, r.kind, r.said] for r in pairs], "steps": steps}


def _judge(context: Context) -> EncoderJudge:
    memo, key = context.resources.memo, "learning_curve"
    if key not in memo:
        memo[key] = EncoderJudge(remembered(context.resources.runtime.encoders))
    found: EncoderJudge = memo[key]
    return found


def judged(
    judge: EncoderJudge, case: LoadedCase, language: Language, answers: Sequence[LabelledAnswer]
) -> Iterator[Row]:
    """The `test` answers against every expectation and misconception, in one order."""
    targets = targets_of(case, language)
    kinds = {t.id: t.kind for t in targets}
    for answer in answers:
        if answer.split != "test":
            continue
        for judgement in judge.judge(answer.text, targets, language):
            target = judgement.target
            if kinds[target] in KINDS and target not in answer.partial:
                yield Row(
                    answer.id,
                    target,
                    kinds[target],
                    said=answer.label(target),
                    heard=judgement.verdict in HEARD,
                    probability=judgement.probability,
                )


def report(records: Sequence[Record], estimate: Estimate) -> Report:
    """F1 and AUC of expectations and misconceptions by number of decisions, from two starts."""
    figures: list[Figure] = []
    for start in STARTS:
        mine = [r for r in records if r["start"] == start]
        for n in DECISIONS:
            group = f"{start}, {n}"
            counts = [(float(v), r) for r in mine for v in r["steps"][str(n)]["decisions"]]
            figures.append(
                estimate.mean(
                    group,
                    "decisions an idea",
                    [v for v, _ in counts],
                    [r.sample.cluster for _, r in counts],
                    ids=[r.id for _, r in counts],
                    unit="decisions",
                )
            )
            for kind in KINDS:
                figures += _figures(estimate, group, kind, mine, n)
    return Report([f for f in figures if f.n], NOTES)


def _figures(
    estimate: Estimate, group: str, kind: str, records: Sequence[Record], n: int
) -> list[Figure]:
    rows = [
        (record, number, pair[3])
        for record in records
        for number, pair in enumerate(record["pairs"])
        if pair[2] == kind
    ]

    def values(n: int, name: str) -> list[float]:
        return [record["steps"][str(n)][name][number] for record, number, _ in rows]

    said = np.asarray([said for *_, said in rows], dtype=np.bool_)
    heard = np.asarray(values(n, "heard"), dtype=np.bool_)
    heard_before = np.asarray(values(0, "heard"), dtype=np.bool_)
    chance = np.asarray(values(n, "probability"), dtype=np.float64)

    def f1(draw: Rows) -> float:
        return metrics.f1(said[draw], heard[draw])

    def gained(draw: Rows) -> float:
        return f1(draw) - metrics.f1(said[draw], heard_before[draw])

    def auc(draw: Rows) -> float:
        return metrics.auc(said[draw], chance[draw])

    named = {"F1": f1, "F1 gained": gained, "AUC": auc}
    if n == 0:
        del named["F1 gained"]
    clusters = [record.sample.cluster for record, *_ in rows]
    ids = [record.id for record, *_ in rows]
    return [
        estimate.of(group, f"{kind} {name}", statistic, len(rows), clusters, ids=ids)
        for name, statistic in named.items()
    ]


TASK = Task(
    name="learning_curve",
    description="Educators' decisions: what a case gains by 1, 2, 4, ... an idea",
    samples=samples,
    solve=solve,
    report=report,
)
