"""That what was removed is found no more, shown by looking for it; and that nothing is astray."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from ingest.catalogue import Catalogue
from ingest.documents import Passage
from ingest.encoders import Vectors
from ingest.errors import IndexDamaged
from ingest.legs import DenseLegs
from ingest.snapshot import LEXICAL_FILE, load_lexical
from ingest.split import embedding_text

_NEAREST: Final = 10
"""Hits of each search that are looked at: a passage is the nearest to its own vector."""
LegVectors = Mapping[str, Mapping[str, Vectors]]
"""By leg, the vectors [dim] of passages by id."""


@dataclass(frozen=True, slots=True)
class IndexCheck:
    """How far the parts of an index agree; all counts are 0 where they do."""

    passages: int
    vectors_without_passage: int
    """In all legs together."""
    passages_without_vector: int
    """Counted once for each leg that should have one."""
    lexical_without_passage: int
    passages_without_lexical: int

    @property
    def sound(self) -> bool:
        """Whether nothing is astray."""
        return not (
            self.vectors_without_passage
            or self.passages_without_vector
            or self.lexical_without_passage
            or self.passages_without_lexical
        )


def vectors_of(passages: Sequence[Passage], legs: DenseLegs) -> dict[str, dict[str, Vectors]]:
    """The stored vectors of passages, by leg and id."""
    # Two versions share the passages that did not change between them.
    ids = list(dict.fromkeys(passage.id for passage in passages))
    return {leg.name: leg.index.vectors(ids) for leg in legs.legs}


def hits_of_removed(
    removed: Sequence[Passage], vectors: LegVectors, legs: DenseLegs, index_dir: Path
) -> tuple[int, int]:
    """Searches for each removed passage by its own text and by its own vectors.

    Returns:
        How many searches were made, and how many of their hits were removed passages.
    """
    gone = {passage.id for passage in removed}
    searched = found = 0
    for leg in legs.legs:
        for vector in vectors[leg.name].values():
            searched += 1
            found += sum(id_ in gone for id_, _ in leg.index.query(vector, _NEAREST))
    catalogue = Catalogue(index_dir)
    lexical = load_lexical(index_dir / LEXICAL_FILE, catalogue.generation())
    if lexical is None:
        raise IndexDamaged(index_dir, "the lexical index is missing")
    for passage in removed:
        searched += 1
        scores = lexical.scores(embedding_text(passage))
        found += sum(lexical.ids[at] in gone for at in np.flatnonzero(scores > 0).tolist())
    return searched, found


def left_vectors(removed: Sequence[Passage], legs: DenseLegs) -> int:
    """Vectors of removed passages that are still there, in all legs."""
    ids = [passage.id for passage in removed]
    return sum(len(leg.index.vectors(ids)) for leg in legs.legs)


def check_index(index_dir: Path, legs: DenseLegs) -> IndexCheck:
    """Compares the ids in every part of an index."""
    catalogue = Catalogue(index_dir)
    languages = {
        id_: language
        for passages in catalogue.languages().values()
        for id_, language in passages.items()
    }
    stored = legs.ids()
    lexical = load_lexical(index_dir / LEXICAL_FILE, catalogue.generation())
    worded = set(lexical.ids) if lexical else set()
    return IndexCheck(
        passages=len(languages),
        vectors_without_passage=sum(len(ids - languages.keys()) for ids in stored.values()),
        passages_without_vector=sum(map(len, legs.lacking(languages, stored).values())),
        lexical_without_passage=len(worded - languages.keys()),
        passages_without_lexical=len(languages.keys() - worded),
    )
