"""Whether an SQLite file may have changed, told from the file system in a few microseconds."""

from __future__ import annotations

import threading
import time
from pathlib import Path

_Look = tuple[tuple[int, int], ...]
_SETTLED = 100_000_000
"""Nanoseconds: a change in the same tick of the clock as an earlier one does not show, so only a
file that has been left alone for this long is taken for still."""


class FileWatch:
    """Remembers how a database and its log looked. Threads may share one."""

    def __init__(self, path: Path) -> None:
        """`path` is the database; changes are first written to `path`-wal."""
        self._paths = (path, path.with_name(f"{path.name}-wal"))
        self._lock = threading.Lock()
        self._seen: _Look | None = None

    def is_still(self) -> bool:
        """Whether nothing was written since the last call that said no.

        A caller reads the file after each no.
        """
        look = tuple(_look(path) for path in self._paths)
        newest = max(changed for changed, _ in look)
        settled = time.time_ns() - newest > _SETTLED
        with self._lock:
            still = settled and look == self._seen
            self._seen = look if settled else None
        return still


def _look(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_mtime_ns, found.st_size
