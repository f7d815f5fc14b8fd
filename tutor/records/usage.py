"""The account of a chat model: one row a call, appended as the call ends, never changed.

Sums are taken when they are asked for, so that nothing is lost or doubled by a restart. A row
outlives its session: who erases a session does not get a day's tokens back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Engine,
    ForeignKey,
    Index,
    Integer,
    String,
    cast,
    func,
    insert,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from tutor.records.database import reading, writing
from tutor.records.tables import ID_LENGTH, Base, SessionRow, UserRow
from tutor.records.users import folded

DAY = dt.timedelta(hours=24)
"""The window of a user's limit: it slides, so that no time zone decides when a day begins."""


class LlmCallRow(Base):
    """A call to a chat model. No words: numbers, and whose they are."""

    __tablename__ = "llm_calls"
    __table_args__ = (Index(None, "user_id", "at"), Index(None, "session_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    session_id: Mapped[str | None] = mapped_column(
        String(ID_LENGTH), ForeignKey("sessions.id", ondelete="SET NULL")
    )
    model: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str] = mapped_column(String(20))
    """`mark`, `word` or `answer`."""
    prompt: Mapped[str] = mapped_column(String(40))
    """The version of the prompt."""
    tokens_in: Mapped[int]
    tokens_out: Mapped[int]
    estimated: Mapped[bool]
    """The model's message said nothing of its tokens, or never came."""
    cost_millionths: Mapped[int | None] = mapped_column(BigInteger)
    """Of the currency of the prices; None where no price was set when the call was made."""
    at: Mapped[dt.datetime]


@dataclass(frozen=True, slots=True)
class Call:
    """What a call used."""

    user_id: str
    session_id: str | None
    model: str
    purpose: str
    prompt: str
    tokens_in: int
    tokens_out: int
    estimated: bool
    cost_millionths: int | None
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Spent:
    """Tokens, in and out together."""

    session: int
    """Of the session, since it began."""
    day: int
    """Of its user, in the 24 hours before."""


@dataclass(frozen=True, slots=True)
class UsageLine:
    """The sums of a user and a session; `session_id` is None for those of erased sessions."""

    user: str
    session_id: str | None
    case_id: str | None
    model: str
    calls: int
    tokens_in: int
    tokens_out: int
    estimated_calls: int
    cost: float | None
    """In the currency of the prices; None where a call was made without a price."""
    last: dt.datetime


class UsageStore:
    """The calls."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, call: Call) -> None:
        """Keep a call. One whose session was erased meanwhile is kept without it."""
        row = {name: getattr(call, name) for name in Call.__slots__}
        with writing(self._engine) as connection:
            if call.session_id is not None:
                known = select(SessionRow.id).where(SessionRow.id == call.session_id)
                row["session_id"] = connection.scalar(known)
            connection.execute(insert(LlmCallRow), row)

    def spent(self, user_id: str, session_id: str, at: dt.datetime) -> Spent:
        """What a session and its user have used by then."""
        tokens = func.coalesce(func.sum(LlmCallRow.tokens_in + LlmCallRow.tokens_out), 0)
        mine = LlmCallRow.user_id == user_id
        with reading(self._engine) as connection:
            session = connection.scalar(
                select(tokens).where(mine, LlmCallRow.session_id == session_id)
            )
            day = connection.scalar(select(tokens).where(mine, LlmCallRow.at > at - DAY))
        return Spent(int(session or 0), int(day or 0))

    def lines(self, since: dt.datetime, user: str | None = None) -> Sequence[UsageLine]:
        """The sums by user, session and model, the one used last first.

        Args:
            since: calls from then on.
            user: the name of an account, in any case; None for all.
        """
        chosen = [LlmCallRow.at >= since]
        if user is not None:
            chosen.append(UserRow.name_key.in_([folded(user), f"\x1f{folded(user)}"]))
        call: Any = LlmCallRow
        query = (
            select(
                UserRow.name,
                call.session_id,
                SessionRow.case_id,
                call.model,
                func.count().label("calls"),
                func.sum(call.tokens_in).label("tokens_in"),
                func.sum(call.tokens_out).label("tokens_out"),
                func.sum(cast(call.estimated, Integer)).label("estimated_calls"),
                func.sum(call.cost_millionths).label("cost"),
                func.count(call.cost_millionths).label("priced"),
                func.max(call.id).label("last"),
            )
            .join(UserRow, UserRow.id == call.user_id)
            .outerjoin(SessionRow, SessionRow.id == call.session_id)
            .where(*chosen)
            .group_by(UserRow.name, call.session_id, SessionRow.case_id, call.model)
            .order_by(func.max(call.id).desc())
        )
        with reading(self._engine) as connection:
            found = connection.execute(query).all()
            last: dict[int, dt.datetime] = {
                row.id: row.at
                for row in connection.execute(
                    select(call.id, call.at).where(call.id.in_([row.last for row in found]))
                )
            }
        return [
            UsageLine(
                user=row.name,
                session_id=row.session_id,
                case_id=row.case_id,
                model=row.model,
                calls=row.calls,
                tokens_in=int(row.tokens_in),
                tokens_out=int(row.tokens_out),
                estimated_calls=int(row.estimated_calls),
                cost=int(row.cost) / 1e6 if row.priced == row.calls else None,
                last=last[row.last],
            )
            for row in found
        ]
