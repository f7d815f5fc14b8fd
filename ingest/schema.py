"""The tables of the catalogue, and how a catalogue of an earlier day gets the columns it lacks."""

from __future__ import annotations

import sqlite3
from typing import Final

_VERSION: Final = 2
"""Of the tables; 0 is that of catalogues from before it was noted."""
_TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value INTEGER NOT NULL)",
    """CREATE TABLE IF NOT EXISTS documents (
        path TEXT PRIMARY KEY, id TEXT NOT NULL, hash TEXT NOT NULL, recipe INTEGER NOT NULL,
        source TEXT NOT NULL, pages INTEGER
    )""",
    """CREATE TABLE IF NOT EXISTS passages (
        id TEXT PRIMARY KEY, path TEXT NOT NULL REFERENCES documents (path),
        position INTEGER NOT NULL, record TEXT NOT NULL
    )""",
    "CREATE INDEX IF NOT EXISTS passages_by_path ON passages (path, position)",
    """CREATE TABLE IF NOT EXISTS versions (
        path TEXT NOT NULL, number INTEGER NOT NULL, document TEXT NOT NULL, hash TEXT NOT NULL,
        done_at TEXT NOT NULL, done_by TEXT, passages INTEGER NOT NULL, state TEXT NOT NULL,
        texts TEXT, PRIMARY KEY (path, number)
    )""",
    """CREATE TABLE IF NOT EXISTS near (
        one TEXT NOT NULL, other TEXT NOT NULL, similarity REAL NOT NULL,
        PRIMARY KEY (one, other)
    )""",
    "CREATE INDEX IF NOT EXISTS near_by_other ON near (other)",
)
_COLUMNS: Final = {
    "origin": "TEXT NOT NULL DEFAULT 'corpus'",
    "state": "TEXT NOT NULL DEFAULT 'indexed'",
    "reason": "TEXT",
    "remedy": "TEXT",
    "version": "INTEGER NOT NULL DEFAULT 1",
    "text_hash": "TEXT NOT NULL DEFAULT ''",
    "duplicate_of": "TEXT",
    "tenant": "TEXT NOT NULL DEFAULT 'public'",
    "done_at": "TEXT NOT NULL DEFAULT ''",
    "done_by": "TEXT",
    "unread": "TEXT NOT NULL DEFAULT '[]'",
    "findings": "TEXT NOT NULL DEFAULT '[]'",
    "signature": "BLOB",
}
"""Of `documents`, since uploads, states and duplicates are remembered."""


def bring_up_to_date(db: sqlite3.Connection) -> bool:
    """Migrates a catalogue of an earlier day; whether there is one and it is as it should be."""
    if db.execute("PRAGMA user_version").fetchone()[0] == _VERSION:
        return True
    there = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'documents'").fetchone()
    if there:
        migrate(db)
        db.commit()
    return there is not None


def migrate(db: sqlite3.Connection) -> None:
    """Makes what is missing, in one transaction of the caller's; what is there is kept."""
    db.execute("BEGIN IMMEDIATE")
    for statement in _TABLES:
        db.execute(statement)
    known = {row[1] for row in db.execute("PRAGMA table_info(documents)")}
    missing = {name: kind for name, kind in _COLUMNS.items() if name not in known}
    for name, kind in missing.items():
        db.execute(f"ALTER TABLE documents ADD COLUMN {name} {kind}")
    if "version" in missing:
        # A document of a catalogue without history is at its first version.
        db.execute(
            "INSERT INTO versions SELECT path, 1, id, hash, done_at, done_by, "
            "(SELECT COUNT(*) FROM passages p WHERE p.path = d.path), 'current', NULL "
            "FROM documents d"
        )
    db.execute(f"PRAGMA user_version = {_VERSION:d}")
