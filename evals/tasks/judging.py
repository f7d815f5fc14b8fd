"""How well the assessor hears: labelled answers, the `test` half, against every idea of a case."""

from __future__ import annotations

from typing import Any

from evals.answers import STATING, LabelledAnswer, read_answers
from evals.judge_rows import shown
from evals.judged import KINDS, Row, figures_of, row_of
from evals.stats import Figure
from evals.task import Context, Report, task
from ingest import LANGUAGES
from tutor.dialogue import Judgement, targets_of
from tutor.dialogue.echo import own_words

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


@task("judging", "Labelled answers: what the assessor hears, by language and kind of idea")
def judging(context: Context) -> Report:
    """Precision, recall, F1, AUC, calibration, share unsure, and reversed answers credited."""
    runtime = context.resources.runtime
    answers = [a for a in read_answers() if a.split == "test" and a.act in STATING]
    rows: list[Row] = []
    for answer in context.samples(answers, "judging"):
        case = runtime.cases[answer.case]
        targets = targets_of(case, answer.language)
        own = own_words(answer.text, shown(case, answer.language))
        judged = runtime.judge.judge(own, targets, answer.language)
        found = [row for j in judged if (row := row_of(answer, j)) is not None]
        rows += found
        context.write(_sample(answer, judged))
    figures: list[Figure] = []
    for language in ("all", *LANGUAGES):
        for kind in KINDS:
            chosen = [r for r in rows if r.kind == kind and language in {"all", r.language}]
            figures += figures_of(context.estimate, f"{language} {kind}", chosen)
    return Report(figures, NOTES)


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
