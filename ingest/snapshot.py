"""All passages at one moment, in memory: what a search reads while the index may change."""

from __future__ import annotations

import logging
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from ingest.catalogue import Catalogue
from ingest.documents import Passage
from ingest.encoders import Vectors
from ingest.filters import FilterColumns
from ingest.legs import DenseLegs
from ingest.lexical import LexicalIndex, tokens
from ingest.split import embedding_text

LEXICAL_FILE = "lexical.npz"
SAMPLE = 512
"""Passages, spread evenly, from which a query learns what cosine is usual."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The catalogue's passages of one generation, with the lexical index of the same."""

    generation: int
    rows: Sequence[Passage]
    """In the order of the lexical index, which is what numbers of passages refer to."""
    row_of: Mapping[str, int]
    """The number of a passage by its id."""
    documents: Mapping[str, tuple[Passage, ...]]
    """Passages in reading order by document id."""
    lexical: LexicalIndex
    columns: FilterColumns
    samples: Mapping[str, Vectors]
    """Vectors [n, dim] of passages from all over the corpus, by dense leg."""

    @classmethod
    def load(cls, index_dir: Path, catalogue: Catalogue, legs: DenseLegs) -> Snapshot:
        """Reads the catalogue, and the lexical index where it is of the same generation."""
        generation = catalogue.generation()
        everything = catalogue.passages()
        passages = {passage.id: passage for passage in everything}
        documents = {
            document_id: tuple(group)
            for document_id, group in groupby(everything, key=lambda p: p.document_id)
        }
        lexical = load_lexical(index_dir / LEXICAL_FILE, generation)
        if lexical is None or set(lexical.ids) != passages.keys():
            lexical = build_lexical(everything, generation)
        rows = [passages[id_] for id_ in lexical.ids]
        row_of = {id_: row for row, id_ in enumerate(lexical.ids)}
        samples = _samples(everything, legs)
        columns = FilterColumns(rows)
        return cls(generation, rows, row_of, documents, lexical, columns, samples)

    def passage(self, id_: str) -> Passage:
        """The passage of an id.

        Raises:
            KeyError: there is none.
        """
        return self.rows[self.row_of[id_]]

    def overlap(self, query: str, row: int) -> float:
        """Share of the query's distinct tokens that a passage holds, 0 to 1."""
        wanted = set(tokens(query))
        held = set(tokens(embedding_text(self.rows[row])))
        return len(wanted & held) / len(wanted) if wanted else 0.0


def build_lexical(passages: list[Passage], generation: int) -> LexicalIndex:
    """The lexical index of these passages."""
    return LexicalIndex.build(
        [passage.id for passage in passages],
        [embedding_text(passage) for passage in passages],
        generation=generation,
    )


def load_lexical(path: Path, generation: int) -> LexicalIndex | None:
    """The saved index, or None where it is missing, damaged, or of another generation or make."""
    try:
        lexical = LexicalIndex.load(path)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        _log.warning("The lexical index %s is damaged (%s); it is made again.", path, error)
        return None
    return lexical if lexical.generation == generation and lexical.is_current else None


def _samples(passages: Sequence[Passage], legs: DenseLegs) -> dict[str, Vectors]:
    found: dict[str, Vectors] = {}
    for leg in legs.legs:
        ids = [passage.id for passage in passages if leg.takes(passage.language)]
        spread = np.linspace(0, len(ids) - 1, min(SAMPLE, len(ids))).astype(int)
        vectors = leg.index.vectors([ids[i] for i in spread])
        rows = [vectors[id_] for id_ in sorted(vectors)]
        found[leg.name] = np.stack(rows) if rows else np.zeros((0, leg.encoder.dim), np.float32)
    return found
