"""From what is shown to what is stored: every change is found, kept, and sent until it arrives.

A change is what a widget shows and did not show when it was last looked at. It is looked for when
Streamlit reports one and again before the page is drawn: of clicks in quick succession, which cut
a drawing short, not all are reported.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import streamlit as st

from ui import state
from ui.client import Body, ProblemError, ServiceError, SignInNeeded
from ui.rating_contract import Mark, Task

NOT_APPLICABLE = "na"
"""What stands for a score where the question does not arise."""
REFUSED = {"conflict", "validation", "not-found", "forbidden"}
"""Problems that sending the same again would only meet again."""
_HELD, _FAULT, _WIDGETS = "rating-unsaved", "rating-fault", "rating-widgets"
Scores = dict[str, int | None]
Change = dict[str, str | int | None | Scores]
Value = str | int | None


@dataclass(frozen=True, slots=True)
class _Widget:
    """A widget that was drawn: what it is about, and what it showed when last looked at."""

    batch: str
    position: int
    field: str
    """`cannot_judge`, `comment`, or a dimension."""
    shown: Value


def watch(key: str, task: Task, field: str, stored: Value) -> None:
    """Before a widget is drawn: let it show what is stored, and remember that it does.

    It is set only where that is news (a first drawing, another window, a refusal): set at every
    drawing, it would undo a click that is made meanwhile.
    """
    if key not in st.session_state or st.session_state[key] != stored:
        st.session_state[key] = stored
    _widgets()[key] = _Widget(task.batch, task.position, field, stored)


def gather() -> None:
    """Take every change that is shown, and send all that waits."""
    for key, widget in _widgets().items():
        now = st.session_state.get(key, widget.shown)
        if now == widget.shown:
            continue
        held = _held().setdefault((widget.batch, widget.position), {})
        if widget.field in {"cannot_judge", "comment"}:
            held[widget.field] = now if now is not None else ""
        elif now is not None:
            scores = cast("Scores", held.setdefault("scores", {}))
            scores[widget.field] = None if now == NOT_APPLICABLE else int(now)
        _widgets()[key] = replace(widget, shown=now)
    if _held():
        _send()


def fault() -> ServiceError | None:
    """What kept the last change from being stored."""
    return cast("ServiceError | None", st.session_state.get(_FAULT))


def refused() -> bool:
    """Whether the last change can never be stored, so that what is shown has gone back."""
    problem = fault()
    return isinstance(problem, ProblemError) and problem.name in REFUSED


def told() -> None:
    """The rater has been shown the fault; one that is over is not shown again."""
    if not _held():
        st.session_state.pop(_FAULT, None)


def overlaid(task: Task) -> Mark:
    """The rating as the rater sees it: what is stored, and over it what waits."""
    change = _held().get((task.batch, task.position), {})
    scores = {**task.mark.scores, **cast("Scores", change.get("scores") or {})}
    flag, words = change.get("cannot_judge"), change.get("comment")
    return Mark(
        scores=scores,
        cannot_judge=task.mark.cannot_judge if flag is None else bool(flag),
        comment=task.mark.comment if words is None else str(words),
    )


def _send() -> None:
    """Try everything that waits; the first failure is remembered for `fault`."""
    st.session_state.pop(_FAULT, None)
    for (batch, position), change in list(_held().items()):
        try:
            state.ratings().rate(batch, position, cast("Body", change))
        except SignInNeeded:
            return  # The page that is drawn next asks for it, and what waits is sent after that.
        except ProblemError as error:
            st.session_state[_FAULT] = error
            if error.name not in REFUSED:
                return
        except ServiceError as error:
            st.session_state[_FAULT] = error
            return
        _held().pop((batch, position), None)


def _held() -> dict[tuple[str, int], Change]:
    return cast("dict[tuple[str, int], Change]", st.session_state.setdefault(_HELD, {}))


def _widgets() -> dict[str, _Widget]:
    return cast("dict[str, _Widget]", st.session_state.setdefault(_WIDGETS, {}))
