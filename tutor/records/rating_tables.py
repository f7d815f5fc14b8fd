"""The tables of ratings: batches, items, seats of raters, their ratings, and what was settled."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import (
    JSON,
    ForeignKey,
    ForeignKeyConstraint,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from tutor.records.tables import Base

NAME_LENGTH = 80
_BATCH = String(NAME_LENGTH)


class BatchRow(Base):
    """Items that are rated together, with the rubric as it was then."""

    __tablename__ = "rating_batches"

    name: Mapped[str] = mapped_column(_BATCH, primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    seed: Mapped[int]
    raters: Mapped[int]
    """Seats there are."""
    apart: Mapped[int]
    """Steps between two raters from which on a third person settles."""
    rubric: Mapped[str] = mapped_column(Text)
    created_at: Mapped[dt.datetime]


class ItemRow(Base):
    """One thing to be rated; JSON of `tutor.rating.items.Item`."""

    __tablename__ = "rating_items"

    batch: Mapped[str] = mapped_column(
        ForeignKey("rating_batches.name", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1-based, shuffled when the batch is made: it says nothing of where the item came from."""
    payload: Mapped[str] = mapped_column(Text)


class SeatRow(Base):
    """A rater of a batch. The primary key gives a seat to one of two who ask at once."""

    __tablename__ = "rating_seats"
    __table_args__ = (UniqueConstraint("batch", "user_id"),)

    batch: Mapped[str] = mapped_column(
        ForeignKey("rating_batches.name", ondelete="CASCADE"), primary_key=True
    )
    seat: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1-based; in what is exported, 1 is rater A."""
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    taken_at: Mapped[dt.datetime]
    handed_in_at: Mapped[dt.datetime | None]


class RatingRow(Base):
    """What one rater made of one item."""

    __tablename__ = "ratings"
    __table_args__ = (
        ForeignKeyConstraint(
            ["batch", "number"], ["rating_items.batch", "rating_items.number"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["batch", "seat"], ["rating_seats.batch", "rating_seats.seat"], ondelete="CASCADE"
        ),
    )

    batch: Mapped[str] = mapped_column(_BATCH, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seat: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    scores: Mapped[dict[str, int | None]] = mapped_column(JSON)
    cannot_judge: Mapped[bool]
    comment: Mapped[str] = mapped_column(Text)
    rubric_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[dt.datetime]


class RulingRow(Base):
    """What a third person settled. Rows are added and never changed; the newest version holds."""

    __tablename__ = "adjudications"
    __table_args__ = (
        ForeignKeyConstraint(
            ["batch", "number"], ["rating_items.batch", "rating_items.number"], ondelete="CASCADE"
        ),
    )

    batch: Mapped[str] = mapped_column(_BATCH, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    dimension: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    score: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    at: Mapped[dt.datetime]
