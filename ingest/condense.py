"""Fewer hits that say more: neighbours become one, and what says the same is shown once."""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.documents import Hit, Passage
from ingest.language import to_simplified

ALIKE = 0.9
"""Jaccard similarity of the shingles of two passages that say nearly the same."""
_SHINGLE = 5
_SPACE = re.compile(r"\s+")


def drop_alike(hits: list[Hit]) -> list[Hit]:
    """Of passages that say nearly the same the best, which then names the others."""
    kept: list[tuple[Hit, frozenset[str]]] = []
    for hit in hits:
        own = shingles(hit.passage.text)
        for at, (other, held) in enumerate(kept):
            if alike(own, held):
                kept[at] = replace(other, similar=(*other.similar, hit.passage.id)), held
                break
        else:
            kept.append((hit, own))
    return [hit for hit, _ in kept]


def merge_neighbours(hits: list[Hit]) -> list[Hit]:
    """Hits that stand next to one another in one section of a document become one.

    It stands where the best of them stood and keeps its passage, score and legs: a quotation is
    still of one passage, whose id says which.
    """
    held = {(h.passage.document_id, h.passage.position): h for h in hits}
    taken: set[tuple[str, int]] = set()
    merged: list[Hit] = []
    for hit in hits:
        place = hit.passage.document_id, hit.passage.position
        if place in taken:
            continue
        run = _run(hit.passage, held)
        taken |= {(p.document_id, p.position) for p in run}
        if len(run) == 1:
            merged.append(hit)
            continue
        similar = [id_ for p in run for id_ in held[p.document_id, p.position].similar]
        merged.append(replace(hit, merged=run, similar=tuple(dict.fromkeys(similar))))
    return merged


def shingles(text: str) -> frozenset[str]:
    """Every run of five characters, letters folded and Chinese in one script."""
    folded = _SPACE.sub(" ", to_simplified(text).casefold()).strip()
    return frozenset(folded[i : i + _SHINGLE] for i in range(max(1, len(folded) - _SHINGLE + 1)))


def alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two texts have nearly the same shingles."""
    smaller, larger = sorted((len(one), len(other)))
    if smaller < ALIKE * larger:
        return False
    common = len(one & other)
    return common >= ALIKE * (smaller + larger - common)


def _run(passage: Passage, held: dict[tuple[str, int], Hit]) -> tuple[Passage, ...]:
    """A passage with the hits before and after it, as far as its section goes."""
    run = [passage]
    for step in (-1, 1):
        at = passage.position + step
        while (near := held.get((passage.document_id, at))) is not None:
            if near.passage.section != passage.section:
                break
            run.append(near.passage)
            at += step
    return tuple(sorted(run, key=lambda p: p.position))
