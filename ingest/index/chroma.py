"""Chroma in a folder of this machine: the default, which needs no server."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ingest.errors import IndexDamaged, IndexMismatch, StorageFull
from ingest.index.collection import HNSW, CollectionIndex
from ingest.storage import nearly_full

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

_COLLECTION = "passages"
_openings = itertools.count()


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

    def _renew(self) -> None:
        self._client.close()
        self._client, self._collection = self._open()
        super()._renew()
