"""From a query to hits: both legs, their fusion, filters, and one variant of each digest."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ingest.catalogue import FILE_NAME, Catalogue, DocumentInfo
from ingest.documents import Hit, Kind, Language, LegScore, Passage
from ingest.encoders import Encoder
from ingest.errors import IndexMissing
from ingest.fusion import LEXICAL, fuse
from ingest.index import Where, matches
from ingest.language import detect_language
from ingest.legs import DENSE, FOLDERS, DenseLegs, Scored, open_legs
from ingest.snapshot import Snapshot
from ingest.storage import storage_faults
from ingest.variants import collapse

MAX_QUERY = 2_000
"""Characters of a query that are looked at; encoders read no further either."""
_PRIMARY = 0xFF
"""The part of an SQLite result code that says the kind of fault."""


@dataclass(frozen=True, slots=True)
class Relevance:
    """How near the nearest passage is: what "not in the corpus" is decided from."""

    dense: float
    """Best cosine, -1 to 1; 0 where the index is empty."""
    lexical: float
    """Best BM25 score, 0 or more."""
    overlap: float
    """Share, 0 to 1, of the query's distinct words that the best lexical passage holds."""


class Searcher:
    """Answers queries from an index. Threads may share one; it follows what `sync` changes."""

    def __init__(self, index_dir: Path, legs: DenseLegs) -> None:
        """Reads the catalogue of `index_dir`; `open_searcher` is the usual way to make one."""
        self._index_dir = index_dir
        self._dense_legs = legs
        self._catalogue = Catalogue(index_dir)
        self._snapshot = Snapshot.load(index_dir, self._catalogue)

    def search(
        self,
        query: str,
        *,
        k: int = 8,
        kind: Kind | None = None,
        language: Language | None = None,
        jurisdiction: str | None = None,
        tenant: str | None = None,
        prefer_language: Language | None = None,
        candidates: int = 50,
    ) -> list[Hit]:
        """The k best passages, best first; none for a blank query.

        Every filter is strict. Documents of a tenant are found only when that tenant is named,
        beside the public ones. With `prefer_language` the language versions of one section are
        one hit, in that language where it exists.
        """
        text = query[:MAX_QUERY].strip()
        if not text or k < 1:
            return []
        snapshot = self._current()
        where = _where(kind, language, jurisdiction, tenant)
        legs = {
            **self._dense(snapshot, text, max(candidates, k), where),
            LEXICAL: _lexical(snapshot, text, max(candidates, k), where),
        }
        told = {leg: _ranks(scored) for leg, scored in legs.items()}
        hits = [
            Hit(
                snapshot.passages[id_],
                score,
                {leg: ranks[id_] for leg, ranks in told.items() if id_ in ranks},
            )
            for id_, score in fuse(legs)
        ]
        if prefer_language is not None:
            hits = collapse(hits, prefer_language, snapshot.documents)
        return hits[:k]

    def relevance(
        self,
        query: str,
        *,
        kind: Kind | None = None,
        language: Language | None = None,
        jurisdiction: str | None = None,
        tenant: str | None = None,
    ) -> Relevance:
        """How near the corpus comes to a query; all zero for a blank one."""
        text = query[:MAX_QUERY].strip()
        snapshot = self._current()
        if not text or not snapshot.passages:
            return Relevance(0.0, 0.0, 0.0)
        where = _where(kind, language, jurisdiction, tenant)
        dense = self._dense(snapshot, text, 1, where)[DENSE]
        lexical = _lexical(snapshot, text, 1, where)
        return Relevance(
            dense=dense[0][1] if dense else 0.0,
            lexical=lexical[0][1] if lexical else 0.0,
            overlap=snapshot.overlap(text, lexical[0][0]) if lexical else 0.0,
        )

    def passage(self, passage_id: str) -> Passage:
        """The passage of that id.

        Raises:
            KeyError: there is none.
        """
        return self._current().passages[passage_id]

    def neighbours(self, passage_id: str) -> tuple[Passage | None, Passage | None]:
        """The passages before and after one in its document, None at either end.

        Raises:
            KeyError: there is no passage of that id.
        """
        snapshot = self._current()
        passage = snapshot.passages[passage_id]
        row = snapshot.documents[passage.document_id]
        at = passage.position
        return (row[at - 1] if at else None, row[at + 1] if at + 1 < len(row) else None)

    def passages(self, document_id: str) -> list[Passage]:
        """The passages of a document in reading order.

        Raises:
            KeyError: there is no such document.
        """
        return list(self._current().documents[document_id])

    def documents(self) -> list[DocumentInfo]:
        """Every document in the index, by id."""
        with storage_faults(self._index_dir):
            return self._catalogue.documents()

    def close(self) -> None:
        """Lets go of the index's files."""
        self._dense_legs.close()

    def _current(self) -> Snapshot:
        """The snapshot, read again where the catalogue has moved on."""
        try:
            generation = self._catalogue.generation()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & _PRIMARY not in {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL}:
                raise
            # SQLite needs some room on the disk even to read. What is in memory is whole, and
            # nothing can have been published on a disk that is full.
            return self._snapshot
        if self._snapshot.generation != generation:
            self._dense_legs.refresh()
            self._snapshot = Snapshot.load(self._index_dir, self._catalogue)
        return self._snapshot

    def _dense(self, snapshot: Snapshot, text: str, k: int, where: Where) -> dict[str, Scored]:
        found = self._dense_legs.query(text, detect_language(text), k, where)
        # A vector without a passage is left over from a run that was cut short.
        return {
            leg: [(id_, score) for id_, score in scored if id_ in snapshot.passages]
            for leg, scored in found.items()
        }


def open_searcher(index_dir: Path, encoder: Encoder, *, english: Encoder | None = None) -> Searcher:
    """Opens an index that `sync` has made, with the encoders that it was made with.

    Raises:
        IndexMissing: there is none.
        IndexMismatch: it was made with another encoder.
        IndexDamaged: its files cannot be read.
    """
    if not (index_dir / FILE_NAME).is_file() or not (index_dir / FOLDERS[DENSE]).is_dir():
        raise IndexMissing(index_dir)
    with storage_faults(index_dir):
        if not Catalogue(index_dir).generation():
            raise IndexMissing(index_dir)
        return Searcher(index_dir, open_legs(index_dir, encoder, english))


def _lexical(snapshot: Snapshot, text: str, k: int, where: Where) -> Scored:
    scores = snapshot.lexical.scores(text)
    ids = snapshot.lexical.ids
    order = np.argsort(-scores, kind="stable")
    found: Scored = []
    for i in order:
        if scores[i] <= 0 or len(found) == k:
            break
        if matches(snapshot.passages[ids[i]], where):
            found.append((ids[i], float(scores[i])))
    return found


def _ranks(scored: Iterable[tuple[str, float]]) -> dict[str, LegScore]:
    return {id_: LegScore(score, rank) for rank, (id_, score) in enumerate(scored, start=1)}


def _where(
    kind: Kind | None, language: Language | None, jurisdiction: str | None, tenant: str | None
) -> Where:
    where: dict[str, str | list[str]] = {"tenant": ["public", tenant] if tenant else "public"}
    asked = {"kind": kind, "language": language, "jurisdiction": jurisdiction}
    where.update({name: value for name, value in asked.items() if value})
    return where
