"""Removes documents from every file: catalogue, history, vectors, lexical index and uploads.

What is to be erased is written down first, so that whoever writes next completes what was cut
short; each step may be done twice. Stores are made anew and exchanged, because what a database
deletes stays in its file.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from ingest import history
from ingest.catalogue import Catalogue, passage_from
from ingest.details import write_whole
from ingest.documents import Passage
from ingest.errors import IngestError
from ingest.folder import remove_upload
from ingest.legs import DenseLegs
from ingest.snapshot import LEXICAL_FILE, build_lexical
from ingest.stores import FolderStore

JOURNAL: Final = "erasing.json"
_BATCH: Final = 1_000
_PATIENCE: Final = 20.0
"""Seconds in which readers of the catalogue are given time to finish."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """What is to be erased."""

    paths: tuple[str, ...]
    """By which the catalogue knows, or knew, the document."""
    files: tuple[str, ...]
    """Of the uploads."""


def pending(index_dir: Path) -> Erasure | None:
    """What was to be erased when a process was cut short."""
    try:
        noted = json.loads((index_dir / JOURNAL).read_bytes())
    except FileNotFoundError:
        return None
    return Erasure(tuple(noted["paths"]), tuple(noted["files"]))


def note(index_dir: Path, erasure: Erasure) -> None:
    """Writes down what is to be erased; from here on it will be."""
    write_whole(index_dir / JOURNAL, json.dumps(asdict(erasure)).encode())


def resume(index_dir: Path, legs: DenseLegs) -> None:
    """Completes an erasure that was cut short, and removes what was left over of one."""
    erasure = pending(index_dir)
    if erasure:
        forget(index_dir, erasure, legs)
        renew(index_dir, legs)
        return
    for leg in legs.legs:
        if isinstance(leg.index, FolderStore):
            leg.index.tidy()


def forget(index_dir: Path, erasure: Erasure, legs: DenseLegs) -> None:
    """Removes the document's rows, files and vectors from all that is read."""
    for name in erasure.files:
        remove_upload(Path(name))
    catalogue = Catalogue(index_dir)
    catalogue.erase(erasure.paths)
    named = {passage.id for passage in catalogue.passages()}
    legs.delete(sorted(set().union(*legs.ids().values()) - named))


def renew(index_dir: Path, legs: DenseLegs) -> None:
    """Makes every store anew from what is still in the catalogue, and exchanges it.

    Raises:
        IngestError: the vectors are not in files of this machine, or the catalogue is in use.
    """
    catalogue = Catalogue(index_dir)
    stores = folder_stores(legs)
    for store in stores:
        store.rebuild(_batches(catalogue.passages()))
    for left in index_dir.glob(f".*{LEXICAL_FILE[-4:]}"):
        left.unlink()
    generation = catalogue.generation() + 1
    build_lexical(catalogue.passages(), generation).save(index_dir / LEXICAL_FILE)
    catalogue.publish(generation)
    _compact(catalogue)
    for store in stores:
        store.tidy()
    (index_dir / JOURNAL).unlink(missing_ok=True)


def folder_stores(legs: DenseLegs) -> list[FolderStore]:
    """The legs' stores, which have to be in files for an erasure.

    Raises:
        IngestError: one is not.
    """
    stores = [leg.index for leg in legs.legs if isinstance(leg.index, FolderStore)]
    if len(stores) < len(legs.legs):
        raise IngestError(
            "Vectors that are kept by a server cannot be erased from here, only deleted.",
            remedy="Delete the document, then have the server's database compacted.",
        )
    return stores


def kept_texts(catalogue: Catalogue) -> Iterator[bytes]:
    """The records of all passages in the catalogue and its history, a few megabytes at a time."""
    with closing(sqlite3.connect(catalogue.path)) as db:
        rows = db.execute("SELECT record FROM passages")
        while batch := rows.fetchmany(_BATCH):
            yield "\n".join(row[0] for row in batch).encode("utf-8", "surrogatepass")
        yield "\n".join(history.texts(db)).encode("utf-8", "surrogatepass")


def past_passages(catalogue: Catalogue, paths: list[str]) -> list[Passage]:
    """The passages of earlier versions of documents."""
    with closing(sqlite3.connect(catalogue.path)) as db:
        return [passage_from(record) for record in history.texts(db, paths)]


def _batches(passages: list[Passage]) -> Iterator[list[Passage]]:
    for start in range(0, len(passages), _BATCH):
        yield passages[start : start + _BATCH]


def _compact(catalogue: Catalogue) -> None:
    """Writes the catalogue anew and empties its write-ahead log.

    Raises:
        IngestError: another process has been reading it all the while.
    """
    until = time.monotonic() + _PATIENCE
    with closing(sqlite3.connect(catalogue.path, timeout=_PATIENCE, isolation_level=None)) as db:
        db.execute("VACUUM")
        while db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            if time.monotonic() > until:
                raise IngestError(
                    "The erasure is not complete: other processes are reading the index.",
                    remedy="Stop them and run `maieutic ingest`, which completes the erasure.",
                )
            time.sleep(0.05)
