"""What a reader hands back: text in reading order, and what the file says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest.documents import Page
from ingest.errors import ParsingTooLarge
from ingest.limits import DEFAULT_LIMITS, Limits


@dataclass(frozen=True, slots=True)
class Extract:
    """The outcome of reading one file."""

    pages: tuple[Page, ...]
    fields: Mapping[str, object] = field(default_factory=dict)
    """Fields of `Source` by name, as far as the file states them."""
    unread: tuple[int, ...] = ()
    """1-based numbers of the pages that hold something that is no text, such as a scan."""
    labels: Mapping[int, str] = field(default_factory=dict)
    """What is printed as the number of a page, by 1-based number, where the file says so."""


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


def within(path: Path, pages: list[Page], limits: Limits = DEFAULT_LIMITS) -> tuple[Page, ...]:
    """The pages that have text, without the blanks around it.

    Raises:
        ParsingTooLarge: they have more characters than the limits allow.
    """
    cleaned = [replace(page, text=_clean(page.text).strip()) for page in pages]
    kept = tuple(page for page in cleaned if page.text)
    if sum(len(page.text) for page in kept) > limits.characters:
        raise ParsingTooLarge(path, f"it has more than {limits.characters:,} characters of text")
    return kept


def _clean(text: str) -> str:
    """Without what is no character: halves of surrogate pairs, and NUL."""
    if text.isascii():
        return text.replace("\x00", "")
    return text.encode("utf-8", "ignore").decode("utf-8").replace("\x00", "")
