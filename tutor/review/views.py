"""The queue, decisions and gains as the service tells of them."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict

from ingest import Language
from tutor.dialogue.events import Verdict as Heard
from tutor.dialogue.judge import TargetKind
from tutor.review.decisions import Verdict
from tutor.review.exemplars import Role
from tutor.review.queue import Reason, State


class View(BaseModel):
    """Frozen."""

    model_config = ConfigDict(frozen=True)


class HeardView(View):
    """What a judge makes of the words, for the idea in question."""

    verdict: Heard
    probability: float
    span: str | None
    assessor: str


class ReviewView(View):
    """A judgement of the queue. Nothing tells whose words they are."""

    id: int
    case_id: str
    case_title: str
    """In the language of the words; the id where the case is gone."""
    target: str
    kind: TargetKind
    statement: str | None
    """The idea in question; null where the case no longer has it."""
    language: Language
    reason: Reason
    state: State
    at: dt.datetime
    said: str
    note: str | None
    asked: str | None
    heard: HeardView | None


class ReviewPage(View):
    """Some of the queue, the oldest first."""

    total: int
    offset: int
    items: tuple[ReviewView, ...]


class DecisionView(View):
    """One version of a decision, and what it teaches."""

    subject: str
    version: int
    review_id: int | None
    """Null for one that was brought from elsewhere."""
    verdict: Verdict | Literal["revoked"]
    case_id: str
    case_title: str
    target: str
    statement: str | None
    language: Language
    role: Role | None
    text: str | None
    text_hash: str | None
    by: str
    at: dt.datetime
    in_force: bool
    """Whether it is the newest of its subject, and not revoked."""


class DecisionPage(View):
    """Some decisions, the newest first."""

    total: int
    offset: int
    decisions: tuple[DecisionView, ...]


class IdeaView(View):
    """An idea that can be named."""

    id: str
    statement: str


class ReviewDetail(ReviewView):
    """Everything needed to decide."""

    version: int
    """Of the newest decision, 0 where there is none: a decision must name it."""
    verdicts: tuple[Verdict, ...]
    """Those that fit this kind of idea."""
    accept: tuple[str, ...]
    """What counts as saying it already, the case's own and what was decided."""
    near_miss: tuple[str, ...]
    misconceptions: tuple[IdeaView, ...]
    """Of the case, to name one that the words hold."""
    now: HeardView | None
    """The same words, heard by the judge as it is now."""
    decisions: tuple[DecisionView, ...]


class GainView(View):
    """What a case has waiting and has learned, in one language."""

    case_id: str
    case_title: str
    language: Language
    open: int
    decided: int
    accept: int
    """Exemplars in force that say an idea."""
    near_miss: int
    """Exemplars in force that only seem to."""
    ideas: int
    """Ideas of the case that have at least one of them."""
    of_ideas: int
    """Ideas of the case that can have one."""
