"""Several rankings to one: each leg's scores made comparable within the query, and added.

A cosine says little by itself: all texts are alike to one encoder and few to another. So a dense
leg counts in spreads above what is usual for this query, measured on passages drawn from all over
the corpus. BM25 grows with the corpus and with the query, so the lexical leg counts in shares of
its best score. See Bruch, Gai and Ingber, "An analysis of fusion functions for hybrid retrieval"
(TOIS 2023); docs/decisions/0008-fusion.md has what was tried beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ingest.legs import DENSE, ENGLISH

LEXICAL: Final = "lexical"
WEIGHTS: Final[Mapping[str, float]] = {DENSE: 0.5, ENGLISH: 0.5, LEXICAL: 2.5}
"""Of a dense leg for one spread, of the lexical leg for its best score."""
UNSEEN: Final = 0.8
"""What a passage that a dense leg did not return is taken for: this share of its last one's."""

Rows = NDArray[np.intp]
Scores = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Usual:
    """The cosines of one query with passages from all over the corpus."""

    mean: float
    spread: float
    """Their standard deviation."""

    @classmethod
    def of(cls, cosines: Scores) -> Usual:
        """What is usual among these."""
        return cls(float(cosines.mean()), float(cosines.std())) if cosines.size else cls(0.0, 0.0)

    def above(self, cosines: Scores) -> Scores:
        """How many spreads cosines are above the mean; 0 where there is no spread."""
        if self.spread < 1e-6:
            return np.zeros_like(cosines)
        return (cosines - np.float32(self.mean)) / np.float32(self.spread)


@dataclass(frozen=True, slots=True)
class Leg:
    """What one leg found for a query."""

    rows: Rows
    """Numbers of the passages that it returned, best first."""
    scores: Scores
    """Their raw scores."""
    usual: Usual | None = None
    """Of a dense leg; None for the lexical one."""
    everywhere: Scores | None = None
    """The raw score of every passage, where the leg knows it."""
    reads: Mask | None = None
    """By passage, whether the leg can read its language; None: it reads all."""

    def told(self, rows: Rows) -> dict[int, tuple[float, int]]:
        """By passage, of those of `rows` that it returned: raw score and rank from 1."""
        places = np.flatnonzero(np.isin(self.rows, rows)).tolist()
        return {int(self.rows[at]): (float(self.scores[at]), at + 1) for at in places}

    def comparable(self, rows: Rows) -> Scores:
        """The leg's scores of some passages, on a scale that other queries and legs share."""
        if self.usual is None:
            best = self.scores[0] if len(self.scores) else np.float32(0.0)
            if best <= 0:
                return np.zeros(len(rows), dtype=np.float32)
            return self._known(rows, 0.0) / best
        if not len(self.rows):
            return np.zeros(len(rows), dtype=np.float32)
        above = self.usual.above(self.scores)
        last = float(above[-1])
        found = np.full(len(rows), min(last, UNSEEN * last), dtype=np.float32)
        at = np.searchsorted(rows, self.rows)
        inside = (at < len(rows)) & (rows[np.minimum(at, len(rows) - 1)] == self.rows)
        found[at[inside]] = above[inside]
        return found

    def _known(self, rows: Rows, otherwise: float) -> Scores:
        if self.everywhere is not None:
            return self.everywhere[rows]
        known = dict(zip(self.rows.tolist(), self.scores.tolist(), strict=True))
        return np.asarray([known.get(row, otherwise) for row in rows.tolist()], dtype=np.float32)


def fuse(
    legs: Mapping[str, Leg], weights: Mapping[str, float] = WEIGHTS
) -> tuple[Rows, NDArray[np.float64]]:
    """The passages that any leg returned, best first, with scores 0 to 1; equal ones by number.

    1 is what a passage would have that is the best of every leg. Where the English leg cannot read
    the query or a passage, the multilingual one speaks for it: a passage in another language is
    neither punished nor rewarded for that.
    """
    found = [leg.rows for leg in legs.values() if len(leg.rows)]
    if not found:
        return np.zeros(0, dtype=np.intp), np.zeros(0)
    rows = np.unique(np.concatenate(found))
    values = {name: leg.comparable(rows).astype(np.float64) for name, leg in legs.items()}
    weighed = {name: weights[name] for name in legs}
    if DENSE in legs and (ENGLISH not in legs or not len(legs[ENGLISH].rows)):
        weighed[DENSE] += weights[ENGLISH]
        weighed.pop(ENGLISH, None)
    elif DENSE in legs and (reads := legs[ENGLISH].reads) is not None:
        values[ENGLISH] = np.where(reads[rows], values[ENGLISH], values[DENSE])
    total = np.sum([weight * values[name] for name, weight in weighed.items()], axis=0)
    ideal = sum(weight * values[name].max() for name, weight in weighed.items())
    score = np.clip(total / ideal, 0.0, 1.0) if ideal > 0 else np.ones(len(rows))
    order = np.lexsort((rows, -score, -total))
    return rows[order], score[order]
