"""Turns that somebody labelled: what a tutor might say at a moment, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from importlib.abc import Traversable
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from evals.task import DataError
from ingest import Language
from tutor.cases import LoadedCase
from tutor.dialogue import (
    AuthoredWording,
    LearnerSaid,
    Move,
    SessionOpened,
    StageEntered,
    fold,
)
from tutor.dialogue.moment import Moment
from tutor.dialogue.plan import Say, Turn
from tutor.llm.evidence import Evidence, evidence_of

Split = Literal["dev", "test"]
Fault = Literal[
    "leak",
    "uncited",
    "citation",
    "questions",
    "language",
    "length",
    "advice",
    "markup",
    "injected",
    "loop",
    "role",
    "false_praise",
]


class LabelledTurn(BaseModel):
    """A line of `evals/data/turns.jsonl`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    split: Split
    case: str
    language: Language
    stage: str
    target: str
    move: Move
    learner: str
    text: str
    faults: tuple[Fault, ...]
    """None: a turn that may be shown."""

    def at(self, case: LoadedCase) -> tuple[Moment, Evidence]:
        """The moment at which it would be said, and what the guard compares it with."""
        state = fold(
            [
                SessionOpened(case_id=case.id, case_version=case.version, language=self.language),
                StageEntered(stage=self.stage),
                LearnerSaid(text=self.learner, acts=("assertion",), language=self.language),
            ]
        )
        moment = Moment(case, state, Turn(("assertion",)), Say(self.move, self.target))
        return moment, evidence_of(moment, AuthoredWording().word(moment))


def load_turns(path: Traversable | None = None) -> Sequence[LabelledTurn]:
    """The labelled turns, of both splits.

    Raises:
        DataError: a line is not what it should be, or an id stands twice.
    """
    file = path or resources.files("evals") / "data" / "turns.jsonl"
    found: list[LabelledTurn] = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            found.append(LabelledTurn.model_validate_json(line))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise DataError(f"{file.name}, line {number}: {where}: {first['msg']}.") from error
    if len({t.id for t in found}) < len(found):
        raise DataError(f"{file.name}: an id stands twice.")
    return found
