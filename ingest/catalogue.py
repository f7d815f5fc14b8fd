"""What has been ingested: files, documents and the passages themselves, in one SQLite file.

The catalogue is the truth about the index. A document counts as ingested when its row is
committed, which is after its vectors were written; vectors without a row are left-overs.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ingest import history
from ingest.documents import Language, Passage, Source
from ingest.duplicates import Signature
from ingest.folder import Origin
from ingest.schema import bring_up_to_date, migrate
from ingest.screening import Finding
from ingest.states import FileState

FILE_NAME = "catalogue.db"
_BUSY_SECONDS = 10.0
_RECORD = (
    "path, id, hash, recipe, origin, state, reason, remedy, "
    "version, text_hash, duplicate_of, tenant"
)
_SEARCHED = "state = 'indexed' AND duplicate_of IS NULL"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What is remembered of a file, to tell whether it has to be read again."""

    path: str
    document_id: str
    content_hash: str
    recipe: int
    origin: Origin = "corpus"
    state: FileState = "indexed"
    reason: str | None = None
    remedy: str | None = None
    version: int = 0
    """Of its content, counted from 1; given by the catalogue."""
    text_hash: str = ""
    """Of what it says; empty where it could not be read."""
    duplicate_of: str | None = None
    """The path of the document that says exactly the same and is searched in its place."""
    tenant: str = "public"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file, to be remembered."""

    record: FileRecord
    at: str
    by: str | None = None
    source: Source | None = None
    pages: int | None = None
    unread: tuple[int, ...] = ()
    findings: tuple[Finding, ...] = ()
    signature: Signature | None = None
    near: Mapping[str, float] | None = None
    """Documents that nearly say the same, by path, with their similarity."""
    passages: Sequence[Passage] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A row of the catalogue, as those who look at documents want it."""

    record: FileRecord
    at: str
    by: str | None
    source: Source | None
    pages: int | None
    unread: tuple[int, ...]
    findings: tuple[Finding, ...]
    passages: int


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
        self._current = False

    def create(self) -> None:
        """Makes the tables and columns where they are missing."""
        with self._open() as db:
            db.execute("PRAGMA journal_mode=WAL")
        with self._open() as db:
            migrate(db)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keeps the file open for a while: whoever closes it last moves its log into it each time.

        Makes the tables and columns where they are missing.
        """
        self.create()
        with closing(sqlite3.connect(self.path)) as db:
            db.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
            yield

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
        """Every file, whatever became of it, by its path."""
        with self._open() as db:
            rows = db.execute(f"SELECT {_RECORD} FROM documents ORDER BY path")
            return {row[0]: FileRecord(*row) for row in rows}

    def kept(self, document_id: str | None = None) -> list[Kept]:
        """Every file with all that is known of it, or those of one document id, by path."""
        query = (
            f"SELECT {_RECORD}, done_at, done_by, source, pages, unread, findings, "
            "(SELECT COUNT(*) FROM passages p WHERE p.path = d.path) "
            "FROM documents d WHERE ? IS NULL OR id = ? ORDER BY path"
        )
        with self._open() as db:
            return [_kept(row) for row in db.execute(query, (document_id, document_id))]

    def documents(self) -> list[DocumentInfo]:
        """Every document that is searched, by id."""
        query = (
            "SELECT d.id, d.source, d.pages, COUNT(p.id) FROM documents d "
            "LEFT JOIN passages p ON p.path = d.path "
            f"WHERE {_SEARCHED} GROUP BY d.path ORDER BY d.id"
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
            return [passage_from(row[0]) for row in db.execute(query, (path, path))]

    def languages(self) -> dict[str, dict[str, Language]]:
        """The language of every passage by its id, by the path of its file."""
        query = "SELECT path, id, json_extract(record, '$.language') FROM passages"
        found: dict[str, dict[str, Language]] = {}
        with self._open() as db:
            for path, id_, language in db.execute(query):
                found.setdefault(path, {})[id_] = language
        return found

    def having(self, ids: Iterable[str]) -> set[str]:
        """Those of the passage ids that are in the catalogue."""
        with self._open() as db:
            return {
                id_
                for id_ in ids
                if db.execute("SELECT 1 FROM passages WHERE id = ?", (id_,)).fetchone()
            }

    def signatures(self) -> dict[str, Signature]:
        """The signatures of all documents that are searched, by path."""
        query = f"SELECT path, signature FROM documents WHERE {_SEARCHED} AND signature NOT NULL"
        with self._open() as db:
            return {row[0]: np.frombuffer(row[1], dtype=np.uint32) for row in db.execute(query)}

    def near(self) -> dict[str, dict[str, float]]:
        """The documents that nearly say the same, by path, both ways."""
        found: dict[str, dict[str, float]] = {}
        with self._open() as db:
            for one, other, similarity in db.execute("SELECT * FROM near"):
                found.setdefault(one, {})[other] = similarity
                found.setdefault(other, {})[one] = similarity
        return found

    def put(
        self, outcome: Outcome, *, moved_from: str | None = None, demoted: FileRecord | None = None
    ) -> int:
        """Replaces all that is known of a file, in one transaction; returns its version.

        Args:
            outcome: what became of it.
            moved_from: its path until now; its history goes with it.
            demoted: another file that is searched no more, because this one says the same.
        """
        record = outcome.record
        with self._open() as db:
            if moved_from:
                history.move(db, moved_from, record.path, record.document_id)
                _forget(db, moved_from)
            version, at, by = history.record(
                db, record, outcome.at, outcome.by, len(outcome.passages)
            )
            _forget(db, record.path)
            if demoted:
                _demote(db, demoted.path, record.path)
            _insert(db, replace(outcome, at=at, by=by), version)
            _set(db, "dirty", 1)
        return version

    def remove(self, path: str, at: str, by: str | None = None) -> None:
        """Forgets a file that is gone, in one transaction; its text stays in its history."""
        with self._open() as db:
            history.close(db, path, "deleted", at, by)
            _forget(db, path)
            _set(db, "dirty", 1)

    def erase(self, paths: Iterable[str]) -> None:
        """Forgets files and their history; what is left in the database's file is overwritten."""
        with self._open() as db:
            db.execute("PRAGMA secure_delete=ON")
            for path in paths:
                _forget(db, path)
                db.execute("DELETE FROM versions WHERE path = ?", (path,))
            _set(db, "dirty", 1)

    def versions(self, document_id: str) -> list[history.Version]:
        """The versions that a document has had, the first one first."""
        with self._open() as db:
            return history.versions(db, document_id)

    def past_paths(self, document_id: str) -> list[str]:
        """The paths at which a document has had versions."""
        query = "SELECT DISTINCT path FROM versions WHERE document = ? ORDER BY path"
        with self._open() as db:
            return [row[0] for row in db.execute(query, (document_id,))]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(self.path, timeout=_BUSY_SECONDS)
        # With a write-ahead log this loses no consistency, and it waits for the disk less often.
        db.execute("PRAGMA synchronous=NORMAL")
        try:
            with db:
                if not self._current:
                    self._current = bring_up_to_date(db)
                yield db
        finally:
            db.close()


def _insert(db: sqlite3.Connection, outcome: Outcome, version: int) -> None:
    record = outcome.record
    values = {
        "path": record.path,
        "id": record.document_id,
        "hash": record.content_hash,
        "recipe": record.recipe,
        "origin": record.origin,
        "state": record.state,
        "reason": record.reason,
        "remedy": record.remedy,
        "version": version,
        "text_hash": record.text_hash,
        "duplicate_of": record.duplicate_of,
        "tenant": record.tenant,
        "done_at": outcome.at,
        "done_by": outcome.by,
        "source": _json(asdict(outcome.source) if outcome.source else None),
        "pages": outcome.pages,
        "unread": _json(outcome.unread),
        "findings": _json([asdict(finding) for finding in outcome.findings]),
        "signature": None if outcome.signature is None else outcome.signature.tobytes(),
    }
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    db.execute(f"INSERT INTO documents ({names}) VALUES ({marks})", tuple(values.values()))
    db.executemany(
        "INSERT OR REPLACE INTO passages VALUES (?, ?, ?, ?)",
        [(p.id, record.path, p.position, _json(asdict(p))) for p in outcome.passages],
    )
    db.executemany(
        "INSERT OR REPLACE INTO near VALUES (?, ?, ?)",
        [(*sorted((record.path, other)), s) for other, s in (outcome.near or {}).items()],
    )


def _forget(db: sqlite3.Connection, path: str) -> None:
    db.execute("DELETE FROM passages WHERE path = ?", (path,))
    db.execute("DELETE FROM documents WHERE path = ?", (path,))
    db.execute("DELETE FROM near WHERE one = ? OR other = ?", (path, path))


def _demote(db: sqlite3.Connection, path: str, twin: str) -> None:
    db.execute("UPDATE documents SET duplicate_of = ? WHERE path = ?", (twin, path))
    db.execute("UPDATE versions SET passages = 0 WHERE path = ? AND state = 'current'", (path,))
    db.execute("DELETE FROM passages WHERE path = ?", (path,))
    db.execute("DELETE FROM near WHERE one = ? OR other = ?", (path, path))


def _set(db: sqlite3.Connection, name: str, value: int) -> None:
    db.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (name, value))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _kept(row: Sequence[Any]) -> Kept:
    count = _RECORD.count(",") + 1
    at, by, source, pages, unread, findings, passages = row[count:]
    values = json.loads(source)
    return Kept(
        FileRecord(*row[:count]),
        at,
        by,
        Source(**values) if values else None,
        pages,
        tuple(json.loads(unread)),
        tuple(Finding(**finding) for finding in json.loads(findings)),
        passages,
    )


def passage_from(record: str) -> Passage:
    """A passage from its record in the catalogue."""
    values = json.loads(record)
    values["source"] = Source(**values["source"])
    values["section"] = tuple(values["section"])
    values["pages"] = tuple(values["pages"])
    return Passage(**values)
