"""What raters send; what comes back is in `tutor.rating.views`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tutor.api.schemas import Shape
from tutor.rating.rubric import TOP

MAX_WORDS = 2000
DimensionId = Annotated[str, Field(max_length=40)]
ScoreIn = Annotated[int, Field(ge=0, le=TOP, strict=True)] | None
"""None: the question does not arise."""


class MarkIn(Shape):
    """What changes of a rating; the rest stays as it is."""

    scores: Annotated[dict[DimensionId, ScoreIn], Field(max_length=40)] = {}
    cannot_judge: bool | None = None
    comment: Annotated[str, Field(max_length=MAX_WORDS)] | None = None


class RulingIn(Shape):
    """What holds on a dimension on which raters differ."""

    dimension: DimensionId
    score: ScoreIn
    reason: Annotated[str, Field(max_length=MAX_WORDS)]
    version: Annotated[int, Field(ge=0, le=2**31 - 2)]
    """Of the ruling as it was seen, 0 for none: one by somebody else is not overlooked."""
