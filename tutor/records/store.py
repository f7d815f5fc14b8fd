"""The event store: append-only, one transaction a turn, nothing lost and nothing doubled."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import ValidationError
from sqlalchemy import Connection, Engine, Row, Select, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from tutor.dialogue import EVENT, Contested, Event
from tutor.errors import BrokenRecord, Conflict, NotFound, StaleTurn
from tutor.records.database import erase_traces, reading, writing
from tutor.records.tables import EventRow, ReviewRow, SessionRow, TurnKeyRow

_EventRow = Row[str, int, str, dt.datetime]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stored:
    """An event, its 1-based number in the session, and when it was stored (UTC)."""

    seq: int
    at: dt.datetime
    event: Event


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A session as it is stored: its events, and whose it is."""

    id: str
    user_id: str
    case_id: str
    created_at: dt.datetime
    stored: tuple[Stored, ...]

    @property
    def events(self) -> list[Event]:
        """The events alone, for the engine."""
        return [s.event for s in self.stored]

    @property
    def seq(self) -> int:
        """The number of the last event."""
        return len(self.stored)


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


class EventStore:
    """Sessions and their events. Raises RecordsError and its kin, NotFound, StaleTurn, Conflict."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def create(
        self,
        session_id: str,
        *,
        user_id: str,
        case_id: str,
        events: Sequence[Event],
        at: dt.datetime,
    ) -> SessionRecord:
        """A new session with its first events.

        Raises:
            Conflict: there is a session of that id.
        """
        with writing(self._engine) as connection:
            row = {"id": session_id, "user_id": user_id, "case_id": case_id, "created_at": at}
            try:
                connection.execute(insert(SessionRow), row)
            except IntegrityError as error:
                raise Conflict(
                    f"The session {session_id} exists, or its user does not.",
                    remedy="Open the case again.",
                ) from error
            stored = _insert(connection, session_id, case_id, 0, events, at, None)
        return SessionRecord(session_id, user_id, case_id, at, stored)

    def append(
        self,
        session_id: str,
        expected_seq: int,
        key: TurnKey | None,
        events: Sequence[Event],
        *,
        at: dt.datetime,
    ) -> StoredEvents:
        """Append the events of a turn, all or none.

        Args:
            session_id: the session.
            expected_seq: the number of its last event, as the caller knew it.
            key: where it has been answered before, that answer is returned and nothing stored.
            events: to append.
            at: when.

        Raises:
            NotFound: there is no such session.
            StaleTurn: others were faster.
            Conflict: the key was used for another request.
        """
        with writing(self._engine) as connection:
            case_id = connection.scalar(
                select(SessionRow.case_id).where(SessionRow.id == session_id)
            )
            if case_id is None:
                raise NotFound("session")
            if key is not None:
                before = _answered(connection, session_id, key)
                if before is not None:
                    return before
            found = _last_seq(connection, session_id)
            if found != expected_seq:
                raise StaleTurn(expected_seq, found)
            try:
                stored = _insert(connection, session_id, case_id, found, events, at, key)
            except IntegrityError as error:
                # Two writers at once on a database without one write lock for all.
                raise StaleTurn(expected_seq, found + 1) from error
        return StoredEvents(stored)

    def answered(self, session_id: str, key: TurnKey) -> StoredEvents | None:
        """The answer that a key has had, if any.

        Raises:
            Conflict: the key was used for another request.
        """
        with reading(self._engine) as connection:
            return _answered(connection, session_id, key)

    def load(self, session_id: str, *, user_id: str) -> SessionRecord:
        """A session of a user.

        Raises:
            NotFound: there is none of that id, or it is somebody else's.
            BrokenRecord: a stored event cannot be read.
        """
        with reading(self._engine) as connection:
            found = connection.execute(
                select(SessionRow.created_at, SessionRow.case_id).where(
                    SessionRow.id == session_id, SessionRow.user_id == user_id
                )
            ).one_or_none()
            if found is None:
                raise NotFound("session", remedy="Choose one from your sessions, or open a case.")
            rows = connection.execute(_events_of([session_id])).all()
        return SessionRecord(
            session_id, user_id, found.case_id, found.created_at, _read(session_id, rows)
        )

    def list_for(self, user_id: str) -> list[SessionRecord]:
        """The sessions of a user, the one used last first. One that cannot be read is left out."""
        with reading(self._engine) as connection:
            sessions = connection.execute(
                select(SessionRow.id, SessionRow.case_id, SessionRow.created_at)
                .where(SessionRow.user_id == user_id)
                .order_by(SessionRow.created_at)
            ).all()
            by_session: dict[str, list[_EventRow]] = {s.id: [] for s in sessions}
            for row in connection.execute(_events_of(list(by_session))):
                by_session[row.session_id].append(row)
        records = []
        for session in sessions:
            try:
                stored = _read(session.id, by_session[session.id])
            except BrokenRecord as error:
                _log.error("A session is left out of a list. %s", error)
                continue
            records.append(
                SessionRecord(session.id, user_id, session.case_id, session.created_at, stored)
            )
        return sorted(records, key=lambda r: r.stored[-1].at, reverse=True)

    def delete(self, session_id: str, *, user_id: str) -> None:
        """Erase a session: its events, keys and reviews are overwritten, not only unlinked.

        Raises:
            NotFound: there is none of that id, or it is somebody else's.
        """
        with writing(self._engine) as connection:
            gone = connection.execute(
                delete(SessionRow).where(SessionRow.id == session_id, SessionRow.user_id == user_id)
            )
            if gone.rowcount == 0:
                raise NotFound("session")
        erase_traces(self._engine)

    def ping(self) -> None:
        """Read something; raises RecordsError where that fails."""
        with reading(self._engine) as connection:
            connection.scalar(select(func.count()).select_from(SessionRow))


def _events_of(session_ids: list[str]) -> Select[str, int, str, dt.datetime]:
    return (
        select(EventRow.session_id, EventRow.seq, EventRow.payload, EventRow.at)
        .where(EventRow.session_id.in_(session_ids))
        .order_by(EventRow.session_id, EventRow.seq)
    )


def _last_seq(connection: Connection, session_id: str) -> int:
    last = select(func.max(EventRow.seq)).where(EventRow.session_id == session_id)
    return connection.scalar(last) or 0


def _answered(connection: Connection, session_id: str, key: TurnKey) -> StoredEvents | None:
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
        _events_of([session_id]).where(EventRow.seq.between(found.first_seq, found.last_seq))
    ).all()
    return StoredEvents(_read(session_id, rows, found.first_seq), replayed=True)


def _insert(
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
    reviews = [
        {
            "session_id": session_id,
            "seq": s.seq,
            "case_id": case_id,
            "target": s.event.target,
            "status": "open",
            "created_at": at,
        }
        for s in stored
        if isinstance(s.event, Contested)
    ]
    if reviews:
        connection.execute(insert(ReviewRow), reviews)
    return stored


def _read(session_id: str, rows: Iterable[_EventRow], first: int = 1) -> tuple[Stored, ...]:
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
