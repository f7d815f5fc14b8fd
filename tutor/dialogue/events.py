"""The events of a session. A session is the list of them; everything else is a fold over it.

Events carry no time and no sequence number: the store stamps both, so that the core stays free of
a clock and two runs over the same words give equal lists.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from ingest import Language
from tutor.citations import Citation

Act = Literal[
    "assertion",
    "question",
    "dont_know",
    "help_request",
    "give_up",
    "uncertainty",
    "affect",
    "distress",
    "meta",
    "off_task",
    "injection",
    "empty",
    "agree",
    "disagree",
]
Verdict = Literal["covered", "partial", "absent", "present", "unsure"]
Move = Literal[
    "open",
    "pump",
    "hint",
    "prompt",
    "assertion",
    "restate",
    "correction",
    "challenge",
    "confirm",
    "answer",
    "acknowledge",
    "support",
    "redirect",
    "question",
    "synthesis",
    "closing",
]
Outcome = Literal["completed", "completed_with_help", "ended_early"]
CoverageBy = Literal["learner", "confirmed", "contested"]
StageResult = Literal["mastered", "not_mastered"]


class EventModel(BaseModel):
    """Frozen; unknown keys are an error, so that an old log is never misread."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Judgement(EventModel):
    """What the assessor made of an answer, for one target."""

    target: str
    verdict: Verdict
    probability: Annotated[float, Field(ge=0, le=1)]
    span: str | None = None
    """The learner's own words that earned the verdict; always a part of what they wrote."""
    assessor: str = ""


class SessionOpened(EventModel):
    """A learner opened a case."""

    type: Literal["session_opened"] = "session_opened"
    case_id: str
    case_version: str
    language: Language


class StageEntered(EventModel):
    """A stage began, and what it reveals."""

    type: Literal["stage_entered"] = "stage_entered"
    stage: str
    reveal: str | None = None


class LearnerSaid(EventModel):
    """What the learner wrote, after redaction, and the kinds of speech act in it."""

    type: Literal["learner_said"] = "learner_said"
    text: str
    acts: tuple[Act, ...]
    language: Language
    redacted: tuple[str, ...] = ()
    """Kinds of personal data that were removed before anything was stored."""


class Judged(EventModel):
    """The judgements of one answer: every open target of the case."""

    type: Literal["judged"] = "judged"
    judgements: tuple[Judgement, ...]


class Covered(EventModel):
    """An expectation was said by the learner. Never taken back."""

    type: Literal["covered"] = "covered"
    target: str
    by: CoverageBy
    span: str


class Tutored(EventModel):
    """An expectation that the tutor supplied: it is not the learner's."""

    type: Literal["tutored"] = "tutored"
    target: str
    restated: bool = False
    """True once the learner has put it in words of their own."""


class Left(EventModel):
    """An expectation whose turns were spent without its being said or supplied."""

    type: Literal["left"] = "left"
    target: str


class MisconceptionVoiced(EventModel):
    """A misconception was heard."""

    type: Literal["misconception_voiced"] = "misconception_voiced"
    target: str
    span: str


class MisconceptionRepaired(EventModel):
    """The learner has said the corrected idea."""

    type: Literal["misconception_repaired"] = "misconception_repaired"
    target: str
    span: str


class MisconceptionLeft(EventModel):
    """The ladder of corrections ended and the learner had not said the corrected idea."""

    type: Literal["misconception_left"] = "misconception_left"
    target: str


class PositionTaken(EventModel):
    """The learner took a defensible position."""

    type: Literal["position_taken"] = "position_taken"
    target: str
    span: str


class PositionStands(EventModel):
    """A position was challenged and what it must weigh has been considered."""

    type: Literal["position_stands"] = "position_stands"
    target: str


class TutorMoved(EventModel):
    """A tutor's turn."""

    type: Literal["tutor_moved"] = "tutor_moved"
    move: Move
    target: str | None = None
    """An expectation, a misconception or a position."""
    text: str
    citations: tuple[Citation, ...] = ()
    wording: str = "authored"
    """`authored`, or the name of the model whose words passed the guard."""
    guard: tuple[str, ...] = ()
    """Why a model's words for this turn were refused, in order; empty where none were."""
    prompt: str = ""
    """Language and version of what a model was told for this turn; empty where none was asked."""


class StageEnded(EventModel):
    """A stage ended, and how. A stage that ran out of turns is never logged as mastered."""

    type: Literal["stage_ended"] = "stage_ended"
    stage: str
    result: StageResult


class Contested(EventModel):
    """The learner says that a judgement was wrong: for the review queue."""

    type: Literal["contested"] = "contested"
    target: str
    said: str
    note: str | None = None


class LanguageSwitched(EventModel):
    """The session goes on in another language."""

    type: Literal["language_switched"] = "language_switched"
    language: Language


class Paused(EventModel):
    """The learner paused."""

    type: Literal["paused"] = "paused"


class Resumed(EventModel):
    """The learner came back."""

    type: Literal["resumed"] = "resumed"


class Reflected(EventModel):
    """The learner's reflection after the synthesis: kept as evidence, never judged."""

    type: Literal["reflected"] = "reflected"
    text: str


class Completed(EventModel):
    """The case ended. There is no outcome called correct."""

    type: Literal["completed"] = "completed"
    outcome: Outcome


Event = Annotated[
    SessionOpened
    | StageEntered
    | LearnerSaid
    | Judged
    | Covered
    | Tutored
    | Left
    | MisconceptionVoiced
    | MisconceptionRepaired
    | MisconceptionLeft
    | PositionTaken
    | PositionStands
    | TutorMoved
    | StageEnded
    | Contested
    | LanguageSwitched
    | Paused
    | Resumed
    | Reflected
    | Completed,
    Field(discriminator="type"),
]

EVENT: TypeAdapter[Event] = TypeAdapter(Event)
