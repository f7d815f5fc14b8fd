"""What samples gave before, kept by everything that could change it.

The key is a hash of task, sample, configuration, models, corpus, heads and the source of the
product itself, so that nothing stale is ever found; a changed line of code empties the cache.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from evals.task import Sample, Values

FILE = "evals.sqlite3"
PATIENCE = 30.0
"""Seconds to wait for another run that is writing."""


class Cache:
    """Outputs by the hash of what led to them."""

    def __init__(self, connection: sqlite3.Connection, task: str, state: Mapping[str, Any]) -> None:
        """See `open_cache`."""
        self._connection = connection
        self._prefix = f"{task}\x1f{_canonical(state)}\x1f"

    def get(self, sample: Sample) -> Values | None:
        """The output of a sample, where it is known."""
        found = self._connection.execute(
            "SELECT output FROM outputs WHERE key = ?", (self._key(sample),)
        ).fetchone()
        if found is None:
            return None
        output: Values = json.loads(found[0])
        return output

    def put(self, sample: Sample, output: Values) -> None:
        """Keep an output."""
        with self._connection:
            self._connection.execute(
                "INSERT OR REPLACE INTO outputs VALUES (?, ?)",
                (self._key(sample), json.dumps(output, ensure_ascii=False)),
            )

    def _key(self, sample: Sample) -> bytes:
        told = f"{self._prefix}{sample.id}\x1f{_canonical(sample.input)}"
        return hashlib.sha256(told.encode()).digest()


@contextmanager
def open_cache(folder: Path, task: str, state: Mapping[str, Any]) -> Iterator[Cache]:
    """The cache of an installation; a damaged file is put aside and begun anew.

    Args:
        folder: made if it is missing.
        task: name of the task.
        state: whatever changes an output: versions, hashes, seed, model.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    try:
        connection = _connect(path)
    except sqlite3.DatabaseError:
        path.replace(path.with_suffix(".damaged"))
        connection = _connect(path)
    with closing(connection):
        yield Cache(connection, task, state)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=PATIENCE)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS outputs (key BLOB PRIMARY KEY, output TEXT NOT NULL)"
        )
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _canonical(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True)
