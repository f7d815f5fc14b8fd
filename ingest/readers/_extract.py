"""What a reader hands back: text in reading order, and what the file says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.documents import Page

MAX_CHARACTERS = 5_000_000
"""Text of one document beyond this is not read: a guideline has a few hundred thousand."""


@dataclass(frozen=True, slots=True)
class Extract:
    """The outcome of reading one file."""

    pages: tuple[Page, ...]
    fields: Mapping[str, object] = field(default_factory=dict)
    """Fields of `Source` by name, as far as the file states them."""


class Headings:
    """The path of headings above the text that is being read."""

    def __init__(self) -> None:
        """Starts with no heading."""
        self._stack: list[tuple[int, str]] = []

    def enter(self, level: int, title: str) -> None:
        """A heading of a level, 1 the outermost, closes those of its own level and below."""
        while self._stack and self._stack[-1][0] >= level:
            self._stack.pop()
        self._stack.append((level, title))

    @property
    def path(self) -> tuple[str, ...]:
        """The headings above, outermost first."""
        return tuple(title for _, title in self._stack)


def clip(pages: list[Page]) -> tuple[Page, ...]:
    """The pages that have text, up to the limit of characters for one document."""
    kept: list[Page] = []
    room = MAX_CHARACTERS
    for page in pages:
        if room <= 0:
            break
        text = page.text[:room].strip()
        room -= len(text)
        if text:
            kept.append(Page(text, page.number, page.label, page.section))
    return tuple(kept)
