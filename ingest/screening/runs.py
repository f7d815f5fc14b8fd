"""A run of text that a file holds and does not show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

SHORTEST = 16
"""Bytes in UTF-8, white space aside: sixteen letters, or six Chinese characters. A shorter run is
a leftover of typesetting, and says nothing to anybody."""


@dataclass(frozen=True, slots=True)
class HiddenRun:
    """Text, and why a reader does not see it; small and picklable, for a child process sends it."""

    rule: str
    """One of `ingest.screening.RULES`."""
    text: str
    page: int | None = None
    """1-based; None where the format has no pages."""


class Runs:
    """Joins neighbouring pieces that are hidden for the same reason."""

    def __init__(self) -> None:
        """Starts empty."""
        self._done: list[HiddenRun] = []
        self._rule: str | None = None
        self._page: int | None = None
        self._parts: list[str] = []

    def add(self, rule: str | None, text: str, page: int | None = None) -> None:
        """The next piece in reading order; None where it can be seen."""
        if not text.strip():
            if self._parts:
                self._parts.append(text)
            return
        if (rule, page) != (self._rule, self._page):
            self._close()
            self._rule, self._page = rule, page
        if rule is not None:
            self._parts.append(text)

    def _close(self) -> None:
        text = " ".join("".join(self._parts).split())
        if self._rule is not None and len(text.replace(" ", "").encode()) >= SHORTEST:
            self._done.append(HiddenRun(self._rule, text, self._page))
        self._parts = []

    def __iter__(self) -> Iterator[HiddenRun]:
        """The runs that are long enough to say something."""
        self._close()
        self._rule = None
        return iter(tuple(self._done))
