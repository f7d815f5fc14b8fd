"""What Chroma in a folder and Chroma behind a server have in common: a collection."""

from __future__ import annotations

import math
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ingest.documents import Passage
from ingest.encoders import Vectors
from ingest.index.allowed import AllowedIds
from ingest.index.protocol import Terms, Where, metadata, terms

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.collection_configuration import CreateHNSWConfiguration
    from chromadb.api.models.Collection import Collection
    from chromadb.api.types import Include

HNSW: Final[CreateHNSWConfiguration] = {"space": "cosine", "ef_construction": 200, "ef_search": 400}
"""Of new collections; one that exists keeps what it was made with."""
_FEW: Final = 1_000
"""Passages that are compared one by one; among more the graph is searched."""
_MANY: Final = 4_000
"""Neighbours that are looked through for those that a filter lets pass."""
_ATTEMPTS: Final = 8
_PAUSE: Final = 0.05
"""Seconds, growing with each attempt: a writer's change is whole in far less."""
_VECTORS: Final[Include] = ["embeddings"]
_BATCH_BYTES: Final = 24_000_000
"""Of one request: a server takes 40 MB, and a number is written in up to 13 characters."""


class CollectionIndex(ABC):
    """Searches and changes a collection; where it is and what can go wrong there is left open.

    Chroma has no index over its metadata: a filter that it is given makes it read the fields of
    all passages for every query. So a filter is put to it once, the ids that pass are kept, and
    queries are answered from the unfiltered graph, looking as far as that takes.
    """

    _client: ClientAPI
    _collection: Collection

    def __init__(self) -> None:
        """Subclasses open the collection."""
        self._allowed = AllowedIds(self._ids_where)
        self._total = 0
        """Passages in the store; counted once, for counting takes as long as a small search."""
        self._changes = 0
        """Times that what is known here of the store had to be forgotten."""
        self._one_at_a_time: AbstractContextManager[object] = nullcontext()

    def upsert(self, passages: Sequence[Passage], vectors: Vectors) -> None:
        """See `VectorIndex`.

        Raises:
            IngestError: the store cannot be written.
        """
        with self._faults():
            step = self._step(vectors.shape[-1])
            for start in range(0, len(passages), step):
                batch = passages[start : start + step]
                self._collection.upsert(
                    ids=[passage.id for passage in batch],
                    embeddings=vectors[start : start + step],
                    metadatas=[metadata(passage) for passage in batch],
                )
        self._forget()

    def delete(self, ids: Sequence[str]) -> None:
        """See `VectorIndex`.

        Raises:
            IngestError: the store cannot be written.
        """
        with self._faults():
            step = self._client.get_max_batch_size()
            for start in range(0, len(ids), step):
                self._collection.delete(ids=list(ids[start : start + step]))
        self._forget()

    def query(self, vector: Vectors, k: int, where: Where | None = None) -> list[tuple[str, float]]:
        """See `VectorIndex`.

        Raises:
            IngestError: the store cannot be read.
        """
        from chromadb.errors import InternalError

        wanted = terms(where)
        with self._faults(), self._one_at_a_time:
            for attempt in range(_ATTEMPTS):
                try:
                    return self._query(vector, k, wanted)
                except InternalError:
                    # What was known here of the store, another process has changed.
                    if attempt == _ATTEMPTS - 1:
                        raise
                    time.sleep(_PAUSE * attempt)
                    self._renew()
        return []

    def refresh(self) -> None:
        """See `VectorIndex`."""
        with self._one_at_a_time:
            self._renew()

    def count(self) -> int:
        """See `VectorIndex`."""
        with self._faults():
            return self._collection.count()

    def ids(self) -> set[str]:
        """See `VectorIndex`."""
        with self._faults():
            return set(self._collection.get(include=[])["ids"])

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """See `VectorIndex`.

        Raises:
            IngestError: the store cannot be read.
        """
        found: dict[str, Vectors] = {}
        step = self._client.get_max_batch_size()
        for start in range(0, len(ids), step):
            with self._faults():
                part = self._collection.get(ids=list(ids[start : start + step]), include=_VECTORS)
            given = part["embeddings"] if part["embeddings"] is not None else []
            for id_, vector in zip(part["ids"], given, strict=True):
                found[id_] = np.asarray(vector, dtype=np.float32)
        return found

    def _renew(self) -> None:
        """Forgets what another process may have changed."""
        self._forget()

    def _forget(self) -> None:
        self._changes += 1
        self._total = 0
        self._allowed.forget()

    @abstractmethod
    def _faults(self) -> AbstractContextManager[None]:
        """Turns what the store raises into what a user can be told."""

    def _step(self, dim: int) -> int:
        """Passages in one request."""
        return max(1, min(self._client.get_max_batch_size(), _BATCH_BYTES // (13 * dim)))

    def _query(self, vector: Vectors, k: int, wanted: Terms) -> list[tuple[str, float]]:
        # An empty store is looked at each time: what it is filled with must not stay unseen.
        total = self._total = self._total or self._collection.count()
        if not total or k < 1:
            return []
        if not wanted:
            return self._nearest(vector, min(k, total))
        allowed = self._allowed.ids(wanted)
        k = min(k, len(allowed))
        if len(allowed) <= _FEW:
            return self._of_few(vector, k, sorted(allowed))
        reach = math.ceil(k * total / len(allowed))
        while reach < min(_MANY, total):
            found = [hit for hit in self._nearest(vector, reach) if hit[0] in allowed]
            if len(found) >= k:
                return found[:k]
            reach *= 2
        return self._nearest(vector, k, where=_chroma_where(wanted))

    def _of_few(self, vector: Vectors, k: int, ids: Sequence[str]) -> list[tuple[str, float]]:
        """The k nearest of some passages, compared here.

        A query of Chroma's own that is narrowed to ids takes longer the more it leaves out: 14 ms
        among 30,000 passages, 60 among 200,000; reading ten vectors takes 1 ms, a thousand 19.
        """
        found = self.vectors(ids)
        if not found:
            return []
        held = list(found)
        rows = np.stack(list(found.values()))
        asked = np.asarray(vector, dtype=np.float32).reshape(-1)
        lengths = np.linalg.norm(rows, axis=1) * float(np.linalg.norm(asked))
        cosines = (rows @ asked) / np.maximum(lengths, 1e-12)
        order = np.argsort(-cosines, kind="stable")[:k]
        return [(held[at], float(cosines[at])) for at in order]

    def _nearest(self, vector: Vectors, k: int, **only: Any) -> list[tuple[str, float]]:
        found = self._collection.query(
            query_embeddings=np.asarray(vector, dtype=np.float32).reshape(1, -1),
            n_results=k,
            include=["distances"],
            **only,
        )
        distances = (found["distances"] or [[]])[0]
        return [(id_, 1.0 - d) for id_, d in zip(found["ids"][0], distances, strict=True)]

    def _ids_where(self, wanted: Terms) -> list[str]:
        return self._collection.get(where=_chroma_where(wanted), include=[])["ids"]


def _chroma_where(wanted: Terms) -> Any:
    """A filter in Chroma's own language, which wants `$and` for two conditions and not for one."""
    conditions = [
        {name: values[0] if len(values) == 1 else {"$in": list(values)}} for name, values in wanted
    ]
    return {"$and": conditions} if len(conditions) > 1 else conditions[0]
