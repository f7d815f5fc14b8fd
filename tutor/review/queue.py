"""The queue: what waits for an educator, with what was said and what the judge made of it.

Whose words they are is never read: an educator decides on words, not on people.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal, get_args

from pydantic import ValidationError
from sqlalchemy import Connection, Engine, func, select

from ingest import Language
from tutor.dialogue import EVENT, Contested, Event, Judged, Judgement, LearnerSaid
from tutor.dialogue.events import TutorMoved
from tutor.records.database import reading
from tutor.records.tables import EventRow, ReviewRow

Reason = Literal["contested", "confirmed", "denied", "unresolved"]
REASONS: tuple[Reason, ...] = get_args(Reason)
State = Literal["open", "decided"]
_BACK = 20
"""Answers looked back at for the words that a contest is about."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What to look at; None stands for everything."""

    case: str | None = None
    language: Language | None = None
    reason: Reason | None = None
    state: State | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One judgement of the queue."""

    id: int
    case_id: str
    target: str
    language: Language
    reason: Reason
    state: State
    at: dt.datetime
    said: str
    """The learner's words, redacted when they came in; empty where the record is damaged."""
    note: str | None
    """What the learner added when contesting."""
    asked: str | None
    """The tutor's words before that."""
    judgement: Judgement | None
    """What the judge heard; None where it judged nothing of that target."""


class Queue:
    """Reads the queue. Raises RecordsError and its kin."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def page(self, filters: Filters, offset: int, limit: int) -> tuple[int, list[Entry]]:
        """How many entries fit, and some of them, the oldest first."""
        wanted = {
            ReviewRow.case_id: filters.case,
            ReviewRow.language: filters.language,
            ReviewRow.reason: filters.reason,
            ReviewRow.status: filters.state,
        }
        where = [column == value for column, value in wanted.items() if value is not None]
        with reading(self._engine) as connection:
            total = connection.scalar(select(func.count()).select_from(ReviewRow).where(*where))
            rows = connection.execute(
                select(*ReviewRow.__table__.c)
                .where(*where)
                .order_by(ReviewRow.created_at, ReviewRow.id)
                .offset(offset)
                .limit(limit)
            ).all()
            return total or 0, [_entry(connection, row) for row in rows]

    def entry(self, review_id: int) -> Entry | None:
        """One of them."""
        with reading(self._engine) as connection:
            row = connection.execute(
                select(*ReviewRow.__table__.c).where(ReviewRow.id == review_id)
            ).first()
            return None if row is None else _entry(connection, row)

    def counts(self) -> dict[tuple[str, Language, State], int]:
        """How many there are, by case, language and state."""
        columns = (ReviewRow.case_id, ReviewRow.language, ReviewRow.status)
        with reading(self._engine) as connection:
            rows = connection.execute(select(*columns, func.count()).group_by(*columns)).all()
        return {(case, language, state): n for case, language, state, n in rows}  # type: ignore[misc]


def _entry(connection: Connection, row: Any) -> Entry:
    event = _at(connection, row.session_id, row.seq)
    heard = _answers(connection, row)
    if isinstance(event, Contested) and heard:
        # Which answer a contest is about is not recorded: the one nearest to the idea is shown.
        heard = sorted(heard, key=lambda a: a.judgement.probability if a.judgement else 0.0)
    answer = heard[-1] if heard else None
    moves = _before(connection, row.session_id, answer.seq if answer else 0, "tutor_moved", 1)
    asked = next((move for _, move in moves), None)
    return Entry(
        id=row.id,
        case_id=row.case_id,
        target=row.target,
        language=row.language,
        reason=row.reason,
        state=row.status,
        at=row.created_at,
        said=answer.text if answer else "",
        note=event.note if isinstance(event, Contested) else None,
        asked=asked.text if isinstance(asked, TutorMoved) else None,
        judgement=answer.judgement if answer else None,
    )


@dataclass(frozen=True, slots=True)
class _Answer:
    """Words of the learner, and what was heard of the target in them."""

    seq: int
    text: str
    judgement: Judgement | None


def _answers(connection: Connection, row: Any) -> list[_Answer]:
    """The learner's words before an entry; the last of them last, and enough for an unsure one."""
    back = _BACK if row.reason == "contested" else 1
    spoken = _before(connection, row.session_id, row.seq, "learner_said", back)
    return [
        _Answer(seq, said.text, _judgement(connection, row, seq))
        for seq, said in reversed(spoken)
        if isinstance(said, LearnerSaid)
    ]


def _judgement(connection: Connection, row: Any, said_at: int) -> Judgement | None:
    """What was heard of the target in the words at that place, before anything else was said."""
    following = (EventRow.session_id == row.session_id, EventRow.seq > said_at)
    then = connection.scalar(
        select(func.min(EventRow.seq)).where(*following, EventRow.type == "learner_said")
    )
    judged = connection.scalar(
        select(EventRow.payload)
        .where(
            *following,
            EventRow.type == "judged",
            EventRow.seq <= row.seq,
            EventRow.seq < (then or row.seq + 1),
        )
        .order_by(EventRow.seq)
        .limit(1)
    )
    event = _read(judged)
    found = event.judgements if isinstance(event, Judged) else ()
    return next((j for j in found if j.target == row.target), None)


def _at(connection: Connection, session_id: str, seq: int) -> Event | None:
    where = (EventRow.session_id == session_id, EventRow.seq == seq)
    return _read(connection.scalar(select(EventRow.payload).where(*where)))


def _before(
    connection: Connection, session_id: str, seq: int, type_: str, limit: int
) -> list[tuple[int, Event | None]]:
    """Events of a type, the last before `seq` first."""
    rows = connection.execute(
        select(EventRow.seq, EventRow.payload)
        .where(EventRow.session_id == session_id, EventRow.seq < seq, EventRow.type == type_)
        .order_by(EventRow.seq.desc())
        .limit(limit)
    ).all()
    return [(row.seq, _read(row.payload)) for row in rows]


def _read(payload: str | None) -> Event | None:
    """None for a damaged event: one must not close the queue; its own session says what it is."""
    try:
        return None if payload is None else EVENT.validate_json(payload)
    except ValidationError:
        return None
