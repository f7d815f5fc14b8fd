"""From a query to hits: the legs, their fusion, filters, and what the corpus cannot answer."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, Unpack

from ingest.candidates import propose
from ingest.catalogue import FILE_NAME, Catalogue, DocumentInfo
from ingest.documents import Hit, Kind, Language, Passage
from ingest.encoders import Encoder
from ingest.errors import IndexMissing
from ingest.filters import Filter
from ingest.fusion import Leg, fuse
from ingest.hits import hits_of, relevance_of
from ingest.legs import DENSE, FOLDERS, DenseLegs, open_legs
from ingest.relevance import Relevance as Relevance
from ingest.snapshot import Snapshot
from ingest.storage import storage_faults
from ingest.watch import FileWatch

MAX_QUERY = 2_000
"""Characters of a query that are looked at; encoders read no further either."""
CANDIDATES = 100
"""Passages that each leg proposes."""
_PRIMARY = 0xFF
"""The part of an SQLite result code that says the kind of fault."""


class Conditions(TypedDict, total=False):
    """The keyword arguments of a search that narrow it: see `Filter`."""

    kind: Kind | None
    language: Language | None
    jurisdiction: str | None
    document: str | None
    tenant: str | None
    as_of: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of a query, and whether they are likely to answer it."""

    hits: list[Hit]
    relevance: Relevance


class Searcher:
    """Answers queries from an index. Threads may share one; it follows what `sync` changes."""

    def __init__(self, index_dir: Path, legs: DenseLegs) -> None:
        """Reads the catalogue of `index_dir`; `open_searcher` is the usual way to make one."""
        self._index_dir = index_dir
        self._dense_legs = legs
        self._catalogue = Catalogue(index_dir)
        self._watch = FileWatch(self._catalogue.path)
        self._snapshot = Snapshot.load(index_dir, self._catalogue, legs)
        self._pool = ThreadPoolExecutor(len(legs.legs), thread_name_prefix="search-leg")

    def search(
        self,
        query: str,
        *,
        k: int = 8,
        prefer_language: Language | None = None,
        condense: bool = False,
        candidates: int = CANDIDATES,
        **conditions: Unpack[Conditions],
    ) -> list[Hit]:
        """The k best passages, best first; none for a blank query.

        Args:
            query: words or a question.
            k: hits at most.
            prefer_language: the language versions of one section are one hit, in that language
                where it exists.
            condense: neighbouring passages become one hit, and of nearly identical ones the best
                is shown.
            candidates: passages that each leg proposes.
            conditions: strict filters, see `Filter`.
        """
        snapshot, text = self._current(), query[:MAX_QUERY].strip()
        if not text or k < 1 or not snapshot.rows:
            return []
        legs = self._ask(snapshot, text, max(candidates, k), Filter(**conditions))
        return hits_of(snapshot, legs, fuse(legs), k, prefer_language, condense)

    def relevance(self, query: str, **conditions: Unpack[Conditions]) -> Relevance:
        """How near the corpus comes to a query; all zero for a blank one."""
        return self.find(query, k=1, **conditions).relevance

    def find(
        self,
        query: str,
        *,
        k: int = 8,
        prefer_language: Language | None = None,
        condense: bool = False,
        candidates: int = CANDIDATES,
        **conditions: Unpack[Conditions],
    ) -> Found:
        """What `search` and `relevance` give, of one search."""
        snapshot, text = self._current(), query[:MAX_QUERY].strip()
        if not text or k < 1 or not snapshot.rows:
            return Found([], Relevance(0.0, 0.0, 0.0))
        legs = self._ask(snapshot, text, max(candidates, k), Filter(**conditions))
        fused = fuse(legs)
        hits = hits_of(snapshot, legs, fused, k, prefer_language, condense)
        return Found(hits, relevance_of(snapshot, text, legs, fused[0]))

    def passage(self, passage_id: str) -> Passage:
        """The passage of that id.

        Raises:
            KeyError: there is none.
        """
        return self._current().passage(passage_id)

    def neighbours(self, passage_id: str) -> tuple[Passage | None, Passage | None]:
        """The passages before and after one in its document, None at either end.

        Raises:
            KeyError: there is no passage of that id.
        """
        snapshot = self._current()
        passage = snapshot.passage(passage_id)
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
        self._pool.shutdown()
        self._dense_legs.close()

    def _current(self) -> Snapshot:
        """The snapshot, read again where the catalogue has moved on."""
        if self._watch.is_still():
            return self._snapshot
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
            self._snapshot = Snapshot.load(self._index_dir, self._catalogue, self._dense_legs)
        return self._snapshot

    def _ask(self, snapshot: Snapshot, text: str, k: int, wanted: Filter) -> dict[str, Leg]:
        return propose(snapshot, self._dense_legs, self._pool, text, k, wanted)


def open_searcher(
    index_dir: Path,
    encoder: Encoder,
    *,
    english: Encoder | None = None,
    vectors_url: str | None = None,
) -> Searcher:
    """Opens an index that `sync` has made, with the encoders that it was made with.

    Raises:
        IndexMissing: there is none.
        IndexUnreachable: its vectors are elsewhere, and nothing answers there.
        IndexMismatch: it was made with another encoder.
        IndexDamaged: its files cannot be read.
    """
    vectors = vectors_url or (index_dir / FOLDERS[DENSE]).is_dir()
    if not vectors or not (index_dir / FILE_NAME).is_file():
        raise IndexMissing(index_dir)
    with storage_faults(index_dir):
        if not Catalogue(index_dir).generation():
            raise IndexMissing(index_dir)
        return Searcher(index_dir, open_legs(index_dir, encoder, english, vectors_url))
