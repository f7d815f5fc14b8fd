"""What each leg proposes for a query, narrowed by a filter."""

from __future__ import annotations

import math
from collections.abc import Mapping
from concurrent.futures import Executor

import numpy as np

from ingest.encoders import Vectors
from ingest.filters import Filter
from ingest.fusion import LEXICAL, Leg, Mask, Usual
from ingest.index import Where
from ingest.language import detect_language
from ingest.legs import DenseLeg, DenseLegs
from ingest.lexical import best
from ingest.snapshot import Snapshot

_WIDE = 0.5
"""Share of the passages from which on it is quicker to look further and drop what is unfit."""


def propose(
    snapshot: Snapshot, dense: DenseLegs, pool: Executor, text: str, k: int, wanted: Filter
) -> dict[str, Leg]:
    """The k best of each leg; one that cannot read the query is absent."""
    passes = snapshot.columns.mask(wanted)
    where = snapshot.columns.where(wanted, passes)
    language = detect_language(text)
    # Each encoder runs outside Python's lock, so that two take little longer than one.
    pending = {
        leg.name: pool.submit(_dense, leg, snapshot, text, k, passes, where)
        for leg in dense.legs
        if leg.takes(language)
    }
    everywhere = np.where(passes, snapshot.lexical.scores(text), np.float32(0.0))
    rows = best(everywhere, k)
    legs = {name: future.result() for name, future in pending.items()}
    return {**legs, LEXICAL: Leg(rows, everywhere[rows], everywhere=everywhere)}


def _dense(leg: DenseLeg, snapshot: Snapshot, text: str, k: int, passes: Mask, where: Where) -> Leg:
    vector = leg.encoder.encode_queries([text])[0]
    found = _nearest(leg, snapshot.row_of, vector, k, passes, where)
    rows = np.fromiter((row for row, _ in found), np.intp, len(found))
    scores = np.fromiter((score for _, score in found), np.float32, len(found))
    reads = None
    if leg.languages is not None:
        reads = np.logical_or.reduce([snapshot.columns.rows_in(code) for code in leg.languages])
    return Leg(rows, scores, Usual.of(snapshot.samples[leg.name] @ vector), reads=reads)


def _nearest(
    leg: DenseLeg,
    row_of: Mapping[str, int],
    vector: Vectors,
    k: int,
    passes: Mask,
    where: Where,
) -> list[tuple[int, float]]:
    """The k nearest that pass, by number; a vector that no passage has is left over and dropped."""
    share = float(passes.mean())
    if share >= _WIDE:
        reach = k if share == 1.0 else math.ceil(1.2 * k / share)
        found = _fit(leg.index.query(vector, reach), row_of, passes)
        if len(found) >= k or reach >= len(passes):
            return found[:k]
    return _fit(leg.index.query(vector, k, where), row_of, passes)


def _fit(
    scored: list[tuple[str, float]], row_of: Mapping[str, int], passes: Mask
) -> list[tuple[int, float]]:
    known = ((row_of.get(id_, -1), score) for id_, score in scored)
    return [(row, score) for row, score in known if row >= 0 and passes[row]]
