"""The versions that a document has had. Of one that is no longer searched the text is kept."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from ingest.catalogue import FileRecord

VersionState = Literal["current", "superseded", "deleted"]


@dataclass(frozen=True, slots=True)
class Version:
    """One content that a document has had."""

    number: int
    """From 1."""
    content_hash: str
    at: str
    """When it came, in UTC; once it is deleted, when that was."""
    by: str | None
    """Who handed it in; once it is deleted, who did that."""
    passages: int
    state: VersionState


def record(
    db: sqlite3.Connection, file: FileRecord, at: str, by: str | None, passages: int
) -> tuple[int, str, str | None]:
    """Notes what a file holds now; returns the version's number, when it came, and who brought it.

    The content that it has had until now is superseded if it is another.
    """
    number, known, state, since, whose = _latest(db, file.path)
    if known == file.content_hash and state != "deleted":
        db.execute(
            "UPDATE versions SET document = ?, passages = ?, state = 'current', texts = NULL "
            "WHERE path = ? AND number = ?",
            (file.document_id, passages, file.path, number),
        )
        return number, since, whose
    close(db, file.path, "superseded")
    if not file.content_hash:
        # It could not even be opened: nobody knows whether this is another version.
        return number, at, by
    db.execute(
        "INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?, ?, 'current', NULL)",
        (file.path, number + 1, file.document_id, file.content_hash, at, by, passages),
    )
    return number + 1, at, by


def _latest(db: sqlite3.Connection, path: str) -> tuple[int, str, str, str, str | None]:
    row = db.execute(
        "SELECT number, hash, state, done_at, done_by FROM versions WHERE path = ? "
        "ORDER BY number DESC LIMIT 1",
        (path,),
    ).fetchone()
    return row or (0, "", "deleted", "", None)


def close(
    db: sqlite3.Connection,
    path: str,
    state: VersionState,
    at: str | None = None,
    by: str | None = None,
) -> None:
    """Ends the current version of a file; its passages, still in their table, are kept as text."""
    records = db.execute("SELECT record FROM passages WHERE path = ? ORDER BY position", (path,))
    texts = f"[{','.join(row[0] for row in records)}]"
    if state == "deleted":
        # Also a version that was superseded by a file that could not be opened.
        db.execute(
            "UPDATE versions SET state = 'deleted', done_at = ?, done_by = ?, "
            "texts = COALESCE(texts, ?) WHERE path = ? AND number = "
            "(SELECT MAX(number) FROM versions WHERE path = ?)",
            (at, by, texts, path, path),
        )
        return
    db.execute(
        "UPDATE versions SET state = ?, texts = ? WHERE path = ? AND state = 'current'",
        (state, texts, path),
    )


def move(db: sqlite3.Connection, old: str, new: str, document_id: str) -> None:
    """Gives the history of a file to its new place, behind what that place has had before."""
    (before,) = db.execute(
        "SELECT COALESCE(MAX(number), 0) FROM versions WHERE path = ?", (new,)
    ).fetchone()
    db.execute(
        "UPDATE versions SET path = ?, document = ?, number = number + ? WHERE path = ?",
        (new, document_id, before, old),
    )


def versions(db: sqlite3.Connection, document_id: str) -> list[Version]:
    """The versions of a document, the first one first; none where it was never known."""
    rows = db.execute(
        "SELECT number, hash, done_at, done_by, passages, state FROM versions "
        "WHERE document = ? OR path IN (SELECT path FROM documents WHERE id = ?) "
        "ORDER BY path, number",
        (document_id, document_id),
    )
    return [Version(*row) for row in rows]


def texts(db: sqlite3.Connection, paths: list[str] | None = None) -> list[str]:
    """The records of the passages of versions that are kept as text, of some files or of all."""
    found: list[str] = []
    for path, kept in db.execute("SELECT path, texts FROM versions WHERE texts NOT NULL"):
        if paths is None or path in paths:
            found += [json.dumps(p, ensure_ascii=False) for p in json.loads(kept)]
    return found
