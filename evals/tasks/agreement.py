"""How well two raters of the labelled answers agree: Cohen's kappa, by case and language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from evals.answers import LabelledAnswer, read_answers
from evals.ratings import (
    CATEGORIES,
    NONE,
    RATERS,
    Rating,
    read_ratings,
    read_settled,
    targets_in,
)
from evals.stats import Estimate, Figure
from evals.stats.agreement import Counts, confusion, kappa_of
from evals.task import Context, Record, Report, Sample, Skipped, Task
from ingest import LANGUAGES

NOTES = (
    "A unit is one answer against one expectation, misconception or corrected idea of its case: "
    "said, partial or none. “said” counts partial as none.",
    "Intervals are bootstrapped over answers, whole answers at a time.",
    "Both raters were language models of one family working from the codebook and the outlines, "
    "each without sight of the other's labels; no clinician has labelled these answers.",
    "The first rater wrote each answer to a plan, so most say one thing clearly: read the figure "
    "as an upper bound, and not as what two clinicians would reach.",
)
MARKS = ("covered", "partial", "misconceptions", "repaired")


def samples(context: Context) -> list[Sample]:
    """Every answer that both raters saw, with their labels and all that its case asks for."""
    del context
    first, second = (read_ratings(rater) for rater in RATERS)
    if not second:
        raise Skipped("There is no second rater yet: add evals/data/ratings/*.second.jsonl.")
    answers = [a for a in read_answers() if a.id in first and a.id in second]
    targets = {
        case: sorted({*targets_in(first, case), *targets_in(second, case)})
        for case in {_short(a) for a in answers}
    }
    settled = {(s.id, s.target): s.reason for s in read_settled()}
    return [
        Sample(
            answer.id,
            {
                "language": answer.language,
                "text": answer.text,
                "targets": targets[_short(answer)],
                "first": _shown(first[answer.id]),
                "second": _shown(second[answer.id]),
                "settled": {t: reason for (i, t), reason in settled.items() if i == answer.id},
            },
            answer.case,
        )
        for answer in answers
    ]


def solve(context: Context, sample: Sample) -> dict[str, Any]:
    """What either said of every idea that one of them marked, and how many neither marked."""
    del context
    first, second = (_rating(sample.id, sample.input[rater]) for rater in RATERS)
    pairs = {t: [first.category(t), second.category(t)] for t in sample.input["targets"]}
    marked = {t: pair for t, pair in pairs.items() if pair != [NONE, NONE]}
    return {
        "marked": marked,
        "unmarked": len(pairs) - len(marked),
        "acts": [first.act, second.act],
    }


def report(records: Sequence[Record], estimate: Estimate) -> Report:
    """Kappa over three categories, kappa of said against not, kappa of the speech act."""
    ideas = [_table(record) for record in records]
    categories = sorted({act for record in records for act in record["acts"]})
    acts = [confusion([tuple(record["acts"])], categories) for record in records]
    figures: list[Figure] = []
    for case in ("all", *sorted({r.sample.cluster for r in records})):
        for language in ("all", *LANGUAGES):
            rows = [
                number
                for number, r in enumerate(records)
                if case in {"all", r.sample.cluster} and language in {"all", r["language"]}
            ]
            if not rows:
                continue
            said = [_said(ideas[row]) for row in rows]
            ids = [records[row].id for row in rows]
            for name, tables in (
                ("kappa", [ideas[row] for row in rows]),
                ("kappa, said", said),
                ("kappa, act", [acts[row] for row in rows]),
            ):
                statistic = kappa_of(np.stack(tables))
                figures.append(
                    estimate.of(f"{case} {language}", name, statistic, len(rows), ids=ids)
                )
    settled = sum(len(record["settled"]) for record in records)
    return Report(figures, (*NOTES, f"{settled} disagreements have been settled with a reason."))


def failures(record: Record) -> list[str]:
    """Where the raters differ, and whether that was settled."""
    found = [
        f"{target}: {one} or {two}{', settled' if target in record['settled'] else ''}"
        for target, (one, two) in record["marked"].items()
        if one != two
    ]
    one, two = record["acts"]
    return found if one == two else [*found, f"act: {one} or {two}"]


def _table(record: Record) -> Counts:
    """How often one said a category and the other another: int [3, 3]."""
    pairs = [(one, two) for one, two in record["marked"].values()]
    return confusion([*pairs, *[(NONE, NONE)] * record["unmarked"]], CATEGORIES)


def _said(table: Counts) -> Counts:
    """The last category against all others: int [2, 2]."""
    yes = table[-1, -1]
    first, second = table[-1].sum() - yes, table[:, -1].sum() - yes
    return np.asarray([[table.sum() - yes - first - second, second], [first, yes]])


def _short(answer: LabelledAnswer) -> str:
    return answer.id.split("-", 1)[0]


def _shown(rating: Rating) -> dict[str, Any]:
    marks = {name: sorted(getattr(rating, name)) for name in MARKS}
    return {"act": rating.act, **marks}


def _rating(answer: str, shown: Mapping[str, Any]) -> Rating:
    return Rating(answer, shown["act"], **{name: frozenset(shown[name]) for name in MARKS})


TASK = Task(
    name="agreement",
    description="Labelled answers: how well the two raters agree, by case and language",
    samples=samples,
    solve=solve,
    report=report,
    failures=failures,
    fast=600,
)
