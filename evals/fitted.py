"""Whether the shipped heads were fitted on what lies here: `python -m evals.fitted`.

Each head names what it was fitted on by hashes, beside its weights. A change of that without a new
fit makes figures that nobody can print again. The hashes do not cover code: `tests/evals/
test_evals_fitted.py` fits the heads of ask again, and compares.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import typer
from rich.console import Console

from evals.acts import messages_hash, read_messages
from evals.answers import STATING, data_hash, read_answers
from evals.corpus_texts import passages_hash, taught
from evals.provenance import DIGITS, file_hash, shipped_heads
from evals.questions import questions_hash, read_questions
from ingest import E5, MINILM
from ingest.models import E5_SHA256, MINILM_SHA256
from tutor.settings import Settings, get_settings

KIND: Final = "guideline"
"""Of the documents that questions are answered from."""
Inputs = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stale:
    """A head that was fitted on something else than what lies here."""

    head: str
    command: str
    what: str
    named: Any
    here: Any

    def __str__(self) -> str:
        return (
            f"{self.head} was fitted on other {self.what} ({self.named}) than lie here "
            f"({self.here}). Run {self.command}."
        )


def relevance_inputs(settings: Settings) -> Inputs:
    """What the search's "nothing relevant" is fitted on, but for the claims of SciFact."""
    return {
        "questions": _dev_questions(),
        "corpus": passages_hash(p for p in taught(settings.corpus) if p.source.kind == KIND),
        "encoders": {E5: E5_SHA256[:DIGITS], MINILM: MINILM_SHA256[:DIGITS]},
    }


def scope_inputs(settings: Settings) -> Inputs:
    """What the head of questions about a patient or the law is fitted on."""
    del settings
    asked = [a for a in read_answers() if a.act == "question" and a.split == "dev"]
    return {
        "questions": _dev_questions(),
        "answers": data_hash(asked),
        "encoders": {E5: E5_SHA256[:DIGITS]},
    }


def gate_inputs(settings: Settings) -> Inputs:
    """What the gate of ask is fitted on: two other heads among it.

    The whole corpus counts, since how rare a word is and what nearness is usual are of the index.
    """
    heads = shipped_heads()
    return {
        "questions": _dev_questions(),
        "corpus": passages_hash(taught(settings.corpus)),
        "search": file_hash(heads["relevance"]),
        "scope": file_hash(heads["scope"]),
        "encoders": {E5: E5_SHA256[:DIGITS], MINILM: MINILM_SHA256[:DIGITS]},
    }


def acts_inputs(settings: Settings) -> Inputs:
    """What the head of the speech acts is fitted on."""
    del settings
    messages = messages_hash([m for m in read_messages() if m.split == "dev"])
    answers = data_hash([a for a in read_answers() if a.split == "dev"])
    return {"data": f"{messages}-{answers}"}


def judging_inputs(settings: Settings) -> Inputs:
    """The labelled answers that the judging heads are fitted on; the cases' texts are not named."""
    del settings
    return {"data": data_hash([a for a in read_answers() if a.act in STATING])}


FITTED: Final[Mapping[str, tuple[str, Callable[[Settings], Inputs]]]] = {
    "relevance": ("python -m evals.fit_relevance --data SCIFACT", relevance_inputs),
    "scope": ("python -m evals.fit_ask", scope_inputs),
    "ask": ("python -m evals.fit_ask", gate_inputs),
    "acts": ("python -m evals.fit_acts", acts_inputs),
    "judging": ("python -m evals.fit_judge", judging_inputs),
}
"""By head, in the order in which one rests on another: the command that fits it, its inputs."""


def stale(settings: Settings, head: str) -> list[Stale]:
    """By input that a head does not name as it lies here."""
    command, inputs = FITTED[head]
    held = json.loads(shipped_heads()[head].read_text(encoding="utf-8"))
    return [
        Stale(head, command, what, held.get(what, "not named"), here)
        for what, here in inputs(settings).items()
        if held.get(what) != here
    ]


def main() -> None:
    """Say which shipped heads have to be fitted again; exit code 1 if any has."""
    console, settings = Console(highlight=False), get_settings()
    found = [one for head in FITTED for one in stale(settings, head)]
    for one in found:
        console.print(str(one), soft_wrap=True, markup=False)
    if found:
        raise typer.Exit(1)
    console.print(f"{', '.join(FITTED)}: all were fitted on what lies here.")


def _dev_questions() -> str:
    return questions_hash([q for q in read_questions() if q.split == "dev"])


if __name__ == "__main__":
    typer.run(main)
