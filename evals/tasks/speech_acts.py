"""Whether the tutor knows what a message does: a statement, a question, a call for help, ..."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evals.answers import read_answers
from evals.stats import Figure
from evals.task import Context, Report, task
from ingest import LANGUAGES

HANDLED: Mapping[str, str] = {
    "assertion": "judged",
    "uncertainty": "judged",
    "agree": "judged",
    "disagree": "judged",
    "dont_know": "helped",
    "help_request": "helped",
    "give_up": "helped",
}
"""Acts that the policy treats alike; every other act is treated in a way of its own."""
NOTES = (
    "The labels are those of whoever wrote the message; a second rater agrees with nearly all of "
    "them (maieutic eval run agreement). No clinician has labelled them.",
    "“Treated alike” counts a mix-up between acts that lead to the same move as no error.",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One message."""

    case: str
    language: str
    act: str
    heard: str

    @property
    def right(self) -> bool:
        """The main act was recognised."""
        return self.act == self.heard

    @property
    def alike(self) -> bool:
        """It was recognised, or taken for an act that leads to the same move."""
        return HANDLED.get(self.act, self.act) == HANDLED.get(self.heard, self.heard)


@task("speech_acts", "Labelled messages: whether the main speech act is recognised, by act")
def speech_acts(context: Context) -> Report:
    """Accuracy of the main act: overall, by language, and by act."""
    judge = context.resources.runtime.judge
    answers = [a for a in read_answers() if a.split == "test"]
    rows: list[Row] = []
    for answer in context.samples(answers, "speech acts"):
        acts = judge.acts(answer.text, answer.language)
        rows.append(Row(answer.case, answer.language, answer.act, acts[0]))
        context.write(
            {
                "id": answer.id,
                "case": answer.case,
                "language": answer.language,
                "text": answer.text,
                "act": answer.act,
                "heard": acts,
            }
        )
    figures: list[Figure] = []
    for language in ("all", *LANGUAGES):
        chosen = [r for r in rows if language in {"all", r.language}]
        figures += _accuracy(context, language, chosen)
    for act in sorted({r.act for r in rows}):
        figures += _accuracy(context, f"act: {act}", [r for r in rows if r.act == act])
    return Report(figures, NOTES)


def _accuracy(context: Context, group: str, rows: list[Row]) -> list[Figure]:
    clusters = [r.case for r in rows]
    return [
        context.estimate.share(group, "recognised", [r.right for r in rows], clusters),
        context.estimate.share(group, "treated alike", [r.alike for r in rows], clusters),
    ]
