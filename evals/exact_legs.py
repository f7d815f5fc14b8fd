"""The search's legs over a public collection, with exact neighbours instead of an index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evals.vector_cache import cached_vectors
from ingest import Encoder, detect_language
from ingest.encoders import Vectors
from ingest.fusion import LEXICAL, Leg, Mask, Usual
from ingest.legs import DENSE, ENGLISH
from ingest.lexical import LexicalIndex, best
from ingest.search import CANDIDATES
from ingest.snapshot import SAMPLE
from ingest.windows import windowed
from tutor.runtime import versions
from tutor.settings import Settings

Track = Callable[[Sequence[int], str], Iterable[int]]


@dataclass(frozen=True)
class ExactLegs:
    """What the product's legs return for a query when no neighbour is missed."""

    vectors: Mapping[str, Vectors]
    """[n, dim] by dense leg."""
    encoders: Mapping[str, Encoder]
    lexical: LexicalIndex
    english: Mask
    """By document, whether it is English."""

    @classmethod
    def build(
        cls,
        texts: Sequence[str],
        vectors: Mapping[str, Vectors],
        encoders: Mapping[str, Encoder],
    ) -> ExactLegs:
        """Indexes the texts for the lexical leg."""
        lexical = LexicalIndex.build([str(i) for i in range(len(texts))], texts, generation=0)
        english = np.asarray([detect_language(text) == "en" for text in texts], dtype=np.bool_)
        return cls(vectors, encoders, lexical, english)

    def __call__(self, query: str, candidates: int = CANDIDATES) -> dict[str, Leg]:
        """The legs of one query."""
        legs: dict[str, Leg] = {}
        for name, vectors in self.vectors.items():
            if name == ENGLISH and detect_language(query) != "en":
                continue
            asked = self.encoders[name].encode_queries([query])[0]
            legs[name] = self.dense(name, vectors, asked, candidates)
        return {**legs, LEXICAL: self.words(query, candidates)}

    def dense(self, name: str, vectors: Vectors, asked: Vectors, candidates: int) -> Leg:
        """A dense leg for the vector of a query."""
        cosines = vectors @ asked
        reads = None
        if name != DENSE:
            reads = self.english
            cosines = np.where(reads, cosines, np.float32(-1.0))
        seen = np.flatnonzero(reads) if reads is not None else np.arange(len(cosines))
        sample = seen[np.linspace(0, len(seen) - 1, min(SAMPLE, len(seen))).astype(int)]
        rows = _nearest(cosines, min(candidates, len(seen)))
        return Leg(rows, cosines[rows], Usual.of(cosines[sample]), reads=reads)

    def words(self, query: str, candidates: int) -> Leg:
        """The lexical leg."""
        scores = self.lexical.scores(query)
        rows = best(scores, candidates)
        return Leg(rows, scores[rows], everywhere=scores)


def embedded(
    settings: Settings,
    texts: Sequence[str],
    encoders: Mapping[str, Encoder],
    track: Track = lambda steps, _: steps,
) -> dict[str, Vectors]:
    """By leg the vectors [n, dim] of texts, embedded as `sync` does.

    Args:
        settings: where vectors are kept between runs, and the versions of the encoders.
        texts: a title, a line end and the text of each document.
        encoders: by leg.
        track: shows how far the batches have come; it is told the encoder's name.
    """
    folder, version = settings.home / "cache" / "vectors", versions(settings)
    vectors: dict[str, Vectors] = {}
    for leg, encoder in encoders.items():
        by = windowed(encoder) if leg == ENGLISH else encoder
        vectors[leg] = cached_vectors(
            folder,
            by,
            version[encoder.name],
            texts,
            lambda s, name=encoder.name: track(s, name),  # type: ignore[misc]
        )
    return vectors


def _nearest(scores: NDArray[np.float32], k: int) -> NDArray[np.intp]:
    if k < len(scores):
        rows = np.sort(np.argpartition(-scores, k - 1)[:k])
    else:
        rows = np.arange(len(scores))
    return rows[np.argsort(-scores[rows], kind="stable")]
