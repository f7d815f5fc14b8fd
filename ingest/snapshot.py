"""All passages at one moment, in memory: what a search reads while the index may change."""

from __future__ import annotations

import logging
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from ingest.catalogue import Catalogue
from ingest.documents import Passage
from ingest.lexical import LexicalIndex, tokens
from ingest.split import embedding_text

LEXICAL_FILE = "lexical.npz"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The catalogue's passages of one generation, with the lexical index of the same."""

    generation: int
    passages: Mapping[str, Passage]
    documents: Mapping[str, tuple[Passage, ...]]
    """Passages in reading order by document id."""
    lexical: LexicalIndex

    @classmethod
    def load(cls, index_dir: Path, catalogue: Catalogue) -> Snapshot:
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
        return cls(generation, passages, documents, lexical)

    def overlap(self, query: str, passage_id: str) -> float:
        """Share of the query's distinct tokens that a passage holds, 0 to 1."""
        wanted = set(tokens(query, query=True))
        held = set(tokens(embedding_text(self.passages[passage_id])))
        return len(wanted & held) / len(wanted) if wanted else 0.0


def build_lexical(passages: list[Passage], generation: int) -> LexicalIndex:
    """The lexical index of these passages."""
    return LexicalIndex.build(
        [passage.id for passage in passages],
        [embedding_text(passage) for passage in passages],
        generation=generation,
    )


def load_lexical(path: Path, generation: int) -> LexicalIndex | None:
    """The saved index, or None where it is missing, damaged or of another generation."""
    try:
        lexical = LexicalIndex.load(path)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        _log.warning("The lexical index %s is damaged (%s); it is made again.", path, error)
        return None
    return lexical if lexical.generation == generation else None
