"""Which judgements an educator should look at: queued in the transaction that stores the events.

A row points at an event and never repeats what was said, so that erasing a session erases it all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Connection, func, insert, select, update

from tutor.dialogue import EVENT, REPAIR, Contested, Covered, Event, Judged, LearnerSaid
from tutor.dialogue.events import MisconceptionVoiced, SessionOpened, TutorMoved
from tutor.records.tables import EventRow, ReviewRow

UNRESOLVED = "unresolved"


def queue_reviews(
    connection: Connection,
    session_id: str,
    case_id: str,
    events: Sequence[tuple[int, Event]],
    at: dt.datetime,
) -> None:
    """Queue what is contested or unsure in new events, and note what the learner says to a doubt.

    Positions are left out: none is wrong, and nobody is asked to confirm one.
    """
    spoken = _spoken(events)
    rows: list[dict[str, object]] = []

    def add(seq: int, target: str, reason: str) -> None:
        language = spoken or _language(connection, session_id, seq)
        row = {"session_id": session_id, "seq": seq, "case_id": case_id, "target": target}
        more = {"language": language, "reason": reason, "status": "open", "created_at": at}
        rows.append(row | more)

    for seq, event in events:
        match event:
            case Contested(target=target):
                add(seq, target, "contested")
            case Judged(judgements=judgements):
                for judgement in judgements:
                    target = judgement.target
                    if judgement.verdict == "unsure" and _matters(
                        connection, session_id, target, seq
                    ):
                        add(seq, target, UNRESOLVED)
            case Covered(target=target, by="confirmed"):
                _resolve(connection, session_id, target, "confirmed")
            case LearnerSaid(acts=acts) if acts[0] == "disagree":
                asked = _last(connection, session_id, seq, "tutor_moved")
                if isinstance(asked, TutorMoved) and asked.move == "confirm" and asked.target:
                    _resolve(connection, session_id, asked.target, "denied")
            case _:
                pass
    if rows:
        connection.execute(insert(ReviewRow), rows)


def _matters(connection: Connection, session_id: str, target: str, seq: int) -> bool:
    """A corrected idea is waited for only once the error was heard."""
    if target.startswith("P"):
        return False
    if not target.endswith(REPAIR):
        return True
    found = connection.scalars(
        select(EventRow.payload).where(
            EventRow.session_id == session_id,
            EventRow.type == "misconception_voiced",
            EventRow.seq < seq,
        )
    )
    voiced = (EVENT.validate_json(payload) for payload in found)
    base = target.removesuffix(REPAIR)
    return any(isinstance(e, MisconceptionVoiced) and e.target == base for e in voiced)


def _resolve(connection: Connection, session_id: str, target: str, reason: str) -> None:
    """The doubt of late about that target: it is the one the learner was asked about."""
    doubts = (
        ReviewRow.session_id == session_id,
        ReviewRow.target == target,
        ReviewRow.reason == UNRESOLVED,
    )
    last = connection.scalar(select(func.max(ReviewRow.seq)).where(*doubts))
    if last is not None:
        connection.execute(
            update(ReviewRow).where(*doubts, ReviewRow.seq == last).values(reason=reason)
        )


def _spoken(events: Sequence[tuple[int, Event]]) -> str | None:
    """The language of the learner's words among these events."""
    return next((e.language for _, e in events if isinstance(e, LearnerSaid)), None)


def _language(connection: Connection, session_id: str, seq: int) -> str:
    """That of the learner's words before an event; of the session where there are none."""
    said = _last(connection, session_id, seq, "learner_said", "session_opened")
    return said.language if isinstance(said, LearnerSaid | SessionOpened) else "en"


def _last(connection: Connection, session_id: str, seq: int, *types: str) -> Event | None:
    payload = connection.scalar(
        select(EventRow.payload)
        .where(EventRow.session_id == session_id, EventRow.seq < seq, EventRow.type.in_(types))
        .order_by(EventRow.seq.desc())
        .limit(1)
    )
    return None if payload is None else EVENT.validate_json(payload)
