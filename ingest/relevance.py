"""Whether the corpus has anything to say to a query: a probability, fitted and checked.

The best hit of a search is only the best there is. Six measures of how it stands out, on scales
that do not depend on the corpus, go into a logistic function whose weights `python -m
evals.fit_relevance` has fitted; the same command prints how well the probabilities hold.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from ingest.fusion import LEXICAL, Leg, Rows
from ingest.legs import DENSE, ENGLISH

UNLIKELY: Final = 0.3
"""Below this the corpus is said not to answer. Of our `dev` searches 81 in 100 whose first hit
answers are above it, and 21 in 100 of the others: `python -m evals.fit_relevance` prints it."""
FEATURES: Final = ("dense", "english", "gap", "words", "overlap", "agreement")
_FILE = Path(__file__).with_name("relevance.json")
_MOST_WORDS = 20.0


@dataclass(frozen=True, slots=True)
class Relevance:
    """How near the nearest passages are: what "not in the corpus" is decided from."""

    dense: float
    """Best cosine, -1 to 1; 0 where the index is empty."""
    lexical: float
    """Best BM25 score, 0 or more."""
    overlap: float
    """Share, 0 to 1, of the query's distinct words that the best lexical passage holds."""
    probability: float = 0.0
    """That the best hit answers the query, 0 to 1."""

    @property
    def likely(self) -> bool:
        """Whether the corpus seems to answer."""
        return self.probability >= UNLIKELY


def features(legs: Mapping[str, Leg], best: int, ranked: Rows, overlap: float) -> list[float]:
    """The values of `FEATURES`, in their order.

    Args:
        legs: what the legs found.
        best: number of the best hit.
        ranked: numbers of all hits, best first.
        overlap: share of the query's words that the best hit holds.
    """
    dense = legs[DENSE]
    english = legs.get(ENGLISH, dense)
    english = english if len(english.rows) else dense
    here = np.asarray([best], dtype=np.intp)
    above = float(dense.comparable(here)[0])
    ninth = ranked[min(9, len(ranked) - 1) :][:1]
    lexical = legs[LEXICAL]
    words = float(lexical.everywhere[best]) if lexical.everywhere is not None else 0.0
    firsts = sum(bool(len(leg.rows)) and int(leg.rows[0]) == best for leg in legs.values())
    return [
        above,
        float(english.comparable(here)[0]),
        above - float(dense.comparable(ninth)[0]),
        math.log1p(min(words, _MOST_WORDS)),
        overlap,
        firsts / len(legs),
    ]


def probability(values: list[float]) -> float:
    """The fitted probability for values of `FEATURES`."""
    head = _head()
    logit: float = head["intercept"] + sum(
        weight * (value - mean) / scale
        for value, weight, mean, scale in zip(
            values, head["weights"], head["mean"], head["scale"], strict=True
        )
    )
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, logit))))


@cache
def _head() -> dict[str, Any]:
    held: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return held
