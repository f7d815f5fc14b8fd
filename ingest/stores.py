"""Vectors in a folder that can be exchanged for another while readers go on.

Chroma keeps what it has deleted in its files. To be rid of it a new store is made beside the old
one, and a file named CURRENT says which of the two counts; it is replaced in one step.
"""

from __future__ import annotations

import shutil
import struct
import threading
import warnings
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final, TypeVar

import numpy as np

from ingest.details import PART, write_whole
from ingest.documents import Passage
from ingest.encoders import Vectors
from ingest.index import ChromaIndex, VectorIndex, Where
from ingest.index.chroma import _COLLECTION as COLLECTION
from ingest.index.collection import HNSW

POINTER: Final = "CURRENT"
T = TypeVar("T")
_HEADER: Final = struct.Struct("<iQQQQ")
"""Of `header.bin`: version, offset, elements there is room for, elements, bytes of one."""
_HEADER_VERSION: Final = 1
_PADDING: Final = ("padding-0", "padding-1")
_LENGTH: Final = 4
"""Bytes of an element in `length.bin`."""


def current(folder: Path) -> Path:
    """The store in a folder: a folder in it that CURRENT names, else the folder itself."""
    try:
        name = (folder / POINTER).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return folder
    return folder / name


def blank_unused(store: Path) -> None:
    """Overwrites the room that a store's files have beyond their vectors.

    Chroma writes memory there that it has reserved and not yet used, and with it whatever stood in
    that memory before: at worst, a text that was erased.
    """
    for header in store.glob("*/header.bin"):
        version, _, _, count, size = _HEADER.unpack_from(header.read_bytes())
        if version != _HEADER_VERSION:
            continue
        for name, each in (("data_level0.bin", size), ("length.bin", _LENGTH)):
            path = header.with_name(name)
            used, there = count * each, path.stat().st_size
            if used < there:
                with path.open("r+b") as file:
                    file.seek(used)
                    file.write(bytes(there - used))


def make_settled(store: Path, encoder_name: str, dim: int) -> None:
    """Makes a store whose files are written already, so that no reader writes them.

    A graph that was never saved is saved by whoever reads it first, from memory that may hold what
    that process once knew. Two vectors, and a threshold that they pass, have it saved at once.
    """
    from chromadb import PersistentClient
    from chromadb.config import Settings

    client = PersistentClient(str(store), settings=Settings(anonymized_telemetry=False))
    collection = client.create_collection(
        COLLECTION,
        embedding_function=None,
        configuration={"hnsw": {**HNSW, "sync_threshold": 2, "batch_size": 2}},
        metadata={"encoder": encoder_name, "dim": dim},
    )
    collection.upsert(ids=list(_PADDING), embeddings=np.eye(len(_PADDING), dim, dtype=np.float32))
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        # Chroma warns of its own way to note that a collection embeds nothing by itself.
        collection.modify(configuration={"hnsw": {"sync_threshold": 1_000, "batch_size": 100}})
    client.close()  # type: ignore[attr-defined]


class FolderStore:
    """Chroma in a folder, reopened where another process has exchanged the store."""

    def __init__(self, folder: Path, encoder_name: str, dim: int) -> None:
        """Opens the store that counts, or makes one.

        Raises:
            IndexMismatch: it was made for another encoder.
            IndexDamaged: it cannot be read.
        """
        self.folder = folder
        self._made_for = (encoder_name, dim)
        self._lock = threading.RLock()
        self._open()

    def upsert(self, passages: Sequence[Passage], vectors: Vectors) -> None:
        """See `VectorIndex`."""
        self._index.upsert(passages, vectors)

    def delete(self, ids: Sequence[str]) -> None:
        """See `VectorIndex`."""
        self._index.delete(ids)

    def query(self, vector: Vectors, k: int, where: Where | None = None) -> list[tuple[str, float]]:
        """See `VectorIndex`."""
        return self._asked(lambda index: index.query(vector, k, where))

    def count(self) -> int:
        """See `VectorIndex`."""
        return self._asked(lambda index: index.count())

    def ids(self) -> set[str]:
        """See `VectorIndex`."""
        return self._asked(lambda index: index.ids())

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """See `VectorIndex`."""
        return self._asked(lambda index: index.vectors(ids))

    def refresh(self) -> None:
        """See `VectorIndex`."""
        with self._lock:
            if not self._follow():
                self._index.refresh()

    def close(self) -> None:
        """See `VectorIndex`."""
        with self._lock:
            self._index.close()

    def rebuild(self, batches: Iterable[Sequence[Passage]]) -> None:
        """Moves the vectors of these passages, and no others, to a new store that then counts.

        The old store stays where it is until `tidy`; until then readers may still use it.
        """
        fresh = self._next()
        if fresh.exists():
            shutil.rmtree(fresh)
        make_settled(fresh, *self._made_for)
        made = ChromaIndex(fresh, *self._made_for)
        try:
            for batch in batches:
                known = self._index.vectors([passage.id for passage in batch])
                kept = [passage for passage in batch if passage.id in known]
                if kept:
                    made.upsert(kept, np.stack([known[passage.id] for passage in kept]))
            made.delete(_PADDING)
        finally:
            made.close()
        blank_unused(fresh)
        write_whole(self.folder / POINTER, fresh.name.encode())
        with self._lock:
            self._follow()

    def tidy(self) -> None:
        """Removes what does not count: a store that was exchanged, or one that was never done."""
        kept = {self.folder / POINTER, self._path}
        if self._path == self.folder:
            # The store is the folder itself; only stores that were never done are not of it.
            leftovers = [p for p in self.folder.iterdir() if p.is_dir() and p.name.isdigit()]
            leftovers += self.folder.glob(f".*{PART}")
        else:
            leftovers = [path for path in self.folder.iterdir() if path not in kept]
        for path in leftovers:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()

    def _asked(self, ask: Callable[[VectorIndex], T]) -> T:
        """An answer of the store that counted both before and after the question."""
        with self._lock:
            self._follow()
            answer = ask(self._index)
            while self._follow():
                answer = ask(self._index)
            return answer

    def _follow(self) -> bool:
        """Opens the store that counts, where that is another than the one that is open."""
        if current(self.folder) == self._path:
            return False
        self._index.close()
        self._open()
        return True

    def _open(self) -> None:
        self._path = current(self.folder)
        self._index = ChromaIndex(self._path, *self._made_for)

    def _next(self) -> Path:
        number = int(self._path.name) if self._path != self.folder else 0
        return self.folder / str(number + 1)
