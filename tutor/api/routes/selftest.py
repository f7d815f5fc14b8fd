"""The self-test of a session: four questions before the case, four after it, unaided."""

from __future__ import annotations

from fastapi import APIRouter

from tutor.api.deps import CurrentUser, SessionsDep
from tutor.api.schemas import HandIn
from tutor.records.papers import FormView, Paper, SelfTests
from tutor.records.selftests import Form

router = APIRouter(prefix="/sessions/{session_id}/self-test", tags=["self-test"])


@router.get("")
def self_tests(user: CurrentUser, sessions: SessionsDep, session_id: str) -> SelfTests:
    """How both forms stand; once the case has ended, with answers, reasons and sources."""
    return sessions.self_tests(user.id, session_id)


@router.get("/{form}")
def questions(user: CurrentUser, sessions: SessionsDep, session_id: str, form: Form) -> Paper:
    """The questions of a form that is open, without their keys.

    `pre` is open until the learner's first reply, `post` once the case has ended.
    """
    return sessions.paper(user.id, session_id, form)


@router.post("/{form}")
def hand_in(
    user: CurrentUser, sessions: SessionsDep, session_id: str, form: Form, body: HandIn
) -> FormView:
    """Hand a form in, once: question id to the key of the option chosen."""
    return sessions.hand_in(user.id, session_id, form, body.answers)
