"""The index folder as a place on a disk: one writer at a time, and what a full disk looks like."""

from __future__ import annotations

import datetime as dt
import errno
import fcntl
import json
import os
import shutil
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from ingest.errors import IndexDamaged, IndexLocked, IndexMissing, StorageFull

LOCK_FILE = "writer.lock"
_PAUSE = 0.1
"""Seconds between two looks at a lock that is held."""
_LONGEST = 100
"""Characters of a command."""
_FULL = 8_000_000
"""Bytes: with less than this free, a fault of a store is put down to a full disk."""


@contextmanager
def only_writer(index_dir: Path, *, wait: float = 0.0) -> Iterator[None]:
    """Holds the folder's write lock for a while; the system lets go of it when its holder dies.

    Args:
        index_dir: must be there.
        wait: seconds for which a holder is given time to finish.

    Raises:
        IndexLocked: another process, or another thread of this one, holds it.
    """
    until = time.monotonic() + wait
    handle = os.open(index_dir / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o644)
    with os.fdopen(handle, "r+", encoding="utf-8", errors="replace") as file:
        while not _locked(file):
            if time.monotonic() >= until:
                raise IndexLocked(index_dir, _holder(file.read()))
            time.sleep(_PAUSE)
        file.truncate()
        since = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        json.dump({"pid": os.getpid(), "command": _command(), "since": since}, file)
        file.flush()
        yield
        # Emptied and not removed: another process may already wait on this very file.
        file.seek(0)
        file.truncate()


def _locked(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(said: str) -> str:
    """Who holds the lock, as far as it said so before it began."""
    try:
        told = json.loads(said)
        return f"{told['pid']} ({told['command']}, since {told['since']})"
    except (ValueError, KeyError, TypeError):
        return said.strip() or "unknown"


def _command() -> str:
    """How this process was started, short enough for a sentence."""
    told = " ".join([Path(sys.argv[0]).name or "python", *sys.argv[1:]])
    return told if len(told) <= _LONGEST else f"{told[: _LONGEST - 1]}…"


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
