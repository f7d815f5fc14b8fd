"""What a case is. `case.yaml` holds structure and English; a translation holds texts by id.

A case is data an educator writes, so the models forbid what they do not know and
`tutor.cases.check` turns every fault into a line number and a remedy.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ingest import Language

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
StageKind = Literal["clarify", "stakeholders", "issues", "guidance", "options", "decide", "reflect"]
Severity = Literal["ordinary", "safety_critical"]
CanMeds = Literal[
    "medical_expert",
    "communicator",
    "collaborator",
    "leader",
    "health_advocate",
    "scholar",
    "professional",
]
Principle = Literal["autonomy", "beneficence", "non_maleficence", "justice"]
Profession = Literal["doctor", "nurse", "dentist", "pharmacist", "allied_health"]
Difficulty = Literal["introductory", "intermediate", "advanced"]
FourBox = Literal[
    "medical_indications", "patient_preferences", "quality_of_life", "contextual_features"
]
"""The cells of Jonsen, Siegler and Winslade's grid."""
OptionKey = Literal["a", "b", "c", "d", "e"]


class Model(BaseModel):
    """Frozen, and refusing what it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Cite(Model):
    """A digest (its key, without language) and words that occur in it verbatim."""

    doc: Text
    quote: Text


class Review(Model):
    """Whether a named clinician of the institution has reviewed the case."""

    status: Literal["awaiting", "reviewed"] = "awaiting"
    by: str | None = None
    on: dt.date | None = None


class Expectation(Model):
    """Something a thoughtful clinician would consider."""

    id: Annotated[str, StringConstraints(pattern=r"^E\d+$")]
    topic: Text
    """A few neutral words that name the area and give nothing away."""
    statement: Text
    required: bool = True
    weight: Annotated[float, Field(gt=0)] = 1.0
    competency: CanMeds
    principle: Principle
    cites: tuple[Cite, ...] = Field(min_length=1)
    accept: tuple[Text, ...] = Field(min_length=5)
    near_miss: tuple[Text, ...] = Field(min_length=3)
    hints: tuple[Text, ...] = Field(min_length=3, max_length=3)
    prompt: Text
    assertion: Text


class Misconception(Model):
    """A factual, legal or logical error: the one thing in a case that can be wrong."""

    id: Annotated[str, StringConstraints(pattern=r"^M\d+$")]
    topic: Text
    statement: Text
    severity: Severity = "ordinary"
    exemplars: tuple[Text, ...] = Field(min_length=5)
    near_miss: tuple[Text, ...] = Field(min_length=3)
    """Sounds like it and is not: a denial of it, or the sound idea next to it."""
    corrected: Text
    """The sound idea that replaces it."""
    repair: tuple[Text, ...] = Field(min_length=5)
    """How a clinician says the corrected idea."""
    hints: tuple[Text, ...] = Field(min_length=3, max_length=3)
    prompt: Text
    correction: Text
    cites: tuple[Cite, ...] = Field(min_length=1)


class Position(Model):
    """A defensible answer to the dilemma: never wrong, always to be justified."""

    id: Annotated[str, StringConstraints(pattern=r"^P\d+$")]
    topic: Text
    statement: Text
    exemplars: tuple[Text, ...] = Field(min_length=5)
    must_weigh: tuple[str, ...] = Field(min_length=1)
    challenge: Text


class When(Model):
    """A condition on the session so far; every part that is given must hold."""

    position: str | None = None
    covered: tuple[str, ...] = ()
    misconception: str | None = None


class Branch(Model):
    """Where to go next when a condition holds. Branches are tried in order."""

    when: When
    go: Text


class Stage(Model):
    """One step of the case: what is revealed, what is asked, what is listened for."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
    kind: StageKind
    title: Text
    reveal: Text | None = None
    question: Text
    compares: tuple[Text, ...] = ()
    """Jurisdictions that the question sets side by side, such as `HK` and `CN`: when the stage
    closes, the learner is given the sources of each."""
    expectations: tuple[Expectation, ...] = ()
    misconceptions: tuple[Misconception, ...] = ()
    positions: tuple[Position, ...] = ()
    next: tuple[Branch, ...] = ()
    then: str | None = None
    """The stage after this one where no branch holds; by default the next in the file.
    `end` ends the case."""


class Reading(Model):
    """A digest worth reading after the case, and why."""

    doc: Text
    why: Text


class Debrief(Model):
    """What closes the case."""

    synthesis: Text
    questions: tuple[Text, ...] = Field(min_length=2)
    reading: tuple[Reading, ...] = Field(min_length=1)


class ChoiceQuestion(Model):
    """A multiple-choice question with one best answer, worked unaided before or after the case."""

    id: Annotated[str, StringConstraints(pattern=r"^Q\d+$")]
    target: Annotated[str, StringConstraints(pattern=r"^[EM]\d+$")]
    """The expectation or misconception that it asks about."""
    stem: Text
    options: tuple[Text, ...] = Field(min_length=3, max_length=5)
    key: OptionKey
    """The letter of the best answer: `a` is the first option."""
    rationale: Text
    """Why it is the best answer, shown after the test has been handed in."""
    cites: tuple[Cite, ...] = Field(min_length=1)


class SelfTest(Model):
    """Two parallel forms of four questions: the same targets in the same order, other situations.

    A learner's difference between the forms is theirs to look at; it claims no learning gain.
    """

    pre: tuple[ChoiceQuestion, ...] = Field(min_length=4, max_length=4)
    post: tuple[ChoiceQuestion, ...] = Field(min_length=4, max_length=4)

    @property
    def questions(self) -> tuple[ChoiceQuestion, ...]:
        """Both forms, `pre` first."""
        return (*self.pre, *self.post)


class Case(Model):
    """A whole case in one language."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    language: Language = "en"
    title: Text
    summary: Text
    minutes: Annotated[int, Field(ge=5, le=120)]
    difficulty: Difficulty
    authors: tuple[Text, ...] = Field(min_length=1)
    review: Review = Review()
    licence: Text
    as_of: dt.date
    jurisdictions: tuple[Text, ...] = Field(min_length=1)
    professions: tuple[Profession, ...] = Field(min_length=1)
    competencies: tuple[CanMeds, ...] = Field(min_length=1)
    principles: tuple[Principle, ...] = Field(min_length=1)
    four_boxes: tuple[FourBox, ...] = Field(min_length=1)
    supervision: Annotated[int, Field(ge=1, le=5)]
    """The level of supervision whose judgement it exercises (ten Cate): 1 observe, 2 act under
    direct supervision, 3 under indirect, 4 unsupervised, 5 supervise others."""
    vignette: Text
    stages: tuple[Stage, ...] = Field(min_length=1)
    debrief: Debrief
    self_test: SelfTest | None = None

    @property
    def expectations(self) -> tuple[Expectation, ...]:
        """All of them, in the order of the stages."""
        return tuple(e for s in self.stages for e in s.expectations)

    @property
    def misconceptions(self) -> tuple[Misconception, ...]:
        """All of them, in the order of the stages."""
        return tuple(m for s in self.stages for m in s.misconceptions)

    @property
    def positions(self) -> tuple[Position, ...]:
        """All of them, in the order of the stages."""
        return tuple(p for s in self.stages for p in s.positions)

    @property
    def choices(self) -> tuple[ChoiceQuestion, ...]:
        """The questions of both forms of the self-test; none where the case has no test."""
        return self.self_test.questions if self.self_test else ()

    @property
    def graded(self) -> tuple[Expectation | Misconception, ...]:
        """What has a ladder and citations: expectations, then misconceptions."""
        found: list[Expectation | Misconception] = [*self.expectations]
        found += self.misconceptions
        return tuple(found)

    def road(self, entered: Collection[str] = ()) -> tuple[Stage, ...]:
        """The stages as a learner sees them ahead: what follows a decision is one step of it.

        Stages that only one branch leads to stand for each other; the one that was entered is
        shown, and before that the first, so that the alternatives are not given away.
        """
        shown: list[Stage] = []
        for stage in self.stages:
            aftermath = stage.kind == "reflect" and not stage.expectations
            if aftermath and shown and shown[-1].kind == "reflect" and not shown[-1].expectations:
                if stage.id in entered and shown[-1].id not in entered:
                    shown[-1] = stage
                continue
            shown.append(stage)
        return tuple(shown)

    def stage(self, stage_id: str) -> Stage:
        """The stage of that id.

        Raises:
            KeyError: there is none.
        """
        for stage in self.stages:
            if stage.id == stage_id:
                return stage
        raise KeyError(stage_id)


class ExpectationText(Model):
    """The words of an expectation in another language."""

    topic: Text
    statement: Text
    accept: tuple[Text, ...] = Field(min_length=5)
    near_miss: tuple[Text, ...] = Field(min_length=3)
    hints: tuple[Text, ...] = Field(min_length=3, max_length=3)
    prompt: Text
    assertion: Text
    cites: tuple[Cite, ...] = ()
    """Quotes in this language, for the digests that exist in it; the rest stay as in English."""


class MisconceptionText(Model):
    """The words of a misconception in another language."""

    topic: Text
    statement: Text
    exemplars: tuple[Text, ...] = Field(min_length=5)
    near_miss: tuple[Text, ...] = Field(min_length=3)
    corrected: Text
    repair: tuple[Text, ...] = Field(min_length=5)
    hints: tuple[Text, ...] = Field(min_length=3, max_length=3)
    prompt: Text
    correction: Text
    cites: tuple[Cite, ...] = ()


class PositionText(Model):
    """The words of a position in another language."""

    topic: Text
    statement: Text
    exemplars: tuple[Text, ...] = Field(min_length=5)
    challenge: Text


class StageText(Model):
    """The words of a stage in another language."""

    title: Text
    reveal: Text | None = None
    question: Text


class ChoiceText(Model):
    """The words of a multiple-choice question in another language; options in the same order."""

    stem: Text
    options: tuple[Text, ...] = Field(min_length=3, max_length=5)
    rationale: Text
    cites: tuple[Cite, ...] = ()


class DebriefText(Model):
    """The words of the debrief in another language."""

    synthesis: Text
    questions: tuple[Text, ...] = Field(min_length=2)
    reading: tuple[Reading, ...] = Field(min_length=1)


class Translation(Model):
    """`zh-Hant.yaml` or `zh-Hans.yaml`: texts only, keyed by the ids of `case.yaml`."""

    language: Literal["zh-Hant", "zh-Hans"]
    version: Text
    """The version of `case.yaml` that it was written for."""
    title: Text
    summary: Text
    vignette: Text
    stages: dict[str, StageText]
    expectations: dict[str, ExpectationText]
    misconceptions: dict[str, MisconceptionText]
    positions: dict[str, PositionText] = {}
    debrief: DebriefText
    self_test: dict[str, ChoiceText] = {}
