"""What each rater said of the labelled answers, and how their disagreements were settled."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.answers import AnswersError

RATINGS = Path(__file__).parent / "data" / "ratings"
RATERS = ("first", "second")
NONE, PARTIAL, SAID = "none", "partial", "said"
CATEGORIES = (NONE, PARTIAL, SAID)


@dataclass(frozen=True, slots=True)
class Rating:
    """One rater's labels of one answer."""

    id: str
    act: str
    covered: frozenset[str]
    partial: frozenset[str]
    misconceptions: frozenset[str]
    repaired: frozenset[str]

    def category(self, target: str) -> str:
        """`said`, `partial` or `none` for a target; `M1:repair` is the corrected idea of M1."""
        if target.endswith(":repair"):
            return SAID if target.removesuffix(":repair") in self.repaired else NONE
        if target in self.covered or target in self.misconceptions:
            return SAID
        return PARTIAL if target in self.partial else NONE


@dataclass(frozen=True, slots=True)
class Settled:
    """A disagreement and what was decided, with the reason."""

    id: str
    target: str
    first: str
    second: str
    label: str
    reason: str


def read_ratings(rater: str, folder: Path = RATINGS) -> dict[str, Rating]:
    """The ratings of one rater by the id of the answer.

    Raises:
        AnswersError: a line is not a rating, or an answer is rated twice.
    """
    found: dict[str, Rating] = {}
    for path in sorted(folder.glob(f"*.{rater}.jsonl")):
        for where, raw in _lines(path):
            try:
                rating = Rating(
                    id=raw["id"],
                    act=raw["act"],
                    covered=frozenset(raw["covered"]),
                    partial=frozenset(raw["partial"]),
                    misconceptions=frozenset(raw["misconceptions"]),
                    repaired=frozenset(raw["repaired"]),
                )
            except (KeyError, TypeError) as error:
                raise AnswersError(f"{where}: not a rating ({error}).") from error
            if rating.id in found:
                raise AnswersError(f"{where}: {rating.id} is rated twice by {rater}.")
            found[rating.id] = rating
    return found


def read_settled(folder: Path = RATINGS) -> list[Settled]:
    """Every settled disagreement; none where nothing has been settled.

    Raises:
        AnswersError: a line is not one.
    """
    path = folder / "settled.jsonl"
    if not path.exists():
        return []
    found = []
    for where, raw in _lines(path):
        try:
            found.append(Settled(**raw))
        except TypeError as error:
            raise AnswersError(f"{where}: not a settled disagreement ({error}).") from error
    return found


def targets_in(ratings: Mapping[str, Rating], case: str) -> list[str]:
    """Every target that some rater used for a case, with the corrected ideas of misconceptions."""
    used: set[str] = set()
    for rating in ratings.values():
        if rating.id.split("-", 1)[0] == case:
            used |= rating.covered | rating.partial | rating.misconceptions
            used |= {f"{m}:repair" for m in rating.repaired}
    return sorted(used)


def _lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            raw = json.loads(line)
        except json.JSONDecodeError as error:
            raise AnswersError(f"{where}: not JSON ({error}).") from error
        if not isinstance(raw, dict):
            raise AnswersError(f"{where}: not a JSON object.")
        yield where, raw
