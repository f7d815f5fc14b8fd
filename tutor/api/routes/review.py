"""The review queue, for educators: what was unsure or contested, and what they decide."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from ingest import Language
from tutor.api.deps import ReviewsDep, require_role
from tutor.api.review_schemas import DecisionIn, RevocationIn
from tutor.records import User
from tutor.review.queue import Filters, Reason, State
from tutor.review.views import DecisionPage, DecisionView, GainView, ReviewDetail, ReviewPage

router = APIRouter(prefix="/review", tags=["review"])
Educator = Annotated[User, Depends(require_role("educator"))]
Offset = Annotated[int, Query(ge=0, le=2**31)]
Limit = Annotated[int, Query(ge=1, le=100)]
ReviewId = Annotated[int, Path(ge=1, le=2**31 - 1)]
CaseId = Annotated[str | None, Query(max_length=200)]


@router.get("/items")
def items(
    _: Educator,
    reviews: ReviewsDep,
    case: CaseId = None,
    lang: Language | None = None,
    reason: Reason | None = None,
    state: State | None = None,
    offset: Offset = 0,
    limit: Limit = 20,
) -> ReviewPage:
    """Judgements that were contested or unsure, the oldest first; nothing says who spoke."""
    return reviews.page(Filters(case, lang, reason, state), offset, limit)


@router.get("/items/{review_id}")
def item(_: Educator, reviews: ReviewsDep, review_id: ReviewId) -> ReviewDetail:
    """One of them, with everything needed to decide."""
    return reviews.detail(review_id)


@router.post("/items/{review_id}/decisions", status_code=201)
def decide(
    user: Educator, reviews: ReviewsDep, review_id: ReviewId, body: DecisionIn
) -> ReviewDetail:
    """Decide, or change a decision. It is in force from the next turn of any session on.

    Sessions that are past stay as they are. Where another educator was faster the answer is 409.
    """
    return reviews.decide(
        review_id,
        body.verdict,
        by=user.name,
        version=body.version,
        text=body.text,
        misconception=body.misconception,
    )


@router.get("/decisions")
def decisions(
    _: Educator, reviews: ReviewsDep, case: CaseId = None, offset: Offset = 0, limit: Limit = 20
) -> DecisionPage:
    """Every version of what was decided, the newest first."""
    return reviews.history(case, offset, limit)


@router.post("/decisions/revoke")
def revoke(user: Educator, reviews: ReviewsDep, body: RevocationIn) -> DecisionView:
    """Take a decision back: it teaches nothing from the next turn on, and its history is kept."""
    return reviews.revoke(body.subject, by=user.name, version=body.version)


@router.get("/gains")
def gains(_: Educator, reviews: ReviewsDep) -> list[GainView]:
    """What every case has waiting, and what it has learned, by language."""
    return reviews.gains()
