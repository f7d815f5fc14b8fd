"""How well two raters of the labelled answers agree: Cohen's kappa, by case and language."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evals.answers import LabelledAnswer, read_answers
from evals.ratings import (
    CATEGORIES,
    RATERS,
    Counts,
    Rating,
    cohen_kappa,
    confusion,
    read_ratings,
    read_settled,
    targets_in,
)
from evals.stats import Figure, Statistic
from evals.task import Context, Report, Skipped, task
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


@task("agreement", "Labelled answers: how well the two raters agree, by case and language")
def agreement(context: Context) -> Report:
    """Kappa over three categories, kappa of said against not, kappa of the speech act."""
    first, second = (read_ratings(rater) for rater in RATERS)
    if not second:
        raise Skipped("There is no second rater yet: add evals/data/ratings/*.second.jsonl.")
    answers = [a for a in read_answers() if a.id in first and a.id in second]
    targets = {
        case: sorted({*targets_in(first, case), *targets_in(second, case)})
        for case in {_short(a) for a in answers}
    }
    tables: dict[str, Counts] = {}
    for answer in context.samples(answers, "agreement"):
        one, two = first[answer.id], second[answer.id]
        pairs = [(one.category(t), two.category(t)) for t in targets[_short(answer)]]
        tables[answer.id] = confusion(pairs, CATEGORIES)
        context.write({"id": answer.id, "first": _shown(one), "second": _shown(two)})
    seen = [a for a in answers if a.id in tables]
    acts = sorted({rating.act for rating in (*first.values(), *second.values())})
    figures: list[Figure] = []
    for case in ("all", *sorted({a.case for a in seen})):
        for language in ("all", *LANGUAGES):
            ids = [
                a.id for a in seen if case in {"all", a.case} and language in {"all", a.language}
            ]
            if ids:
                spoken = [confusion([(first[i].act, second[i].act)], acts) for i in ids]
                figures += _figures(context, f"{case} {language}", [tables[i] for i in ids], spoken)
    settled = len(read_settled())
    return Report(figures, (*NOTES, f"{settled} disagreements have been settled with a reason."))


def _figures(
    context: Context, group: str, ideas: Sequence[Counts], acts: Sequence[Counts]
) -> list[Figure]:
    said = [_said(table) for table in ideas]
    named = (("kappa", ideas), ("kappa, said", said), ("kappa, act", acts))
    return [
        context.estimate.of(group, name, _kappa(np.stack(held)), len(held)) for name, held in named
    ]


def _kappa(tables: Counts) -> Statistic:
    """From tables [answers, k, k] to the kappa of the answers drawn."""
    return lambda rows: cohen_kappa(tables[rows].sum(axis=0))


def _said(table: Counts) -> Counts:
    """The last category against all others: int [2, 2]."""
    yes = table[-1, -1]
    first, second = table[-1].sum() - yes, table[:, -1].sum() - yes
    return np.asarray([[table.sum() - yes - first - second, second], [first, yes]])


def _short(answer: LabelledAnswer) -> str:
    return answer.id.split("-", 1)[0]


def _shown(rating: Rating) -> dict[str, list[str]]:
    return {
        "covered": sorted(rating.covered),
        "partial": sorted(rating.partial),
        "misconceptions": sorted(rating.misconceptions),
        "repaired": sorted(rating.repaired),
    }
