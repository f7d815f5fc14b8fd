"""Small batches of real shape, and people to rate them."""

from __future__ import annotations

import datetime as dt

from tutor.rating import Item, Line, Origin, TurnContent, load_rubric
from tutor.records.ratings import Batch

AT = dt.datetime(2026, 11, 26, tzinfo=dt.UTC)
DIMENSIONS = [d.id for d in load_rubric("turn").dimensions]


def a_turn(number: int, system: str = "secret-system", **origin: object) -> Item:
    """A turn of the tutor."""
    talk = (
        Line(who="tutor", text="What would you weigh?"),
        Line(who="learner", text=f"He said no, <b>{number}</b>."),
    )
    content = TurnContent(
        case_title="The sister", vignette="A trainee asks.", talk=talk, turn=f"Why, {number}?"
    )
    held: dict[str, object] = {
        "system": system,
        "log": "dialogue-secret",
        "sample": f"secret-sample-{number}",
        "case": f"case-{number % 3}",
        "pair": f"pair-{number}",
    }
    return Item(language="en", content=content, origin=Origin.model_validate(held | origin))


def a_batch(name: str = "first", raters: int = 2, apart: int = 2) -> Batch:
    """A batch of turns, without its items."""
    return Batch(name, "turn", 0, raters, apart, load_rubric("turn"), AT)


def all_at(step: int, **other: int | None) -> dict[str, int | None]:
    """The same step on every dimension but some."""
    return dict.fromkeys(DIMENSIONS, step) | other
