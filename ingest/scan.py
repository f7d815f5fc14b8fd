"""The proof of an erasure: its traces looked for in every file of index and uploads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

import numpy as np

from ingest.bytescan import Needles, Scan, scan_folders
from ingest.catalogue import Catalogue
from ingest.documents import Passage
from ingest.erase import kept_texts
from ingest.legs import DenseLegs
from ingest.proof import LegVectors
from ingest.traces import file_traces, text_traces, vector_traces

_BATCH = 1_000


def traces_of(passages: Sequence[Passage], vectors: LegVectors, files: Sequence[Path]) -> Needles:
    """All that a document leaves in files, taken before it is erased."""
    kept = (vector for by_id in vectors.values() for vector in by_id.values())
    return Needles(
        chain(
            text_traces(passages),
            chain.from_iterable(map(vector_traces, kept)),
            chain.from_iterable(file_traces(file.read_bytes()) for file in files if file.is_file()),
        )
    )


def leftovers(traces: Needles, index_dir: Path, uploads: Path, legs: DenseLegs) -> tuple[Scan, int]:
    """Looks for traces in every file; those that other documents leave too say nothing.

    Returns:
        What was found, and how many traces were looked for.
    """
    shared: set[bytes] = set()
    for others in chain(
        kept_texts(Catalogue(index_dir)), _kept_vectors(index_dir, legs), _kept_files(uploads)
    ):
        shared |= traces.found_in(others)
    own = traces.without(shared)
    return scan_folders([index_dir, uploads], own), len(own)


def _kept_vectors(index_dir: Path, legs: DenseLegs) -> Iterator[bytes]:
    ids = [id_ for ids in Catalogue(index_dir).languages().values() for id_ in ids]
    for leg in legs.legs:
        for start in range(0, len(ids), _BATCH):
            found = leg.index.vectors(ids[start : start + _BATCH]).values()
            yield b"".join(np.asarray(vector, dtype="<f4").tobytes() for vector in found)


def _kept_files(uploads: Path) -> Iterator[bytes]:
    for path in sorted(uploads.iterdir()) if uploads.is_dir() else ():
        if path.is_file() and not path.name.startswith("."):
            yield path.read_bytes()
