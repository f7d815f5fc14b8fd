"""Chroma in a folder of this machine: the default, which needs no server."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import numpy as np

from ingest.encoders import Vectors
from ingest.errors import IndexDamaged, IndexMismatch, StorageFull
from ingest.index.collection import HNSW, CollectionIndex
from ingest.index.protocol import Terms
from ingest.storage import nearly_full

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

_COLLECTION = "passages"
_openings = itertools.count()
_EXACT: Final = 20_000
"""Passages up to which a query is compared with every vector: that is quicker than the graph, which
answers in 3 ms, and it misses nothing. They take 31 MB in 384 dimensions."""
_PAGE: Final = 2_000
"""Vectors that are read from the store at a time."""


@dataclass(frozen=True, slots=True)
class _Table:
    """Every vector of a small store, of length 1."""

    ids: list[str]
    vectors: Vectors

    def nearest(
        self, vector: Vectors, k: int, allowed: frozenset[str] | None
    ) -> list[tuple[str, float]]:
        """The k nearest among the allowed, with their cosines; equal ones in the store's order."""
        asked = np.asarray(vector, dtype=np.float32).reshape(-1)
        cosines = self.vectors @ (asked / max(float(np.linalg.norm(asked)), 1e-12))
        rows = np.arange(len(self.ids))
        if allowed is not None:
            rows = np.flatnonzero([id_ in allowed for id_ in self.ids])
            cosines = cosines[rows]
        if k < len(rows):
            best = np.sort(np.argpartition(-cosines, k - 1)[:k])
            rows, cosines = rows[best], cosines[best]
        order = np.argsort(-cosines, kind="stable")
        return [(self.ids[rows[at]], float(cosines[at])) for at in order]


class ChromaIndex(CollectionIndex):
    """Chroma in a folder, without a server. One process may write, any number may read.

    Chroma keeps its graph in memory, where it falls behind what another process writes to the
    folder: a reader calls `refresh` when it knows of a change, and a query that trips over one
    refreshes by itself.
    """

    _client: Client

    def __init__(self, path: Path, encoder_name: str, dim: int) -> None:
        """Opens the folder, or makes it for this encoder.

        Raises:
            IndexMismatch: the folder was made for another encoder.
            IndexDamaged: the folder cannot be read.
        """
        super().__init__()
        self._held: tuple[int, _Table] | None = None
        """All vectors of a small store, with the number of changes they were read after."""
        self._path = path
        self._made_with = {"encoder": encoder_name, "dim": dim}
        self._one_at_a_time = threading.Lock()
        path.mkdir(parents=True, exist_ok=True)
        self._client, self._collection = self._open()
        found = self._collection.metadata or {}
        if {name: found.get(name) for name in self._made_with} != self._made_with:
            self.close()
            raise IndexMismatch(
                path.parent,
                f"{found.get('encoder')}, {found.get('dim')} dimensions",
                f"{encoder_name}, {dim} dimensions",
            )

    def close(self) -> None:
        """Lets go of the folder."""
        with self._one_at_a_time:
            self._client.close()

    def _open(self) -> tuple[Client, Collection]:
        from chromadb import PersistentClient
        from chromadb.config import Settings

        # Chroma shares what it keeps in memory among clients of the same path as it is spelt, and
        # drops it only with the last of them: each opening has its own spelling of the path. Its
        # number is written in binary, for a path may not grow beyond some thousand characters.
        bits = f"{next(_openings):b}"
        spelling = f"{self._path}{''.join('/.' if bit == '0' else '//.' for bit in bits)}"
        with self._faults():
            settings = Settings(anonymized_telemetry=False)
            client = cast("Client", PersistentClient(spelling, settings=settings))
            collection = client.get_or_create_collection(
                _COLLECTION,
                embedding_function=None,
                configuration={"hnsw": HNSW},
                metadata=self._made_with,
            )
        return client, collection

    @contextmanager
    def _faults(self) -> Iterator[None]:
        """Chroma says "internal error" of a full disk and of a damaged folder alike."""
        from chromadb.errors import InternalError

        try:
            yield
        except InternalError as error:
            if nearly_full(self._path):
                raise StorageFull(self._path.parent) from error
            raise IndexDamaged(self._path.parent, str(error)) from error

    def _query(self, vector: Vectors, k: int, wanted: Terms) -> list[tuple[str, float]]:
        table = self._table() if k > 0 else None
        if table is None:
            return super()._query(vector, k, wanted)
        return table.nearest(vector, k, self._allowed.ids(wanted) if wanted else None)

    def _table(self) -> _Table | None:
        """Every vector, read once after each change; None of a large store, and of an empty one."""
        changes = self._changes
        if self._held is not None and self._held[0] == changes:
            return self._held[1]
        self._held = None
        total = self._total = self._total or self._collection.count()
        if not 0 < total <= _EXACT:
            return None
        ids: list[str] = []
        parts: list[Vectors] = []
        for start in range(0, total, _PAGE):
            page = self._collection.get(include=["embeddings"], limit=_PAGE, offset=start)
            ids += page["ids"]
            if page["ids"]:
                parts.append(np.asarray(page["embeddings"], dtype=np.float32))
        if len(ids) != total:
            return None  # It is being written to; the graph answers meanwhile.
        vectors = np.concatenate(parts)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        table = _Table(ids, vectors)
        self._held = (changes, table)
        return table

    def _renew(self) -> None:
        self._client.close()
        self._client, self._collection = self._open()
        super()._renew()
