"""Vectors of texts kept between runs: one SQLite file for each encoder and version of its weights.

A text that was embedded once is not embedded again, and a run that was killed goes on where it
stopped: every batch is committed.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from ingest import Encoder
from ingest.encoders import Vectors

BATCH = 256
"""Texts embedded between two commits: enough for the encoder to sort them by length."""
_TABLE = "CREATE TABLE IF NOT EXISTS vectors (text BLOB PRIMARY KEY, vector BLOB NOT NULL)"


def cached_vectors(
    folder: Path,
    encoder: Encoder,
    version: str,
    texts: Sequence[str],
    track: Callable[[Sequence[int]], Iterable[int]] = iter,
) -> Vectors:
    """The vectors float32 [n, dim] of texts as documents.

    Args:
        folder: where the files are, or will be.
        encoder: makes what is missing.
        version: of the encoder's weights, part of the file's name.
        texts: what to embed.
        track: shows how far the batches have come; it is given where each begins.
    """
    folder.mkdir(parents=True, exist_ok=True)
    keys = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
    with closing(sqlite3.connect(folder / f"{encoder.name}-{version[:16]}.sqlite")) as db, db:
        db.execute(_TABLE)
        known: set[bytes] = {row[0] for row in db.execute("SELECT text FROM vectors")}
        # By key, for a collection may hold one text many times.
        missing = list({key: i for i, key in enumerate(keys) if key not in known}.values())
        for start in track(range(0, len(missing), BATCH)):
            batch = missing[start : start + BATCH]
            made = encoder.encode_documents([texts[i] for i in batch])
            rows = [
                (keys[i], row.astype("<f4").tobytes()) for i, row in zip(batch, made, strict=True)
            ]
            db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
            db.commit()
        wanted = set(keys)
        found = {
            key: np.frombuffer(blob, dtype="<f4")
            for key, blob in db.execute("SELECT text, vector FROM vectors")
            if key in wanted
        }
    if not keys:
        return np.zeros((0, encoder.dim), dtype=np.float32)
    return np.stack([found[key] for key in keys]).astype(np.float32)
