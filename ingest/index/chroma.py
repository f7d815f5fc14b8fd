"""Chroma in a folder of this machine: the default, which needs no server."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from ingest.documents import Passage
from ingest.encoders import Vectors
from ingest.errors import IndexDamaged, IndexMismatch, StorageFull
from ingest.index.protocol import Where, metadata
from ingest.storage import nearly_full

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

_COLLECTION = "passages"
_ATTEMPTS = 8
_PAUSE = 0.05
"""Seconds, growing with each attempt: a writer's change is whole in far less."""
_openings = itertools.count()


class ChromaIndex:
    """Chroma in a folder, without a server. One process may write, any number may read.

    Chroma keeps its graph in memory, where it falls behind what another process writes to the
    folder: a reader calls `refresh` when it knows of a change, and a query that trips over one
    refreshes by itself.
    """

    def __init__(self, path: Path, encoder_name: str, dim: int) -> None:
        """Opens the folder, or makes it for this encoder.

        Raises:
            IndexMismatch: the folder was made for another encoder.
            IndexDamaged: the folder cannot be read.
        """
        self._path = path
        self._made_with = {"encoder": encoder_name, "dim": dim}
        self._lock = threading.Lock()
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
        with self._lock:
            self._client.close()

    def refresh(self) -> None:
        """See `VectorIndex`."""
        with self._lock:
            self._reopen()

    def upsert(self, passages: Sequence[Passage], vectors: Vectors) -> None:
        """See `VectorIndex`.

        Raises:
            StorageFull, IndexDamaged: the folder cannot be written.
        """
        step = self._client.get_max_batch_size()
        for start in range(0, len(passages), step):
            batch = passages[start : start + step]
            with self._faults():
                self._collection.upsert(
                    ids=[passage.id for passage in batch],
                    embeddings=vectors[start : start + step],
                    metadatas=[metadata(passage) for passage in batch],
                )

    def delete(self, ids: Sequence[str]) -> None:
        """See `VectorIndex`.

        Raises:
            StorageFull, IndexDamaged: the folder cannot be written.
        """
        step = self._client.get_max_batch_size()
        for start in range(0, len(ids), step):
            with self._faults():
                self._collection.delete(ids=list(ids[start : start + step]))

    def query(self, vector: Vectors, k: int, where: Where | None = None) -> list[tuple[str, float]]:
        """See `VectorIndex`.

        Raises:
            IndexDamaged: the folder cannot be read.
        """
        from chromadb.errors import InternalError

        with self._lock:
            for attempt in range(_ATTEMPTS):
                try:
                    return self._query(vector, k, where or {})
                except InternalError as error:
                    if attempt == _ATTEMPTS - 1:
                        raise IndexDamaged(self._path.parent, str(error)) from error
                    time.sleep(_PAUSE * attempt)
                    self._reopen()
        return []

    def _query(self, vector: Vectors, k: int, where: Where) -> list[tuple[str, float]]:
        if k < 1 or not self._collection.count():
            return []
        found = self._collection.query(
            query_embeddings=np.asarray(vector, dtype=np.float32).reshape(1, -1),
            n_results=k,
            where=_chroma_where(where),
            include=["distances"],
        )
        distances = (found["distances"] or [[]])[0]
        return [(id_, 1.0 - d) for id_, d in zip(found["ids"][0], distances, strict=True)]

    def count(self) -> int:
        """See `VectorIndex`."""
        with self._faults():
            return self._collection.count()

    def ids(self) -> set[str]:
        """See `VectorIndex`."""
        with self._faults():
            return set(self._collection.get(include=[])["ids"])

    def _open(self) -> tuple[Client, Collection]:
        from chromadb import PersistentClient
        from chromadb.config import Settings

        # Chroma shares what it keeps in memory among clients of the same path as it is spelt, and
        # drops it only with the last of them: each opening has its own spelling of the path.
        spelling = f"{self._path}{'/.' * next(_openings)}"
        with self._faults():
            settings = Settings(anonymized_telemetry=False)
            client = cast("Client", PersistentClient(spelling, settings=settings))
            collection = client.get_or_create_collection(
                _COLLECTION,
                embedding_function=None,
                configuration={
                    "hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200}
                },
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

    def _reopen(self) -> None:
        self._client.close()
        self._client, self._collection = self._open()


def _chroma_where(where: Where) -> Any:
    """A filter in Chroma's own language, which wants `$and` for two conditions and not for one."""
    terms = [
        {name: wanted if isinstance(wanted, str) else {"$in": list(wanted)}}
        for name, wanted in where.items()
    ]
    return {"$and": terms} if len(terms) > 1 else next(iter(terms), None)
