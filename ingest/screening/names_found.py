"""A name that was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Name:
    """A place in a text."""

    start: int
    end: int
    """Of the name alone, without its title."""
    private: bool = False
    """The text says that it is a patient's, or whose it is."""
    outer_end: int = 0
    """With a title that follows, as it does in Chinese; 0 where none does."""


def without_overlaps(names: Iterable[Name]) -> list[Name]:
    """In order of place; of two that overlap the earlier and longer one."""
    kept: list[Name] = []
    for name in sorted(names, key=lambda n: (n.start, -n.end, not n.private)):
        if kept and name.start < kept[-1].end:
            continue
        kept.append(name)
    return kept
