"""What the service says of ratings by people, typed."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from ui.contract import Answer, Language

MAX_WORDS = 2000
"""Characters of a comment or a reason; the service refuses more."""


class Mine(Answer):
    """How far this visitor is."""

    done: int
    handed_in: bool


class Batch(Answer):
    """Items that are rated together."""

    name: str
    kind: str
    items: int
    languages: tuple[Language, ...] = ()
    raters: int
    seated: int
    handed_in: int
    created_at: dt.datetime
    stage: str
    disputes: int | None = None
    disputes_open: int | None = None
    mine: Mine | None = None
    may_settle: bool = False


class Step(Answer):
    """One step of a scale."""

    label: str
    example: str


class Dimension(Answer):
    """One thing that is rated."""

    id: str
    name: str
    question: str
    not_applicable: str | None = None
    steps: tuple[Step, ...]

    def label(self, score: int | None) -> str:
        """What a score says."""
        return (self.not_applicable or "") if score is None else self.steps[score].label


class Rubric(Answer):
    """What raters go by, in one language."""

    kind: str
    version: str
    language: Language
    title: str
    lead: str
    situation: str
    dimensions: tuple[Dimension, ...]


class Line(Answer):
    """Something said before."""

    who: str
    text: str


class TurnContent(Answer):
    """A turn of the tutor with what came before it."""

    kind: Literal["turn"]
    case_title: str
    vignette: str = ""
    talk: tuple[Line, ...]
    turn: str


class Quote(Answer):
    """What a sentence rests on."""

    source: str
    quote: str


class Sentence(Answer):
    """A sentence of an answer."""

    text: str
    quotes: tuple[Quote, ...] = ()


class AnswerContent(Answer):
    """A question to the corpus and its answer."""

    kind: Literal["answer"]
    question: str
    sentences: tuple[Sentence, ...]


Content = Annotated[TurnContent | AnswerContent, Field(discriminator="kind")]


class Mark(Answer):
    """What this visitor gave."""

    scores: dict[str, int | None] = {}
    cannot_judge: bool = False
    comment: str = ""


class Task(Answer):
    """An item, at its place in this visitor's order."""

    batch: str
    position: int
    total: int
    language: Language
    content: Content
    mark: Mark
    progress: tuple[str, ...]
    handed_in: bool = False

    @property
    def left(self) -> list[int]:
        """Places that are not rated yet."""
        return [n for n, state in enumerate(self.progress, 1) if state in {"open", "begun"}]


class Ruling(Answer):
    """What was settled."""

    score: int | None = None
    reason: str
    version: int


class Difference(Answer):
    """A dimension on which raters differ."""

    dimension: str
    scores: dict[str, int | None]
    ruling: Ruling | None = None


class Dispute(Answer):
    """An item on which raters differ."""

    number: int
    language: Language
    content: Content
    comments: dict[str, str] = {}
    differences: tuple[Difference, ...]


class DisputeLine(Answer):
    """The same in a list."""

    number: int
    language: Language
    dimensions: tuple[str, ...]
    settled: bool


class Count(Answer):
    """What was given on one dimension."""

    dimension: str
    steps: tuple[int, ...]
    not_applicable: int
    pairs: int
    same: int


class Counts(Answer):
    """What was given in a batch."""

    items: int
    cannot_judge: int
    counts: tuple[Count, ...]
