"""Which passages a filter lets pass, found once and kept until something changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable

from ingest.index.protocol import Terms

_KEPT = 8
"""Filters that are remembered: an id costs about 40 bytes in each, and 70 once."""


class AllowedIds:
    """Remembers, for the filters last used, the ids of the passages that pass. Threads may share.

    What another process adds later is in no remembered set, so that it is not found before the
    index is refreshed, and never by a filter that it would not have passed.
    """

    def __init__(self, find: Callable[[Terms], Iterable[str]]) -> None:
        """`find` asks the store itself."""
        self._find = find
        self._lock = threading.Lock()
        self._changes = 0
        self._sets: OrderedDict[Terms, frozenset[str]] = OrderedDict()

    def ids(self, wanted: Terms) -> frozenset[str]:
        """The ids of the passages that pass a filter that asks for something."""
        with self._lock:
            changes = self._changes
            if (known := self._sets.get(wanted)) is not None:
                self._sets.move_to_end(wanted)
                return known
        if not all(values for _, values in wanted):
            return frozenset()
        found = frozenset(self._find(wanted))
        with self._lock:
            # A change that came meanwhile may or may not be in what was found.
            if changes == self._changes:
                self._sets[wanted] = found
                while len(self._sets) > _KEPT:
                    self._sets.popitem(last=False)
        return found

    def forget(self) -> None:
        """The store has changed."""
        with self._lock:
            self._changes += 1
            self._sets.clear()
