"""The dense legs of the search: one multilingual, and where it is given one for English alone.

A leg is an encoder with the vectors that it made. Two encoders of different training disagree in
their mistakes, so English is worth encoding twice; the English one knows no Chinese and is never
asked about it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ingest.documents import Language, Passage
from ingest.encoders import Encoder, Vectors
from ingest.index import ChromaIndex, VectorIndex, Where
from ingest.split import embedding_text

DENSE: Final = "dense"
ENGLISH: Final = "english"
FOLDERS: Final = {DENSE: "chroma", ENGLISH: "chroma-english"}
"""The folder of each leg's vectors under the index."""
_LANGUAGES: Final[Mapping[str, frozenset[Language] | None]] = {
    DENSE: None,
    ENGLISH: frozenset({"en"}),
}
BATCH: Final = 128
"""Passages that are embedded and stored together."""

Scored = list[tuple[str, float]]
"""Passage ids with a leg's own score, best first."""


@dataclass(frozen=True, slots=True)
class DenseLeg:
    """An encoder, its vectors, and the languages that it reads."""

    name: str
    encoder: Encoder
    index: VectorIndex
    languages: frozenset[Language] | None = None
    """None: all of them."""

    def takes(self, language: Language) -> bool:
        """Whether texts of a language belong in this leg."""
        return self.languages is None or language in self.languages


class DenseLegs:
    """All dense legs of an index: stored, deleted and asked together."""

    def __init__(self, legs: Sequence[DenseLeg]) -> None:
        """`open_legs` is the usual way to make one."""
        self.legs = tuple(legs)

    def store(self, passages: Sequence[Passage]) -> Iterator[int]:
        """Embeds passages and stores their vectors; yields how many are done after each batch."""
        for start in range(0, len(passages), BATCH):
            batch = passages[start : start + BATCH]
            for leg in self.legs:
                taken = [passage for passage in batch if leg.takes(passage.language)]
                if taken:
                    texts = [embedding_text(passage) for passage in taken]
                    leg.index.upsert(taken, leg.encoder.encode_documents(texts))
            yield start + len(batch)

    def delete(self, ids: Sequence[str]) -> None:
        """Removes passages from every leg."""
        for leg in self.legs:
            leg.index.delete(ids)

    def ids(self) -> dict[str, set[str]]:
        """The ids of the stored vectors, by leg."""
        return {leg.name: leg.index.ids() for leg in self.legs}

    def lacking(self, passages: Sequence[Passage], stored: Mapping[str, set[str]]) -> bool:
        """Whether a leg that should have a vector of one of the passages has none.

        Args:
            passages: those of a document.
            stored: what `ids` gave.
        """
        return any(
            leg.takes(passage.language) and passage.id not in stored[leg.name]
            for leg in self.legs
            for passage in passages
        )

    def query(
        self, text: str, language: Language, k: int, where: Where | None = None
    ) -> dict[str, Scored]:
        """The k nearest passages by cosine, by leg; a leg that cannot read the query is absent."""
        return {
            leg.name: leg.index.query(leg.encoder.encode_queries([text])[0], k, where)
            for leg in self.legs
            if leg.takes(language)
        }

    def vectors(self, text: str, language: Language) -> dict[str, Vectors]:
        """The vector [dim] of a query, by leg."""
        return {
            leg.name: leg.encoder.encode_queries([text])[0]
            for leg in self.legs
            if leg.takes(language)
        }

    def refresh(self) -> None:
        """Makes visible what another process has written."""
        for leg in self.legs:
            leg.index.refresh()

    def close(self) -> None:
        """Lets go of files and connections."""
        for leg in self.legs:
            leg.index.close()


def open_legs(index_dir: Path, encoder: Encoder, english: Encoder | None = None) -> DenseLegs:
    """Opens the legs' vectors under `index_dir`, making what is not there yet.

    Args:
        index_dir: the index.
        encoder: of all languages, in one space.
        english: a second opinion on English passages and queries.

    Raises:
        IndexMismatch: vectors were made with another encoder.
        IndexDamaged: files cannot be read.
    """
    legs: list[DenseLeg] = []
    with _closing_on_fault(legs):
        for name, by in ((DENSE, encoder), (ENGLISH, english)):
            if by is not None:
                index = ChromaIndex(index_dir / FOLDERS[name], by.name, by.dim)
                legs.append(DenseLeg(name, by, index, _LANGUAGES[name]))
    return DenseLegs(legs)


@contextmanager
def _closing_on_fault(legs: list[DenseLeg]) -> Iterator[None]:
    try:
        yield
    except BaseException:
        for leg in legs:
            leg.index.close()
        raise
