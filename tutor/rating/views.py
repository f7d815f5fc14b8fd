"""What raters and those who settle are shown. None of it says whose system an item is."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict

from ingest import Language
from tutor.rating.items import Content
from tutor.rating.rubric import DimensionText, Kind, Step

Progress = Literal["open", "begun", "done", "cannot"]
Stage = Literal["rating", "settling", "settled"]


class _View(BaseModel):
    model_config = ConfigDict(frozen=True)


class MineView(_View):
    """How far the caller is."""

    done: int
    handed_in: bool


class BatchView(_View):
    """A batch as one person sees it."""

    name: str
    kind: Kind
    items: int
    languages: tuple[Language, ...]
    raters: int
    seated: int
    handed_in: int
    created_at: dt.datetime
    stage: Stage
    disputes: int | None = None
    """Items on which raters differ; None until all have handed in."""
    disputes_open: int | None = None
    mine: MineView | None = None
    """None for somebody who does not rate it."""
    may_settle: bool = False


class DimensionView(_View):
    """A dimension in one language. It does not say which step is the good one."""

    id: str
    name: str
    question: str
    not_applicable: str | None
    steps: tuple[Step, ...]

    @classmethod
    def of(cls, name: str, text: DimensionText) -> DimensionView:
        """From the rubric."""
        return cls(id=name, **text.model_dump())


class RubricView(_View):
    """The rubric of a batch in one language."""

    kind: Kind
    version: str
    hash: str
    language: Language
    title: str
    lead: str
    situation: str
    dimensions: tuple[DimensionView, ...]


class MarkView(_View):
    """What the caller gave so far."""

    scores: dict[str, int | None] = {}
    cannot_judge: bool = False
    comment: str = ""


class TaskView(_View):
    """One item before its rater, at its place in that rater's own order."""

    batch: str
    position: int
    total: int
    language: Language
    content: Content
    mark: MarkView
    progress: tuple[Progress, ...]
    """Of every item, in this rater's order."""
    handed_in: bool


class RulingView(_View):
    """What was settled on one dimension."""

    score: int | None
    reason: str
    version: int


class DifferenceView(_View):
    """One dimension on which raters differ."""

    dimension: str
    scores: dict[str, int | None]
    """By rater: A, B, ..."""
    ruling: RulingView | None = None


class DisputeView(_View):
    """An item on which raters differ, with everything needed to settle it."""

    number: int
    language: Language
    content: Content
    comments: dict[str, str]
    differences: tuple[DifferenceView, ...]


class DisputeLine(_View):
    """The same in a list."""

    number: int
    language: Language
    dimensions: tuple[str, ...]
    settled: bool


class CountView(_View):
    """What raters gave on one dimension, counted; `eval rate results` has the statistics."""

    dimension: str
    steps: tuple[int, ...]
    """Ratings at each step, 0 to 2."""
    not_applicable: int
    pairs: int
    """Pairs of raters who both rated an item."""
    same: int
    """Of those, how many gave the same."""


class CountsView(_View):
    """Of a whole batch."""

    batch: str
    items: int
    cannot_judge: int
    counts: tuple[CountView, ...]
