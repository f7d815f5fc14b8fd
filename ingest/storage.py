"""The index folder as a place on a disk: one writer at a time, and what a full disk looks like."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.errors import IndexDamaged, IndexLocked, IndexMissing, StorageFull

LOCK_FILE = "writer.lock"
_FULL = 8_000_000
"""Bytes: with less than this free, a fault of a store is put down to a full disk."""


@contextmanager
def only_writer(index_dir: Path) -> Iterator[None]:
    """Holds the folder's write lock for a while; the system lets go of it when its holder dies.

    Raises:
        IndexLocked: another process holds it.
    """
    handle = os.open(index_dir / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o644)
    with os.fdopen(handle, "r+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise IndexLocked(index_dir, file.read().strip() or "unknown") from error
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        yield
        # Emptied and not removed: another process may already wait on this very file.
        file.seek(0)
        file.truncate()


@contextmanager
def storage_faults(index_dir: Path) -> Iterator[None]:
    """Tells a full disk from other faults, whichever layer noticed it.

    Raises:
        StorageFull: the disk is full.
        IndexMissing: the catalogue has no tables yet.
        IndexDamaged: the catalogue is no SQLite file.
    """
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise StorageFull(index_dir) from error
        raise
    except sqlite3.OperationalError as error:
        if "full" in str(error) or nearly_full(index_dir):
            raise StorageFull(index_dir) from error
        if "no such table" in str(error):
            raise IndexMissing(index_dir) from error
        raise
    except sqlite3.DatabaseError as error:
        raise IndexDamaged(index_dir, str(error)) from error


def nearly_full(path: Path) -> bool:
    """Whether so little space is left that a store cannot work."""
    return shutil.disk_usage(path).free < _FULL
