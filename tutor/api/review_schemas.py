"""What an educator sends to the review queue; what comes back is in `tutor.review.views`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tutor.api.schemas import Shape
from tutor.review.decisions import Verdict

Version = Annotated[int, Field(ge=0, le=2**31 - 2)]


class DecisionIn(Shape):
    """A decision on what was said."""

    verdict: Verdict
    text: Annotated[str, Field(max_length=8000)] | None = None
    """The words that are to be an example; by default the piece that the judge heard."""
    misconception: Annotated[str, Field(max_length=40)] | None = None
    """Which one the words hold, where the verdict is `held`."""
    version: Version
    """Of the newest decision as it was seen, 0 for none: a decision of others is not overlooked."""


class RevocationIn(Shape):
    """Which decision is taken back."""

    subject: Annotated[str, Field(max_length=80)]
    version: Version
