"""The dense legs of the search: one multilingual, and where it is given one for English alone.

A leg is an encoder with the vectors that it made. Two encoders of different training disagree in
their mistakes, so English is worth encoding twice; the English one knows no Chinese and is never
asked about it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from ingest.documents import Language, Passage
from ingest.encoders import Encoder, Vectors
from ingest.index import VectorIndex, open_index
from ingest.split import embedding_text
from ingest.stores import FolderStore
from ingest.windows import windowed

DENSE: Final = "dense"
ENGLISH: Final = "english"
FOLDERS: Final = {DENSE: "chroma", ENGLISH: "chroma-english"}
"""The folder of each leg's vectors under the index."""
LANGUAGES_OF: Final[Mapping[str, frozenset[Language] | None]] = {
    DENSE: None,
    ENGLISH: frozenset({"en"}),
}
"""What each leg reads; None: every language."""
BATCH: Final = 128
"""Passages that are embedded and stored together."""


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

    def prepare(self, passages: Sequence[Passage]) -> dict[str, Vectors]:
        """Embeds and stores those that it takes; returns their vectors by text."""
        taken = [passage for passage in passages if self.takes(passage.language)]
        if not taken:
            return {}
        texts = [embedding_text(passage) for passage in taken]
        made = self.encoder.encode_documents(texts)
        self.index.upsert(taken, made)
        return dict(zip(texts, made, strict=True))

    def store(
        self,
        passages: Sequence[Passage],
        donors: Mapping[str, str],
        ready: Mapping[str, Vectors],
        prepared: AbstractSet[str],
    ) -> set[str]:
        """Stores the vectors of those that it takes; returns the ids of those newly embedded.

        `donors` gives by id the stored passage of the same text, `ready` vectors by text; of
        passages that are prepared the vectors are there already.
        """
        taken = [passage for passage in passages if self.takes(passage.language)]
        lent = self.index.vectors([donors[p.id] for p in taken if p.id in donors])
        found = {p.id: lent[donors[p.id]] for p in taken if donors.get(p.id) in lent}
        new = [passage for passage in taken if passage.id not in found]
        if new:
            texts = [embedding_text(passage) for passage in new]
            made = dict(ready)
            unknown = [text for text in texts if text not in made]
            if unknown:
                made |= zip(unknown, self.encoder.encode_documents(unknown), strict=True)
            found |= {p.id: made[text] for p, text in zip(new, texts, strict=True)}
        if lacking := [passage for passage in taken if passage.id not in prepared]:
            self.index.upsert(lacking, np.stack([found[passage.id] for passage in lacking]))
        return {passage.id for passage in new}


class DenseLegs:
    """All dense legs of an index: stored, deleted and asked together."""

    def __init__(self, legs: Sequence[DenseLeg]) -> None:
        """`open_legs` is the usual way to make one."""
        self.legs = tuple(legs)
        self._ready: dict[str, dict[str, Vectors]] = {}
        self.prepared: set[str] = set()
        """Ids of the passages that `prepare` has stored."""

    def prepare(self, passages: Sequence[Passage]) -> None:
        """Embeds and stores passages of several documents at once, before each is stored.

        An encoder is twice as fast with many texts as with a few at a time, and a store more so.
        What was prepared before is forgotten; what is not kept is the caller's to delete.
        """
        self._ready = {leg.name: leg.prepare(passages) for leg in self.legs}
        self.prepared = {passage.id for passage in passages}

    def store(
        self, passages: Sequence[Passage], donors: Mapping[str, str] | None = None
    ) -> Iterator[tuple[int, int]]:
        """Stores the vectors of passages, embedding those that have none yet.

        Args:
            passages: in any order.
            donors: by a passage's id, that of a stored one of which the same text was embedded.

        Yields:
            After each batch, how many of its passages are stored, and how many of these were
            embedded.
        """
        for start in range(0, len(passages), BATCH):
            batch = passages[start : start + BATCH]
            embedded: set[str] = set()
            for leg in self.legs:
                ready = self._ready.get(leg.name, {})
                embedded |= leg.store(batch, donors or {}, ready, self.prepared)
            yield len(batch), len(embedded)

    def delete(self, ids: Sequence[str]) -> None:
        """Removes passages from every leg."""
        for leg in self.legs:
            leg.index.delete(ids)

    def ids(self) -> dict[str, set[str]]:
        """The ids of the stored vectors, by leg."""
        return {leg.name: leg.index.ids() for leg in self.legs}

    def lacking(
        self, languages: Mapping[str, Language], stored: Mapping[str, set[str]]
    ) -> dict[str, set[str]]:
        """The passages that have no vector in a leg that should have one, by leg.

        Args:
            languages: of the passages, by their ids.
            stored: what `ids` gave.
        """
        return {
            leg.name: {
                id_
                for id_, language in languages.items()
                if id_ not in stored[leg.name] and leg.takes(language)
            }
            for leg in self.legs
        }

    def refresh(self) -> None:
        """Makes visible what another process has written."""
        for leg in self.legs:
            leg.index.refresh()

    def close(self) -> None:
        """Lets go of files and connections."""
        for leg in self.legs:
            leg.index.close()


def open_legs(
    index_dir: Path,
    encoder: Encoder,
    english: Encoder | None = None,
    vectors_url: str | None = None,
) -> DenseLegs:
    """Opens the legs' vectors under `index_dir`, making what is not there yet.

    Args:
        index_dir: the index.
        encoder: of all languages, in one space.
        english: a second opinion on English passages and queries; it reads long passages in
            windows, because the encoders of English alone read few tokens.
        vectors_url: where the vectors are, if not in folders of the index; see `open_index`.

    Raises:
        IndexUnreachable: there is no vector store at the address.
        IndexMismatch: vectors were made with another encoder.
        IndexDamaged: files cannot be read.
    """
    legs: list[DenseLeg] = []
    with ExitStack() as opened:
        second = windowed(english) if english is not None else None
        for name, by in ((DENSE, encoder), (ENGLISH, second)):
            if by is not None:
                folder = index_dir / FOLDERS[name]
                index: VectorIndex = (
                    open_index(vectors_url, folder, by.name, by.dim)
                    if vectors_url
                    else FolderStore(folder, by.name, by.dim)
                )
                opened.callback(index.close)
                legs.append(DenseLeg(name, by, index, LANGUAGES_OF[name]))
        opened.pop_all()  # All are open: it is for whoever uses them to close them.
    return DenseLegs(legs)
