"""Whose words are these? Only the learner's own count, not the tutor's or the case's echoed."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tutor.dialogue.sentences import is_cjk, normalise

ECHO = 0.8
"""Share of a clause's n-grams that were heard before, from which on it is an echo."""
_WORDS, _CHARACTERS = 3, 4
_SPLIT = re.compile(
    r"(?<=[.!?;])\s+|(?<=[。！？；])|\n+|(?<=[,，])\s*(?=(?:but|and|so|then|because|however)\b)|"
    r"(?<=，)",
    re.IGNORECASE,
)


def clauses(text: str) -> list[str]:
    """The clauses of a message, each a verbatim part of it. Fragments join their neighbour."""
    parts = [p.strip() for p in _SPLIT.split(text) if p and p.strip()]
    joined: list[str] = []
    position = 0
    for part in parts:
        start = text.index(part, position)
        position = start + len(part)
        if joined and _is_fragment(joined[-1]):
            previous = text.rindex(joined[-1], 0, start)
            joined[-1] = text[previous:position]
        else:
            joined.append(part)
    return joined


def own_words(text: str, heard: Iterable[str]) -> str:
    """What is left of a message without the clauses that echo what was heard; it may be empty."""
    grams: set[str] = set()
    for known in heard:
        grams |= _grams(known)
    return " ".join(c for c in clauses(text) if not _echoes(c, grams))


def is_echo(text: str, heard: Iterable[str]) -> bool:
    """Whether nothing in a message is the learner's own."""
    return not own_words(text, heard)


def _echoes(clause: str, grams: set[str]) -> bool:
    own = _grams(clause)
    if not own:
        return False
    return sum(g in grams for g in own) / len(own) >= ECHO


def _grams(text: str) -> set[str]:
    flat = normalise(text)
    if is_cjk(flat):
        dense = flat.replace(" ", "")
        return {dense[i : i + _CHARACTERS] for i in range(len(dense) - _CHARACTERS + 1)}
    tokens = flat.split()
    return {" ".join(tokens[i : i + _WORDS]) for i in range(len(tokens) - _WORDS + 1)}


def _is_fragment(clause: str) -> bool:
    flat = normalise(clause)
    return len(flat.replace(" ", "")) < 6 if is_cjk(flat) else len(flat.split()) < 4
