"""The event store: append-only, one transaction a turn, nothing lost and nothing doubled."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from tutor.dialogue import Event
from tutor.errors import BrokenRecord, Conflict, NotFound, StaleTurn
from tutor.records.database import erase_traces, reading, writing
from tutor.records.rows import (
    EventRowOut,
    Stored,
    StoredEvents,
    TurnKey,
    answered,
    events_of,
    insert_rows,
    last_seq,
    read_rows,
)
from tutor.records.selftests import SelfTestStore
from tutor.records.tables import SessionRow

_log = logging.getLogger(__name__)


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


class EventStore:
    """Sessions and their events. Raises RecordsError and its kin, NotFound, StaleTurn, Conflict."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.self_tests = SelfTestStore(engine)
        """Beside the events and not among them: the dialogue never knows how a test went."""

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
            stored = insert_rows(connection, session_id, case_id, 0, events, at, None)
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
                before = answered(connection, session_id, key)
                if before is not None:
                    return before
            found = last_seq(connection, session_id)
            if found != expected_seq:
                raise StaleTurn(expected_seq, found)
            try:
                stored = insert_rows(connection, session_id, case_id, found, events, at, key)
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
            return answered(connection, session_id, key)

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
            rows = connection.execute(events_of([session_id])).all()
        return SessionRecord(
            session_id, user_id, found.case_id, found.created_at, read_rows(session_id, rows)
        )

    def list_for(self, user_id: str) -> list[SessionRecord]:
        """The sessions of a user, the one used last first. One that cannot be read is left out."""
        with reading(self._engine) as connection:
            sessions = connection.execute(
                select(SessionRow.id, SessionRow.case_id, SessionRow.created_at)
                .where(SessionRow.user_id == user_id)
                .order_by(SessionRow.created_at)
            ).all()
            by_session: dict[str, list[EventRowOut]] = {s.id: [] for s in sessions}
            for row in connection.execute(events_of(list(by_session))):
                by_session[row.session_id].append(row)
        records = []
        for session in sessions:
            try:
                stored = read_rows(session.id, by_session[session.id])
            except BrokenRecord as error:
                _log.error("A session is left out of a list. %s", error)
                continue
            records.append(
                SessionRecord(session.id, user_id, session.case_id, session.created_at, stored)
            )
        return sorted(records, key=lambda r: r.stored[-1].at, reverse=True)

    def every(self, key: Callable[[str], str]) -> Iterator[SessionRecord]:
        """Everybody's sessions, each read when it is its turn, in the order of a key of their ids.

        One that cannot be read is left out.
        """
        with reading(self._engine) as connection:
            sessions = connection.execute(
                select(SessionRow.id, SessionRow.user_id, SessionRow.case_id, SessionRow.created_at)
            ).all()
        for session in sorted(sessions, key=lambda row: key(row.id)):
            with reading(self._engine) as connection:
                rows = connection.execute(events_of([session.id])).all()
            try:
                stored = read_rows(session.id, rows)
            except BrokenRecord as error:
                _log.error("A session is left out of an export. %s", error)
                continue
            yield SessionRecord(
                session.id, session.user_id, session.case_id, session.created_at, stored
            )

    def delete(self, session_id: str, *, user_id: str) -> None:
        """Erase a session: what hangs on it is overwritten, not only unlinked.

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
