"""Ratings by people: batches of items, who rates them, what they gave, what a third one settled.

A rating may be changed until its rater hands in; a ruling is never changed, its next version is
added. Every change locks the seat of its rater, so that handing in and a late click cannot cross.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import (
    Connection,
    Engine,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from tutor.errors import Conflict, NotFound
from tutor.rating.items import Item
from tutor.rating.marks import Mark, Score, Scores
from tutor.rating.rubric import Kind, Rubric
from tutor.records.database import reading, writing
from tutor.records.rating_tables import BatchRow, ItemRow, RatingRow, RulingRow, SeatRow


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch without its items."""

    name: str
    kind: Kind
    seed: int
    raters: int
    apart: int
    rubric: Rubric
    created_at: dt.datetime
    items: int = 0


@dataclass(frozen=True, slots=True)
class Seat:
    """A rater of a batch."""

    seat: int
    user_id: str
    handed_in_at: dt.datetime | None = None

    @property
    def letter(self) -> str:
        """What a rater is called wherever a name would tell too much."""
        return chr(ord("A") + self.seat - 1)


@dataclass(frozen=True, slots=True)
class Change:
    """What a rater changes of a rating; the rest stays as it is."""

    scores: Scores
    cannot_judge: bool | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """The newest version of what was settled."""

    score: Score
    reason: str
    version: int
    at: dt.datetime


Marks = Mapping[int, Mapping[int, Mark]]
"""By number of the item, then by seat."""


class RatingStore:
    """Reads and writes them. Raises RecordsError and its kin."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, batch: Batch, items: Sequence[Item]) -> None:
        """A new batch, its items numbered in this order.

        Raises:
            Conflict: the name is taken.
        """
        row = {
            "name": batch.name,
            "kind": batch.kind,
            "seed": batch.seed,
            "raters": batch.raters,
            "apart": batch.apart,
            "rubric": batch.rubric.model_dump_json(),
            "created_at": batch.created_at,
        }
        rows = [
            {"batch": batch.name, "number": n, "payload": item.model_dump_json()}
            for n, item in enumerate(items, 1)
        ]
        with writing(self._engine) as connection:
            try:
                connection.execute(insert(BatchRow), row)
            except IntegrityError as error:
                raise Conflict(
                    f"There is a batch called {batch.name!r} already.",
                    remedy="Choose another name; a batch is never written over.",
                ) from error
            connection.execute(insert(ItemRow), rows)

    def batches(self) -> list[Batch]:
        """All of them, the newest first."""
        with reading(self._engine) as connection:
            return _batches(connection)

    def batch(self, name: str) -> Batch:
        """One of them.

        Raises:
            NotFound: there is none of that name.
        """
        with reading(self._engine) as connection:
            found = _batches(connection, name)
        if not found:
            raise NotFound("batch of that name")
        return found[0]

    def items(self, name: str) -> dict[int, Item]:
        """The items of a batch by number."""
        query = select(ItemRow.number, ItemRow.payload).where(ItemRow.batch == name)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(ItemRow.number)).all()
        return {row.number: Item.model_validate_json(row.payload) for row in rows}

    def item(self, name: str, number: int) -> Item | None:
        """One item of a batch."""
        query = select(ItemRow.payload).where(ItemRow.batch == name, ItemRow.number == number)
        with reading(self._engine) as connection:
            payload = connection.scalar(query)
        return None if payload is None else Item.model_validate_json(payload)

    def seats(self, name: str) -> list[Seat]:
        """Who rates a batch."""
        with reading(self._engine) as connection:
            return _seats(connection, name)

    def take_seat(self, batch: Batch, user_id: str, at: dt.datetime) -> Seat:
        """A seat for somebody, the one they have where they have one.

        Raises:
            Conflict: all are taken, or somebody else took this one at the same moment.
        """
        with writing(self._engine) as connection:
            seats = _seats(connection, batch.name)
            mine = next((s for s in seats if s.user_id == user_id), None)
            if mine is not None:
                return mine
            if len(seats) >= batch.raters:
                raise Conflict(
                    f"This batch has its {batch.raters} raters already.",
                    remedy="Once they have handed in, you can settle where they differ.",
                )
            row = {"batch": batch.name, "seat": len(seats) + 1, "user_id": user_id, "taken_at": at}
            try:
                connection.execute(insert(SeatRow), row)
            except IntegrityError as error:
                raise Conflict(
                    "Somebody else began at the same moment.", remedy="Try again."
                ) from error
        return Seat(len(seats) + 1, user_id)

    def marks(self, name: str, seat: int | None = None) -> Marks:
        """What was rated so far, by everybody or by one rater."""
        with reading(self._engine) as connection:
            return _marks(connection, name, seat)

    def save(self, batch: Batch, number: int, seat: int, change: Change, at: dt.datetime) -> Mark:
        """Take a change into a rating and give what it is then.

        Raises:
            Conflict: the rater has handed in.
        """
        with writing(self._engine) as connection:
            _still_open(connection, batch.name, seat)
            before = _marks(connection, batch.name, seat, number).get(number, {}).get(seat)
            held = before or Mark()
            told = change.cannot_judge
            mark = Mark(
                {**held.scores, **change.scores},
                held.cannot_judge if told is None else told,
                held.comment if change.comment is None else change.comment,
            )
            values: dict[str, Any] = {
                "scores": dict(mark.scores),
                "cannot_judge": mark.cannot_judge,
                "comment": mark.comment,
                "rubric_hash": batch.rubric.hash,
                "at": at,
            }
            key = {"batch": batch.name, "number": number, "seat": seat}
            if before is None:
                connection.execute(insert(RatingRow), key | values)
            else:
                where = (getattr(RatingRow, name) == value for name, value in key.items())
                connection.execute(update(RatingRow).where(*where).values(values))
        return mark

    def hand_in(
        self, name: str, seat: int, check: Callable[[Mapping[int, Mark]], None], at: dt.datetime
    ) -> None:
        """Close a rater's ratings.

        Args:
            name: of the batch.
            seat: of the rater.
            check: raises where something is missing in what it is given, by number of the item.
            at: now.

        Raises:
            Conflict: they are handed in already.
        """
        with writing(self._engine) as connection:
            _still_open(connection, name, seat)
            held = _marks(connection, name, seat)
            check({number: by_seat[seat] for number, by_seat in held.items()})
            connection.execute(
                update(SeatRow)
                .where(SeatRow.batch == name, SeatRow.seat == seat)
                .values(handed_in_at=at)
            )

    def rulings(self, name: str) -> dict[tuple[int, str], Ruling]:
        """What holds now, by number of the item and dimension."""
        query = select(RulingRow.__table__).where(RulingRow.batch == name)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(RulingRow.version)).all()
        return {(r.number, r.dimension): Ruling(r.score, r.reason, r.version, r.at) for r in rows}

    def settle(self, name: str, number: int, dimension: str, ruling: Ruling, user_id: str) -> None:
        """Add a version of what is settled.

        Raises:
            Conflict: it is not the next one: somebody else was faster.
        """
        mine = (
            RulingRow.batch == name,
            RulingRow.number == number,
            RulingRow.dimension == dimension,
        )
        row = {
            "batch": name,
            "number": number,
            "dimension": dimension,
            "version": ruling.version,
            "score": ruling.score,
            "reason": ruling.reason,
            "user_id": user_id,
            "at": ruling.at,
        }
        with writing(self._engine) as connection:
            newest = connection.scalar(select(func.max(RulingRow.version)).where(*mine)) or 0
            if newest != ruling.version - 1:
                raise _faster()
            try:
                connection.execute(insert(RulingRow), row)
            except IntegrityError as error:
                raise _faster() from error


def _batches(connection: Connection, name: str | None = None) -> list[Batch]:
    counted = (
        select(func.count()).where(ItemRow.batch == BatchRow.name).correlate(BatchRow)
    ).scalar_subquery()
    query = select(BatchRow.__table__, counted.label("items"))
    query = query.order_by(BatchRow.created_at.desc(), BatchRow.name)
    if name is not None:
        query = query.where(BatchRow.name == name)
    return [
        Batch(
            row.name,
            cast("Kind", row.kind),
            row.seed,
            row.raters,
            row.apart,
            Rubric.model_validate_json(row.rubric),
            row.created_at,
            row.items,
        )
        for row in connection.execute(query)
    ]


def _seats(connection: Connection, name: str) -> list[Seat]:
    query = select(SeatRow.__table__).where(SeatRow.batch == name).order_by(SeatRow.seat)
    return [Seat(r.seat, r.user_id, r.handed_in_at) for r in connection.execute(query)]


def _marks(
    connection: Connection, name: str, seat: int | None = None, number: int | None = None
) -> dict[int, dict[int, Mark]]:
    query = select(RatingRow.__table__).where(RatingRow.batch == name)
    if seat is not None:
        query = query.where(RatingRow.seat == seat)
    if number is not None:
        query = query.where(RatingRow.number == number)
    found: dict[int, dict[int, Mark]] = {}
    for row in connection.execute(query.order_by(RatingRow.number, RatingRow.seat)):
        mark = Mark(dict(row.scores), row.cannot_judge, row.comment)
        found.setdefault(row.number, {})[row.seat] = mark
    return found


def _still_open(connection: Connection, name: str, seat: int) -> None:
    """Locks the seat too, where the database has no write lock for all."""
    row = connection.execute(
        select(SeatRow.handed_in_at)
        .where(SeatRow.batch == name, SeatRow.seat == seat)
        .with_for_update()
    ).one()
    if row.handed_in_at is not None:
        raise Conflict(
            "These ratings are handed in; they can be read and no longer changed.",
            remedy="Tell whoever made the batch if one of them is wrong.",
        )


def _faster() -> Conflict:
    return Conflict(
        "Somebody else has settled this meanwhile; yours was not stored.",
        remedy="Look at what was settled, then settle it again if you differ.",
    )
