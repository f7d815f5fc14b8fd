"""Two rankings to one: each leg's scores brought to 0..1 and added with a weight."""

from __future__ import annotations

from collections.abc import Mapping

from ingest.legs import DENSE, ENGLISH, Scored

LEXICAL = "lexical"
WEIGHTS: Mapping[str, float] = {DENSE: 0.6, ENGLISH: 0.4, LEXICAL: 0.4}


def fuse(legs: Mapping[str, Scored], weights: Mapping[str, float] = WEIGHTS) -> Scored:
    """Convex combination of min-max normalised legs; a leg that lacks a passage counts 0.

    The lexical leg's minimum is 0, the score of a passage that shares no word with the query; the
    dense leg's is that of its last candidate, for cosines of an encoder fill a narrow band. See
    Bruch, Gai and Ingber, "An analysis of fusion functions for hybrid retrieval" (TOIS 2023).
    """
    fused: dict[str, float] = {}
    for leg, scored in legs.items():
        if not scored:
            continue
        top = scored[0][1]
        floor = 0.0 if leg == LEXICAL else scored[-1][1]
        for id_, score in scored:
            share = (score - floor) / (top - floor) if top > floor else 1.0
            fused[id_] = fused.get(id_, 0.0) + weights[leg] * share
    return sorted(fused.items(), key=lambda item: (-item[1], item[0]))
