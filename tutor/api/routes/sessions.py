"""Sessions and their turns."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Header, Response
from fastapi.responses import JSONResponse
from fastapi.sse import EventSourceResponse

from tutor.api.deps import BackendDep, CurrentUser, SessionsDep
from tutor.api.schemas import ContestRequest, Expecting, OpenSession, Reply, SwitchLanguage
from tutor.api.stream import SSE_HEADERS, streamed, wants_stream
from tutor.records.tables import KEY_LENGTH
from tutor.records.transcript import markdown
from tutor.records.views import SessionState, SessionSummary, TurnResult

router = APIRouter(prefix="/sessions", tags=["sessions"])
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=KEY_LENGTH,
        pattern=r"^[\x21-\x7e]+$",
        description="Made anew for every reply; the same key again gives the same answer.",
    ),
]


@router.post("", status_code=201)
def open_session(user: CurrentUser, sessions: SessionsDep, body: OpenSession) -> SessionState:
    """Open a case."""
    return sessions.create(user.id, body.case_id, body.language)


@router.get("")
def list_sessions(user: CurrentUser, sessions: SessionsDep) -> list[SessionSummary]:
    """The caller's sessions, the one used last first."""
    return sessions.list_for(user.id)


@router.get("/{session_id}")
def get_session(user: CurrentUser, sessions: SessionsDep, session_id: str) -> SessionState:
    """A session as it stands."""
    return sessions.get(user.id, session_id)


@router.post("/{session_id}/turns", response_model=TurnResult)
def turn(
    user: CurrentUser,
    backend: BackendDep,
    sessions: SessionsDep,
    session_id: str,
    body: Reply,
    key: Key = None,
    accept: Annotated[str | None, Header()] = None,
) -> TurnResult | Response:
    """A learner's reply. With `Accept: text/event-stream` the answer is streamed.

    The stream has an `entry` event for each new entry, then one `state`; or one `problem`.
    """
    if not wants_stream(accept):
        return sessions.turn(user.id, session_id, body.text, body.expected_seq, key)
    result = backend.turns.submit(
        sessions.turn, user.id, session_id, body.text, body.expected_seq, key
    )
    return EventSourceResponse(streamed(result), headers=SSE_HEADERS)


@router.post("/{session_id}/contest")
def contest(
    user: CurrentUser, sessions: SessionsDep, session_id: str, body: ContestRequest
) -> TurnResult:
    """The learner holds that they did say what an entry of the tutor asks for."""
    return sessions.contest(user.id, session_id, body.seq, body.note, body.expected_seq)


@router.post("/{session_id}/pause")
def pause(
    user: CurrentUser, sessions: SessionsDep, session_id: str, body: Expecting
) -> SessionState:
    """Put a session aside."""
    return sessions.pause(user.id, session_id, body.expected_seq)


@router.post("/{session_id}/resume")
def resume(
    user: CurrentUser, sessions: SessionsDep, session_id: str, body: Expecting
) -> SessionState:
    """Take a session up again."""
    return sessions.resume(user.id, session_id, body.expected_seq)


@router.post("/{session_id}/language")
def switch_language(
    user: CurrentUser, sessions: SessionsDep, session_id: str, body: SwitchLanguage
) -> SessionState:
    """Go on in another language."""
    return sessions.switch_language(user.id, session_id, body.language, body.expected_seq)


@router.post("/{session_id}/end")
def end(user: CurrentUser, sessions: SessionsDep, session_id: str, body: Expecting) -> TurnResult:
    """End the case early; the synthesis is given."""
    return sessions.end(user.id, session_id, body.expected_seq)


@router.get("/{session_id}/transcript")
def transcript(
    user: CurrentUser,
    sessions: SessionsDep,
    session_id: str,
    format: Literal["markdown", "json", "events"] = "markdown",
) -> Response:
    """The session to keep: a Markdown file, JSON, or the events themselves in order."""
    if format == "events":
        return JSONResponse(sessions.events(user.id, session_id))
    told = sessions.transcript(user.id, session_id)
    if format == "json":
        return JSONResponse(told.model_dump(mode="json"))
    name = f"maieutic-{told.session.case_id}-{told.session.created_at:%Y-%m-%d}.md"
    return Response(
        markdown(told),
        media_type="text/markdown; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.delete("/{session_id}", status_code=204)
def delete(user: CurrentUser, sessions: SessionsDep, session_id: str) -> None:
    """Erase a session and everything said in it."""
    sessions.delete(user.id, session_id)
