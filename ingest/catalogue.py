"""What has been ingested: files, documents and the passages themselves, in one SQLite file.

The catalogue is the truth about the index. A document counts as ingested when its row is
committed, which is after its vectors were written; vectors without a row are left-overs.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ingest.documents import Document, Passage, Source

FILE_NAME = "catalogue.db"
_BUSY_SECONDS = 10.0
_TABLES = """
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS documents (
    path TEXT PRIMARY KEY, id TEXT NOT NULL, hash TEXT NOT NULL, recipe INTEGER NOT NULL,
    source TEXT NOT NULL, pages INTEGER
);
CREATE TABLE IF NOT EXISTS passages (
    id TEXT PRIMARY KEY, path TEXT NOT NULL REFERENCES documents (path), position INTEGER NOT NULL,
    record TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS passages_by_path ON passages (path, position);
"""


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What is remembered of a file, to tell whether it has changed."""

    path: str
    document_id: str
    content_hash: str
    recipe: int


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """A document in the index."""

    id: str
    source: Source
    passages: int
    pages: int | None
    """Pages of a format that has them."""


class Catalogue:
    """The SQLite file in an index folder. Every call opens it afresh, so threads may share one."""

    def __init__(self, index_dir: Path) -> None:
        """Does not touch the disk; `create` does."""
        self.path = index_dir / FILE_NAME

    def create(self) -> None:
        """Makes the tables where they are missing."""
        with self._open() as db:
            db.execute("PRAGMA journal_mode=WAL")
            db.executescript(_TABLES)

    def generation(self) -> int:
        """The number of the last finished run; readers compare it to notice a change."""
        return self._state("generation")

    def is_dirty(self) -> bool:
        """Whether there are changes that no finished run has published."""
        return bool(self._state("dirty"))

    def publish(self, generation: int) -> None:
        """Tells readers that a run is finished and what it changed may be read."""
        with self._open() as db:
            _set(db, "generation", generation)
            _set(db, "dirty", 0)

    def _state(self, name: str) -> int:
        with self._open() as db:
            row = db.execute("SELECT value FROM state WHERE name = ?", (name,)).fetchone()
        return int(row[0]) if row else 0

    def files(self) -> dict[str, FileRecord]:
        """Every ingested file by its path under the root."""
        with self._open() as db:
            rows = db.execute("SELECT path, id, hash, recipe FROM documents ORDER BY path")
            return {row[0]: FileRecord(*row) for row in rows}

    def documents(self) -> list[DocumentInfo]:
        """Every document, by id."""
        query = (
            "SELECT d.id, d.source, d.pages, COUNT(p.id) FROM documents d "
            "LEFT JOIN passages p ON p.path = d.path GROUP BY d.path ORDER BY d.id"
        )
        with self._open() as db:
            return [
                DocumentInfo(row[0], Source(**json.loads(row[1])), row[3], row[2])
                for row in db.execute(query)
            ]

    def passages(self, path: str | None = None) -> list[Passage]:
        """The passages of a file, or of all files, in reading order."""
        query = "SELECT record FROM passages WHERE ? IS NULL OR path = ? ORDER BY path, position"
        with self._open() as db:
            return [_passage(row[0]) for row in db.execute(query, (path, path))]

    def put(self, path: str, document: Document, passages: list[Passage], *, recipe: int) -> None:
        """Replaces all that is known of a file, in one transaction."""
        numbers = {page.number for page in document.pages if page.number is not None}
        with self._open() as db:
            _forget(db, path)
            db.execute(
                "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?)",
                (
                    path,
                    document.id,
                    document.content_hash,
                    recipe,
                    _json(asdict(document.source)),
                    len(numbers) or None,
                ),
            )
            db.executemany(
                "INSERT INTO passages VALUES (?, ?, ?, ?)",
                [(p.id, path, p.position, _json(asdict(p))) for p in passages],
            )
            _set(db, "dirty", 1)

    def remove(self, path: str) -> None:
        """Forgets a file and its passages, in one transaction."""
        with self._open() as db:
            _forget(db, path)
            _set(db, "dirty", 1)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(self.path, timeout=_BUSY_SECONDS)
        # With a write-ahead log this loses no consistency, and it waits for the disk less often.
        db.execute("PRAGMA synchronous=NORMAL")
        try:
            with db:
                yield db
        finally:
            db.close()


def _forget(db: sqlite3.Connection, path: str) -> None:
    db.execute("DELETE FROM passages WHERE path = ?", (path,))
    db.execute("DELETE FROM documents WHERE path = ?", (path,))


def _set(db: sqlite3.Connection, name: str, value: int) -> None:
    db.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (name, value))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _passage(record: str) -> Passage:
    values = json.loads(record)
    values["source"] = Source(**values["source"])
    values["section"] = tuple(values["section"])
    values["pages"] = tuple(values["pages"])
    return Passage(**values)
