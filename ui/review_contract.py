"""What the service says of the review queue, typed."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from ui.contract import Answer, Language

REASONS = ("contested", "confirmed", "denied", "unresolved")
STATES = ("open", "decided")
MAX_EXAMPLE = 400
"""Characters of an example; the service refuses more."""


class Heard(Answer):
    """What a judge made of the words."""

    verdict: str
    probability: float
    span: str | None = None


class Item(Answer):
    """A judgement that waits, or was decided on."""

    id: int
    case_id: str
    case_title: str
    target: str
    kind: str
    statement: str | None = None
    language: Language
    reason: str
    state: Literal["open", "decided"]
    at: dt.datetime
    said: str = ""
    note: str | None = None
    asked: str | None = None
    heard: Heard | None = None


class Page(Answer):
    """Some of the queue."""

    total: int
    offset: int = 0
    items: tuple[Item, ...] = ()


class Decision(Answer):
    """One version of a decision."""

    subject: str
    version: int
    review_id: int | None = None
    verdict: str
    case_title: str
    target: str
    statement: str | None = None
    language: Language
    role: str | None = None
    text: str | None = None
    by: str
    at: dt.datetime
    in_force: bool = False


class Decisions(Answer):
    """Some decisions, the newest first."""

    total: int
    offset: int = 0
    decisions: tuple[Decision, ...] = ()


class Idea(Answer):
    """A misconception that can be named."""

    id: str
    statement: str


class ItemDetail(Item):
    """Everything needed to decide."""

    version: int = 0
    verdicts: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()
    near_miss: tuple[str, ...] = ()
    misconceptions: tuple[Idea, ...] = ()
    now: Heard | None = None
    decisions: tuple[Decision, ...] = ()


class Gain(Answer):
    """What a case has waiting and has learned, in one language."""

    case_id: str
    case_title: str
    language: Language
    open: int = 0
    decided: int = 0
    accept: int = 0
    near_miss: int = 0
    ideas: int = 0
    of_ideas: int = 0
