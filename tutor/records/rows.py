"""Events as rows: how they are written, and read back with care."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import ValidationError
from sqlalchemy import Connection, Row, Select, func, insert, select

from tutor.dialogue import EVENT, Event
from tutor.errors import BrokenRecord, Conflict
from tutor.records.reviews import queue_reviews
from tutor.records.tables import EventRow, TurnKeyRow

EventRowOut = Row[str, int, str, dt.datetime]
"""Session id, seq, payload, time."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An event, its 1-based number in the session, and when it was stored (UTC)."""

    seq: int
    at: dt.datetime
    event: Event


@dataclass(frozen=True, slots=True)
class TurnKey:
    """The client's name for one attempt, and a sha256 of what was attempted."""

    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class StoredEvents:
    """The events of one turn, in order."""

    stored: tuple[Stored, ...]
    replayed: bool = False
    """True where they had been stored before, under the same key."""


def events_of(session_ids: list[str]) -> Select[str, int, str, dt.datetime]:
    return (
        select(EventRow.session_id, EventRow.seq, EventRow.payload, EventRow.at)
        .where(EventRow.session_id.in_(session_ids))
        .order_by(EventRow.session_id, EventRow.seq)
    )


def last_seq(connection: Connection, session_id: str) -> int:
    last = select(func.max(EventRow.seq)).where(EventRow.session_id == session_id)
    return connection.scalar(last) or 0


def answered(connection: Connection, session_id: str, key: TurnKey) -> StoredEvents | None:
    found = connection.execute(
        select(TurnKeyRow.fingerprint, TurnKeyRow.first_seq, TurnKeyRow.last_seq).where(
            TurnKeyRow.session_id == session_id, TurnKeyRow.key == key.key
        )
    ).one_or_none()
    if found is None:
        return None
    if found.fingerprint != key.fingerprint:
        raise Conflict(
            "The Idempotency-Key of this request was used before, for other words.",
            remedy="Make a new key for every reply; repeat one only to send the same reply again.",
        )
    rows = connection.execute(
        events_of([session_id]).where(EventRow.seq.between(found.first_seq, found.last_seq))
    ).all()
    return StoredEvents(read_rows(session_id, rows, found.first_seq), replayed=True)


def insert_rows(
    connection: Connection,
    session_id: str,
    case_id: str,
    after: int,
    events: Sequence[Event],
    at: dt.datetime,
    key: TurnKey | None,
) -> tuple[Stored, ...]:
    stored = tuple(Stored(seq, at, event) for seq, event in enumerate(events, after + 1))
    if not stored:
        return ()
    connection.execute(
        insert(EventRow),
        [
            {
                "session_id": session_id,
                "seq": s.seq,
                "type": s.event.type,
                "payload": EVENT.dump_json(s.event).decode(),
                "at": s.at,
                "turn_key": key.key if key else None,
            }
            for s in stored
        ],
    )
    if key is not None:
        connection.execute(
            insert(TurnKeyRow),
            {
                "session_id": session_id,
                "key": key.key,
                "fingerprint": key.fingerprint,
                "first_seq": stored[0].seq,
                "last_seq": stored[-1].seq,
            },
        )
    queue_reviews(connection, session_id, case_id, [(s.seq, s.event) for s in stored], at)
    return stored


def read_rows(session_id: str, rows: Iterable[EventRowOut], first: int = 1) -> tuple[Stored, ...]:
    stored: list[Stored] = []
    for expected, row in enumerate(rows, first):
        if row.seq != expected:
            raise BrokenRecord(session_id, expected, "it is missing")
        try:
            event = EVENT.validate_json(row.payload)
        except ValidationError as error:
            fault = error.errors()[0]
            place = ".".join(str(p) for p in fault["loc"]) or "the payload"
            raise BrokenRecord(session_id, row.seq, f"{place}: {fault['msg']}") from error
        stored.append(Stored(row.seq, row.at, event))
    if not stored:
        raise BrokenRecord(session_id, first, "it is missing")
    return tuple(stored)
