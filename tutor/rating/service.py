"""What raters, and those who settle where raters differ, can do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from itertools import combinations

from ingest import Language
from tutor.errors import Conflict, InvalidRequest, NotFound
from tutor.rating.items import Item
from tutor.rating.marks import Mark, Score, check, disputed, order
from tutor.rating.rubric import STEPS, Rubric
from tutor.rating.views import (
    BatchView,
    CountsView,
    CountView,
    DifferenceView,
    DimensionView,
    DisputeLine,
    DisputeView,
    MarkView,
    MineView,
    Progress,
    RubricView,
    RulingView,
    Stage,
    TaskView,
)
from tutor.records import User
from tutor.records.ratings import Batch, Change, Marks, RatingStore, Ruling, Seat
from tutor.safety import redact

Clock = Callable[[], dt.datetime]


class Ratings:
    """Raises the errors of `tutor.errors`.

    Args:
        store: of the records.
        clock: the time, UTC.
    """

    def __init__(self, store: RatingStore, clock: Clock = lambda: dt.datetime.now(dt.UTC)) -> None:
        self._store = store
        self._clock = clock

    def batches(self, user: User) -> list[BatchView]:
        """Every batch, the newest first."""
        return [self._view(batch, user) for batch in self._store.batches()]

    def batch(self, name: str, user: User) -> BatchView:
        """One batch."""
        return self._view(self._store.batch(name), user)

    def rubric(self, name: str, language: Language) -> RubricView:
        """The rubric that a batch was made with."""
        rubric = self._store.batch(name).rubric
        return RubricView(
            kind=rubric.kind,
            version=rubric.version,
            hash=rubric.hash,
            language=language,
            **rubric.texts[language].model_dump(),
            dimensions=tuple(DimensionView.of(d.id, d.texts[language]) for d in rubric.dimensions),
        )

    def begin(self, name: str, user: User) -> BatchView:
        """Take a seat among the raters of a batch; the one they have, where they have one.

        Raises:
            Conflict: all seats are taken.
        """
        batch = self._store.batch(name)
        self._store.take_seat(batch, user.id, self._clock())
        return self._view(batch, user)

    def task(self, name: str, position: int, user: User) -> TaskView:
        """The item at a place in this rater's order.

        Raises:
            NotFound: there is no such place.
            Conflict: the caller does not rate this batch.
        """
        batch, seat = self._seated(name, user)
        numbers = _order(batch, seat)
        number = _at(numbers, position)
        held = _of(self._store.marks(name, seat.seat), seat)
        item = self._item(name, number)
        mark = held.get(number, Mark())
        return TaskView(
            batch=name,
            position=position,
            total=len(numbers),
            language=item.language,
            content=item.content,
            mark=MarkView(
                scores=dict(mark.scores), cannot_judge=mark.cannot_judge, comment=mark.comment
            ),
            progress=tuple(_progress(held.get(n), batch.rubric) for n in numbers),
            handed_in=seat.handed_in_at is not None,
        )

    def rate(self, name: str, position: int, user: User, change: Change) -> TaskView:
        """Take a change into the caller's rating; what it does not name stays.

        Raises:
            NotFound: there is no such place.
            InvalidRequest: the rubric does not know it.
            Conflict: the caller does not rate this batch, or has handed in.
        """
        batch, seat = self._seated(name, user)
        number = _at(_order(batch, seat), position)
        check(change.scores, batch.rubric)
        if change.comment is not None:
            comment, _ = redact(change.comment.strip())
            change = Change(change.scores, change.cannot_judge, comment)
        self._store.save(batch, number, seat.seat, change, self._clock())
        return self.task(name, position, user)

    def hand_in(self, name: str, user: User) -> BatchView:
        """Close the caller's ratings of a batch.

        Raises:
            InvalidRequest: something is not rated yet; the message says which.
            Conflict: they are handed in already, or the caller does not rate it.
        """
        batch, seat = self._seated(name, user)

        def whole(held: Mapping[int, Mark]) -> None:
            numbers = _order(batch, seat)
            states = [_progress(held.get(n), batch.rubric) for n in numbers]
            left = [str(at) for at, state in enumerate(states, 1) if state in {"open", "begun"}]
            if left:
                raise InvalidRequest(
                    f"{len(left)} of {len(numbers)} items are not rated yet: {_few(left)}.",
                    remedy="Rate them, or say of each that you cannot judge it.",
                )

        self._store.hand_in(name, seat.seat, whole, self._clock())
        return self._view(batch, user)

    def disputes(self, name: str, user: User) -> list[DisputeLine]:
        """The items on which raters differ.

        Raises:
            Conflict: raters are still at work, or the caller is one of them.
        """
        batch = self._third(name, user)
        rulings = self._store.rulings(name)
        items = self._store.items(name)
        return [
            DisputeLine(
                number=number,
                language=items[number].language,
                dimensions=dimensions,
                settled=all((number, d) in rulings for d in dimensions),
            )
            for number, dimensions in _disputes(batch, self._store.marks(name)).items()
        ]

    def dispute(self, name: str, number: int, user: User) -> DisputeView:
        """One of them.

        Raises:
            NotFound: raters do not differ on that item, or there is none.
            Conflict: as for `disputes`.
        """
        batch = self._third(name, user)
        marks = self._store.marks(name)
        dimensions = _disputes(batch, marks).get(number)
        if dimensions is None:
            raise NotFound("item of that number on which raters differ")
        letters = {seat.seat: seat.letter for seat in self._store.seats(name)}
        rulings = self._store.rulings(name)
        item = self._item(name, number)

        def difference(dimension: str) -> DifferenceView:
            scores = {
                letters[seat]: mark.counted[dimension]
                for seat, mark in marks[number].items()
                if dimension in mark.counted
            }
            held = rulings.get((number, dimension))
            ruling = held and RulingView(score=held.score, reason=held.reason, version=held.version)
            return DifferenceView(dimension=dimension, scores=scores, ruling=ruling)

        return DisputeView(
            number=number,
            language=item.language,
            content=item.content,
            comments={letters[s]: m.comment for s, m in marks[number].items() if m.comment},
            differences=tuple(map(difference, dimensions)),
        )

    def settle(
        self,
        name: str,
        number: int,
        user: User,
        *,
        dimension: str,
        score: Score,
        reason: str,
        version: int,
    ) -> DisputeView:
        """Settle one dimension of an item, or change how it was settled.

        Args:
            name: of the batch.
            number: of the item.
            user: who settles; none of the raters.
            dimension: on which raters differ.
            score: what holds.
            reason: in a sentence.
            version: of the ruling as the caller saw it, 0 for none.

        Raises:
            NotFound: raters do not differ there.
            InvalidRequest: the score does not exist, or there is no reason.
            Conflict: somebody else was faster, or as for `disputes`.
        """
        batch = self._third(name, user)
        if dimension not in _disputes(batch, self._store.marks(name)).get(number, ()):
            raise NotFound("such difference between raters")
        check({dimension: score}, batch.rubric)
        words, _ = redact(reason.strip())
        if not words:
            raise InvalidRequest(
                "A settlement needs its reason.", remedy="Write in a sentence why it is so."
            )
        ruling = Ruling(score, words, version + 1, self._clock())
        self._store.settle(name, number, dimension, ruling, user.id)
        return self.dispute(name, number, user)

    def counts(self, name: str) -> CountsView:
        """What raters gave, counted over the whole batch.

        Raises:
            Conflict: raters are still at work.
        """
        batch = self._store.batch(name)
        self._all_handed_in(batch)
        marks = self._store.marks(name)
        given = [[mark.counted for mark in by_seat.values()] for by_seat in marks.values()]

        def count(dimension: str) -> CountView:
            held = [[s[dimension] for s in scores if dimension in s] for scores in given]
            flat = [score for scores in held for score in scores]
            pairs = [pair for scores in held for pair in combinations(scores, 2)]
            return CountView(
                dimension=dimension,
                steps=tuple(flat.count(step) for step in range(STEPS)),
                not_applicable=flat.count(None),
                pairs=len(pairs),
                same=sum(one == other for one, other in pairs),
            )

        return CountsView(
            batch=name,
            items=batch.items,
            cannot_judge=sum(
                m.cannot_judge for by_seat in marks.values() for m in by_seat.values()
            ),
            counts=tuple(count(d.id) for d in batch.rubric.dimensions),
        )

    def _view(self, batch: Batch, user: User) -> BatchView:
        seats = self._store.seats(batch.name)
        mine = next((s for s in seats if s.user_id == user.id), None)
        rated = len(seats) == batch.raters and all(s.handed_in_at for s in seats)
        found = _disputes(batch, self._store.marks(batch.name)) if rated else {}
        rulings = self._store.rulings(batch.name) if found else {}
        waiting = [n for n, ds in found.items() if any((n, d) not in rulings for d in ds)]
        stage: Stage = "rating" if not rated else "settling" if waiting else "settled"
        languages = dict.fromkeys(i.language for i in self._store.items(batch.name).values())
        return BatchView(
            name=batch.name,
            kind=batch.kind,
            items=batch.items,
            languages=tuple(sorted(languages)),
            raters=batch.raters,
            seated=len(seats),
            handed_in=sum(s.handed_in_at is not None for s in seats),
            created_at=batch.created_at,
            stage=stage,
            disputes=len(found) if rated else None,
            disputes_open=len(waiting) if rated else None,
            mine=self._mine(batch, mine) if mine else None,
            may_settle=rated and mine is None,
        )

    def _mine(self, batch: Batch, seat: Seat) -> MineView:
        held = _of(self._store.marks(batch.name, seat.seat), seat)
        done = sum(mark.whole(batch.rubric) for mark in held.values())
        return MineView(done=done, handed_in=seat.handed_in_at is not None)

    def _seated(self, name: str, user: User) -> tuple[Batch, Seat]:
        batch = self._store.batch(name)
        for seat in self._store.seats(name):
            if seat.user_id == user.id:
                return batch, seat
        raise Conflict(
            "You are not one of the raters of this batch.", remedy="Begin rating it first."
        )

    def _third(self, name: str, user: User) -> Batch:
        batch = self._store.batch(name)
        if any(seat.user_id == user.id for seat in self._store.seats(name)):
            raise Conflict(
                "You have rated this batch, so somebody else settles where raters differ.",
                remedy="Ask an evaluator or educator who did not rate it.",
            )
        self._all_handed_in(batch)
        return batch

    def _all_handed_in(self, batch: Batch) -> None:
        seats = self._store.seats(batch.name)
        if len(seats) < batch.raters or not all(s.handed_in_at for s in seats):
            raise Conflict(
                "The raters of this batch are still at work; nobody sees ratings before that.",
                remedy="Come back when all of them have handed in.",
            )

    def _item(self, name: str, number: int) -> Item:
        item = self._store.item(name, number)
        if item is None:
            raise NotFound("item of that number")
        return item


def _disputes(batch: Batch, marks: Marks) -> dict[int, tuple[str, ...]]:
    """By number of the item, the dimensions to settle; items without any are left out."""
    found = {
        number: disputed([m.counted for m in by_seat.values()], batch.rubric, batch.apart)
        for number, by_seat in marks.items()
    }
    return {number: dimensions for number, dimensions in found.items() if dimensions}


def _order(batch: Batch, seat: Seat) -> list[int]:
    return order(range(1, batch.items + 1), batch.name, batch.seed, seat.letter)


def _at(numbers: list[int], position: int) -> int:
    if not 1 <= position <= len(numbers):
        raise NotFound("item at that place")
    return numbers[position - 1]


def _of(marks: Marks, seat: Seat) -> dict[int, Mark]:
    return {number: by_seat[seat.seat] for number, by_seat in marks.items()}


def _progress(mark: Mark | None, rubric: Rubric) -> Progress:
    if mark is None or not mark.begun:
        return "open"
    if mark.cannot_judge:
        return "cannot"
    return "done" if mark.whole(rubric) else "begun"


def _few(names: list[str], most: int = 10) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
