"""Vectors kept on disk by the text they are of, so that a restart encodes nothing twice."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from ingest import Encoder

_log = logging.getLogger(__name__)
Vectors = NDArray[np.float32]


class RememberingEncoder:
    """An encoder that looks a text up before it computes it; it gives equal vectors."""

    def __init__(self, encoder: Encoder, path: Path) -> None:
        """Reads what an earlier run kept; a damaged or foreign file counts as empty."""
        self.name, self.dim = encoder.name, encoder.dim
        self._encoder, self._path = encoder, path
        self._kept = _read(path, self.dim)
        self._used: dict[str, NDArray[np.float32]] = {}

    def encode_queries(self, texts: list[str]) -> Vectors:
        """See `Encoder`."""
        return self._encode(texts, "query", self._encoder.encode_queries)

    def encode_documents(self, texts: list[str]) -> Vectors:
        """See `Encoder`."""
        return self._encode(texts, "document", self._encoder.encode_documents)

    def _encode(
        self, texts: list[str], role: str, encode: Callable[[list[str]], Vectors]
    ) -> Vectors:
        keys = [hashlib.sha256(f"{role}\x1f{t}".encode()).hexdigest()[:32] for t in texts]
        missing = {k: t for k, t in zip(keys, texts, strict=True) if k not in self._kept}
        if missing:
            made = encode(list(missing.values()))
            self._kept.update(zip(missing, made, strict=True))
        self._used.update((k, self._kept[k]) for k in keys)
        return np.stack([self._kept[k] for k in keys]) if keys else np.zeros((0, self.dim), "f4")

    def save(self) -> None:
        """Keep what this run asked for, and nothing else, in one atomic step.

        Raises:
            OSError: the disk is full or cannot be written.
        """
        if self._path.exists() and self._used.keys() == _read(self._path, self.dim).keys():
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        keys = sorted(self._used)
        handle, name = tempfile.mkstemp(dir=self._path.parent, suffix=".npz")
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(
                    file,
                    keys=np.asarray(keys),
                    vectors=np.stack([self._used[k] for k in keys])
                    if keys
                    else np.zeros((0, self.dim), "f4"),
                )
            Path(name).replace(self._path)
        finally:
            Path(name).unlink(missing_ok=True)


@contextmanager
def remembering(
    encoders: Mapping[str, Encoder], folder: Path, versions: Mapping[str, str] | None = None
) -> Iterator[dict[str, RememberingEncoder]]:
    """Remembering encoders for a while; what they were asked is kept on leaving.

    A disk that is full costs the next start some seconds, and nothing else.

    Args:
        encoders: by name.
        folder: where the vectors are kept.
        versions: by encoder, what changes when its weights do; part of the file's name.
    """
    kept = {
        name: RememberingEncoder(
            encoder, folder / f"{name}-{(versions or {}).get(name, 'any')[:12]}.npz"
        )
        for name, encoder in encoders.items()
    }
    yield kept
    for encoder in kept.values():
        try:
            encoder.save()
        except OSError as error:
            _log.warning("The vectors of the cases could not be kept: %s", error)


def _read(path: Path, dim: int) -> dict[str, NDArray[np.float32]]:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
            keys, vectors = data["keys"], data["vectors"]
    except (OSError, KeyError, ValueError, BadZipFile, EOFError):
        return {}
    if vectors.ndim != 2 or vectors.shape != (len(keys), dim):
        return {}
    return {str(k): v for k, v in zip(keys, vectors.astype(np.float32), strict=True)}
