"""From fused rankings to what a caller gets: hits, and how likely they are to answer."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ingest.condense import drop_alike, merge_neighbours
from ingest.documents import Hit, Language, LegScore
from ingest.fusion import LEXICAL, Leg, Rows
from ingest.legs import DENSE
from ingest.relevance import Relevance, features, probability
from ingest.snapshot import Snapshot
from ingest.variants import collapse

_DEEP = 6
"""Times as many hits as are wanted are looked at where several may become one."""


def hits_of(
    snapshot: Snapshot,
    legs: Mapping[str, Leg],
    fused: tuple[Rows, NDArray[np.float64]],
    k: int,
    prefer_language: Language | None,
    condense: bool,
) -> list[Hit]:
    """The k best of what was fused."""
    # A section has three versions at most, and few neighbours or copies are found with it.
    shown = k if prefer_language is None and not condense else _DEEP * k
    rows, scores = fused[0][:shown], fused[1][:shown]
    told = {name: leg.told(rows) for name, leg in legs.items()}
    hits = [
        Hit(
            snapshot.rows[row],
            float(score),
            {name: LegScore(*told[name][row]) for name in legs if row in told[name]},
        )
        for row, score in zip(rows.tolist(), scores, strict=True)
    ]
    if prefer_language is not None:
        hits = collapse(hits, prefer_language, snapshot.documents)
    if condense:
        hits = merge_neighbours(drop_alike(hits))
    return hits[:k]


def relevance_of(snapshot: Snapshot, text: str, legs: Mapping[str, Leg], rows: Rows) -> Relevance:
    if not len(rows):
        return Relevance(0.0, 0.0, 0.0)
    dense, lexical = legs[DENSE], legs[LEXICAL]
    held = snapshot.overlap(text, int(rows[0]))
    values = features(legs, int(rows[0]), rows, held)
    worded = int(lexical.rows[0]) if len(lexical.rows) else None
    if worded is not None and worded != int(rows[0]):
        held = snapshot.overlap(text, worded)
    return Relevance(
        dense=float(dense.scores[0]) if len(dense.scores) else 0.0,
        lexical=float(lexical.scores[0]) if len(lexical.scores) else 0.0,
        overlap=held if worded is not None else 0.0,
        probability=probability(values),
    )
