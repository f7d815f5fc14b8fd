"""Passages without words and their vectors, for measuring a vector store at any size.

A vector is a sum of parts, normalised: what all text has in common, its field, its topic, its
document, and itself. The shares were set so that the cosines are those of all-MiniLM-L6-v2 over
1,200 abstracts of SciFact: .11 between two at random (here .10), .42 to the tenth nearest and .59
to the nearest (here .45 within a topic and .65 within a document). Every part is drawn from a
normal distribution whose variances fall off as the inverse of the rank to the power of .8, which
gives the participation ratio (effective number of dimensions) that was found there, 68 of 384.
Topics are of Zipf's sizes. Independent normal vectors would be no test: their neighbours are all
equally far away, and no text is like that.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ingest import Passage, Source
from ingest.documents import Kind, passage_id
from ingest.encoders import Vectors

BLOCK = 5_000
"""Passages that are made at a time."""
_SHARES = {"all": 0.10, "field": 0.15, "topic": 0.20, "document": 0.20, "own": 0.35}
_QUERY = 0.6
"""Share of a query that is its passage; the rest is its own."""
_DECAY = 0.8
_KINDS: tuple[Kind, ...] = ("guideline", "case", "other")
_PLACES = ("HK", "CN", "INT")
_FIELDS, _IN_TOPIC, _IN_DOCUMENT = 32, 100, 10
_PRIVATE = 20
"""One document in so many belongs to a tenant of its own."""


class SyntheticCorpus:
    """The same passages, vectors and queries for the same size, dimension and seed."""

    def __init__(self, passages: int, dim: int, seed: int = 0) -> None:
        """`passages` in all, each with a vector float32 [dim]."""
        self.size = passages
        self.dim = dim
        self._seed = seed
        draw = np.random.default_rng([seed, 0])
        self._scale = np.arange(1, dim + 1) ** (-_DECAY / 2)
        self._scale /= np.linalg.norm(self._scale)
        self._common = self._part(draw, 1)
        topics = max(passages // _IN_TOPIC, _FIELDS)
        fields = self._part(draw, _FIELDS)[draw.integers(_FIELDS, size=topics)]
        self._topics = _weighted(field=fields, topic=self._part(draw, topics))
        sizes = 1.0 / np.arange(1, topics + 1)
        self._popularity = np.cumsum(sizes / sizes.sum())

    def blocks(self) -> Iterator[tuple[list[Passage], Vectors]]:
        """All passages with their vectors, in order."""
        for start in range(0, self.size, BLOCK):
            rows = min(BLOCK, self.size - start)
            yield _passages(start, rows), self._vectors(start, rows)

    def queries(self, n: int) -> Vectors:
        """Vectors [n, dim] near passages of one block or another, and equal to none."""
        draw = np.random.default_rng([self._seed, 1])
        starts = draw.choice(range(0, self.size, BLOCK), size=min(n, 20))
        near = []
        for start, share in zip(starts, np.array_split(np.arange(n), len(starts)), strict=True):
            block = self._vectors(int(start), min(BLOCK, self.size - int(start)))
            near.append(block[draw.integers(len(block), size=len(share))])
        mixed = np.sqrt(_QUERY) * np.concatenate(near) + np.sqrt(1 - _QUERY) * self._part(draw, n)
        return _normalised(mixed)

    def _vectors(self, start: int, rows: int) -> Vectors:
        draw = np.random.default_rng([self._seed, 2, start])
        documents = -(-rows // _IN_DOCUMENT)
        topics = np.searchsorted(self._popularity, draw.random(documents))
        base = self._topics[topics.clip(max=len(self._topics) - 1)]
        base = base + _weighted(all=self._common, document=self._part(draw, documents))
        own = _weighted(own=self._part(draw, rows))
        return _normalised(np.repeat(base, _IN_DOCUMENT, axis=0)[:rows] + own)

    def _part(self, draw: np.random.Generator, rows: int) -> NDArray[np.float64]:
        """Rows [rows, dim] of an expected length of one."""
        return draw.standard_normal((rows, self.dim)) * self._scale


def _weighted(**parts: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(sum(np.sqrt(_SHARES[name]) * part for name, part in parts.items()))


def _normalised(rows: NDArray[np.float64]) -> Vectors:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def _passages(start: int, rows: int) -> list[Passage]:
    return [_passage(number) for number in range(start, start + rows)]


def _passage(number: int) -> Passage:
    document, position = divmod(number, _IN_DOCUMENT)
    name = f"document-{document}"
    tenant = "public" if document % _PRIVATE else f"tenant-{document % 3}"
    kind, place = _KINDS[document % 3], _PLACES[document % 7 % 3]
    source = Source(name, kind=kind, jurisdiction=place, tenant=tenant)
    text = f"Passage {number}."
    return Passage(passage_id(name, position, text), name, source, text, position)
