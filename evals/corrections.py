"""What the dialogue makes of an answer to a correction, on labelled answers.

An answer that was given to a case's question is heard here as if the tutor had just corrected the
error: `tutor.dialogue.takes_correction` decides by the probabilities of idea and error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evals.stats import Estimate, Figure

NAMES: Mapping[str, str] = {
    "corrected": "corrections taken where one was asked for",
    "error": "errors taken for their correction",
    "other": "other answers taken for a correction",
}
"""By what the answer says of the error: the share that the dialogue takes for its correction."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One answer against one misconception that stands to be put right."""

    case: str
    answer: str
    says: str
    """A key of `NAMES`."""
    taken: bool


def says(corrects: bool, voices: bool) -> str | None:
    """The key of `NAMES` for an answer; none where it does both, and no verdict would be right."""
    if corrects and voices:
        return None
    return "corrected" if corrects else "error" if voices else "other"


def figures_of(estimate: Estimate, group: str, rows: Sequence[Correction]) -> list[Figure]:
    """The shares of `NAMES`, clustered by case."""
    figures = []
    for kind, name in NAMES.items():
        mine = [r for r in rows if r.says == kind]
        taken, cases = [r.taken for r in mine], [r.case for r in mine]
        figures.append(estimate.share(group, name, taken, cases, ids=[r.answer for r in mine]))
    return figures
