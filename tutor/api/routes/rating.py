"""Ratings by people, for evaluators and educators: rate, hand in, settle where raters differ."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from ingest import Language
from tutor.api.deps import RatingsDep, require_role
from tutor.api.rating_schemas import MarkIn, RulingIn
from tutor.rating.views import (
    BatchView,
    CountsView,
    DisputeLine,
    DisputeView,
    RubricView,
    TaskView,
)
from tutor.records import User
from tutor.records.rating_tables import NAME_LENGTH
from tutor.records.ratings import Change

router = APIRouter(prefix="/rating", tags=["rating"])
Rater = Annotated[User, Depends(require_role("evaluator", "educator"))]
Name = Annotated[str, Path(max_length=NAME_LENGTH)]
Place = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("/batches")
def batches(user: Rater, ratings: RatingsDep) -> list[BatchView]:
    """Every batch, the newest first, with how far the caller is."""
    return ratings.batches(user)


@router.get("/batches/{name}")
def batch(user: Rater, ratings: RatingsDep, name: Name) -> BatchView:
    """One batch."""
    return ratings.batch(name, user)


@router.get("/batches/{name}/rubric")
def rubric(
    _: Rater, ratings: RatingsDep, name: Name, lang: Annotated[Language, Query()] = "en"
) -> RubricView:
    """The rubric that the batch was made with."""
    return ratings.rubric(name, lang)


@router.post("/batches/{name}/begin")
def begin(user: Rater, ratings: RatingsDep, name: Name) -> BatchView:
    """Become one of its raters; safe to repeat. Where all seats are taken the answer is 409."""
    return ratings.begin(name, user)


@router.get("/batches/{name}/mine/{position}")
def task(user: Rater, ratings: RatingsDep, name: Name, position: Place) -> TaskView:
    """The item at a place in the caller's own order, and what the caller gave so far."""
    return ratings.task(name, position, user)


@router.patch("/batches/{name}/mine/{position}")
def rate(user: Rater, ratings: RatingsDep, name: Name, position: Place, body: MarkIn) -> TaskView:
    """Store what changes of the caller's rating; safe to repeat."""
    change = Change(body.scores, body.cannot_judge, body.comment)
    return ratings.rate(name, position, user, change)


@router.post("/batches/{name}/hand-in")
def hand_in(user: Rater, ratings: RatingsDep, name: Name) -> BatchView:
    """Close the caller's ratings: from then on they stay as they are."""
    return ratings.hand_in(name, user)


@router.get("/batches/{name}/disputes")
def disputes(user: Rater, ratings: RatingsDep, name: Name) -> list[DisputeLine]:
    """Where raters differ, for somebody who is none of them, once all have handed in."""
    return ratings.disputes(name, user)


@router.get("/batches/{name}/disputes/{number}")
def dispute(user: Rater, ratings: RatingsDep, name: Name, number: Place) -> DisputeView:
    """One such item, with what rater A and rater B gave."""
    return ratings.dispute(name, number, user)


@router.post("/batches/{name}/disputes/{number}", status_code=201)
def settle(
    user: Rater, ratings: RatingsDep, name: Name, number: Place, body: RulingIn
) -> DisputeView:
    """Settle one dimension of it with a reason, or change how it was settled."""
    return ratings.settle(
        name,
        number,
        user,
        dimension=body.dimension,
        score=body.score,
        reason=body.reason,
        version=body.version,
    )


@router.get("/batches/{name}/counts")
def counts(_: Rater, ratings: RatingsDep, name: Name) -> CountsView:
    """What was given, counted over the batch, once all raters have handed in."""
    return ratings.counts(name)
