"""The tables. They hold who, which session, and its events; dialogue state is never stored."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

ID_LENGTH = 32
KEY_LENGTH = 200


class UtcDateTime(TypeDecorator[dt.datetime]):
    """An aware time, stored in UTC. SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> Any:
        """A naive time is refused: nobody knows what it means."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a zone cannot be stored.")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> Any:
        """Always aware, always UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Base(DeclarativeBase):
    """Names every constraint, so that a migration can drop it on any database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {dt.datetime: UtcDateTime}


class UserRow(Base):
    """An account. The local user has no password and cannot sign in."""

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("name_key"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200))
    """The name folded for comparison: two accounts never differ by case alone."""
    password_hash: Mapped[str | None] = mapped_column(Text)
    roles: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[dt.datetime]


class SessionRow(Base):
    """A case opened by a user. What happened in it is in its events."""

    __tablename__ = "sessions"
    __table_args__ = (Index(None, "user_id", "created_at"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    case_id: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[dt.datetime]


class EventRow(Base):
    """One event. The primary key is the optimistic lock: nobody writes a number twice."""

    __tablename__ = "events"

    session_id: Mapped[str] = mapped_column(
        ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1-based."""
    type: Mapped[str] = mapped_column(String(40))
    payload: Mapped[str] = mapped_column(Text)
    """JSON, as `tutor.dialogue.EVENT` writes it. Text, so that what is read is what was written,
    and a payload that is damaged is noticed by us and not by the driver."""
    at: Mapped[dt.datetime]
    turn_key: Mapped[str | None] = mapped_column(String(KEY_LENGTH))
    """The client's idempotency key of the turn that the event came with."""


class TurnKeyRow(Base):
    """The answer that a key has already had."""

    __tablename__ = "turn_keys"

    session_id: Mapped[str] = mapped_column(
        ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(KEY_LENGTH), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    """sha256 of the redacted request: the same key for other words is a mistake of the client."""
    first_seq: Mapped[int]
    last_seq: Mapped[int]


class SelfTestRow(Base):
    """A form of the self-test as it was handed in. The primary key lets it in once."""

    __tablename__ = "self_tests"

    session_id: Mapped[str] = mapped_column(
        ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True
    )
    form: Mapped[str] = mapped_column(String(4), primary_key=True)
    """`pre` or `post`."""
    language: Mapped[str] = mapped_column(String(16))
    case_version: Mapped[str] = mapped_column(String(40))
    """What the letters mean: those of this version of the case file."""
    answers: Mapped[dict[str, str]] = mapped_column(JSON)
    """Question id to letter; nothing that anybody wrote."""
    score: Mapped[int]
    total: Mapped[int]
    at: Mapped[dt.datetime]


class ReviewRow(Base):
    """A judgement that waits for an educator; what was said is in the events, and only there."""

    __tablename__ = "reviews"
    __table_args__ = (
        ForeignKeyConstraint(
            ["session_id", "seq"], ["events.session_id", "events.seq"], ondelete="CASCADE"
        ),
        UniqueConstraint("session_id", "seq", "target"),
        Index(None, "status", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    seq: Mapped[int]
    """Of the `contested` event, or of the `judged` event that left the target unsure."""
    case_id: Mapped[str] = mapped_column(String(200))
    target: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(16))
    """Of the learner's words."""
    reason: Mapped[str] = mapped_column(String(20))
    """`contested`; or, of an unsure verdict, `confirmed`, `denied` or `unresolved`."""
    status: Mapped[str] = mapped_column(String(20), default="open")
    """`open` or `decided`."""
    created_at: Mapped[dt.datetime]


class DecisionRow(Base):
    """What an educator decided. Rows are added and never changed; the newest of a subject holds.

    They go only with the session whose words they carry.
    """

    __tablename__ = "review_decisions"
    __table_args__ = (UniqueConstraint("subject", "version"), Index(None, "case_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(80))
    """What is decided: `review:<id>`, or `import:<hash>` for one that came from elsewhere."""
    version: Mapped[int]
    """1-based, by subject; that the pair is unique lets only one of two educators decide first."""
    review_id: Mapped[int | None] = mapped_column(ForeignKey("reviews.id", ondelete="CASCADE"))
    verdict: Mapped[str] = mapped_column(String(20))
    """`said`, `not_said`, `partly`, `held`, `unusable`, or `revoked`."""
    case_id: Mapped[str] = mapped_column(String(200))
    target: Mapped[str] = mapped_column(String(40))
    """What it was decided about; of a misconception named by an educator, that."""
    language: Mapped[str] = mapped_column(String(16))
    role: Mapped[str | None] = mapped_column(String(12))
    """Of the exemplar, `accept` or `near_miss`; null where the decision makes none."""
    text: Mapped[str | None] = mapped_column(Text)
    text_hash: Mapped[str | None] = mapped_column(String(64))
    """sha256 of the text."""
    by: Mapped[str] = mapped_column(String(200))
    at: Mapped[dt.datetime]
