"""What raters give, whether it is whole, and where they differ. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tutor.errors import InvalidRequest
from tutor.rating.rubric import TOP, Rubric

Score = int | None
"""0 to 2, or None where the question does not arise."""
Scores = Mapping[str, Score]
"""By dimension; one that has not been rated yet is not there."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What one rater made of one item so far."""

    scores: Scores = field(default_factory=dict)
    cannot_judge: bool = False
    comment: str = ""

    def whole(self, rubric: Rubric) -> bool:
        """Whether nothing is left to rate."""
        return self.cannot_judge or all(d.id in self.scores for d in rubric.dimensions)

    @property
    def begun(self) -> bool:
        """Whether the rater has touched it."""
        return bool(self.scores or self.cannot_judge or self.comment)

    @property
    def counted(self) -> Scores:
        """The scores that count: none, where the rater could not judge."""
        return {} if self.cannot_judge else self.scores


def check(scores: Scores, rubric: Rubric) -> None:
    """Refuse what the rubric does not know.

    Raises:
        InvalidRequest: a dimension, or a score of one, does not exist.
    """
    for name, score in scores.items():
        dimension = rubric.dimension(name)
        if dimension is None:
            raise InvalidRequest(
                f"The rubric has no dimension {name!r}.",
                remedy=f"Its dimensions are {', '.join(d.id for d in rubric.dimensions)}.",
            )
        if score is None and not dimension.may_not_apply:
            raise InvalidRequest(
                f"“Does not arise” is no answer to {name}.", remedy="Choose a step from 0 to 2."
            )
        if score is not None and not 0 <= score <= TOP:
            raise InvalidRequest(f"A score is 0, 1 or 2, not {score}.", remedy="Choose one.")


def disputed(marks: Sequence[Scores], rubric: Rubric, apart: int) -> tuple[str, ...]:
    """The dimensions on which raters are at least so many steps apart.

    That the question does not arise for one and does for another is always a dispute: they have
    understood the item differently.
    """
    found = []
    for dimension in rubric.dimensions:
        given = [scores[dimension.id] for scores in marks if dimension.id in scores]
        steps = [score for score in given if score is not None]
        split = 0 < len(steps) < len(given)
        if split or (steps and max(steps) - min(steps) >= apart):
            found.append(dimension.id)
    return tuple(found)


def order(numbers: Sequence[int], batch: str, seed: int, rater: str) -> list[int]:
    """The items in the order of one rater: random, and the same at every visit."""

    def drawn(number: int) -> bytes:
        return hashlib.sha256(f"{batch}\n{seed}\n{rater}\n{number}".encode()).digest()

    return sorted(numbers, key=drawn)
