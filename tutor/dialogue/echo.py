"""Whose words are these? Only the learner's own count, not the tutor's or the case's echoed."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tutor.dialogue.sentences import is_cjk, normalise

ECHO = 0.8
"""Share of a clause's n-grams that were heard before, from which on it is an echo."""
_WORDS, _CHARACTERS = 3, 4
_TOKEN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\W_\u3400-\u9fff\uf900-\ufaff]+")
_HAN = r"[\u3400-\u9fff\uf900-\ufaff]"
_SPLIT = (
    r"(?<=[.!?;])\s+|(?<=[。！？；])|\n+|(?<=[,，])\s*(?=(?:but|and|so|then|because|however)\b)"
)
_ENGLISH = re.compile(_SPLIT, re.IGNORECASE)
_CHINESE = re.compile(
    # Half-width marks too, as many type them; not those within a figure or an English phrase.
    rf"{_SPLIT}|(?<=，)|(?<={_HAN}[,.!?;])\s*|(?<=[,.!?;])\s*(?={_HAN})",
    re.IGNORECASE,
)


def clauses(text: str) -> list[str]:
    """The clauses of a message, each a verbatim part of it. Fragments join their neighbour."""
    split = _CHINESE if is_cjk(text) else _ENGLISH
    parts = [p.strip() for p in split.split(text) if p and p.strip()]
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


def own_words(text: str, heard: Iterable[str], prompt: str = "") -> str:
    """What is left of a message without the clauses that echo what was heard; it may be empty.

    Clauses that stand side by side keep what stood between them, so that a quotation of the result
    is a quotation of the message.

    Args:
        text: the message.
        heard: what the learner has been shown.
        prompt: the sentence just given for completion, its blank as underscores; of a clause that
            writes it out again, the words put in the blank are what is left.
    """
    grams: set[str] = set()
    for known in heard:
        grams |= _grams(known)
    runs: list[list[int]] = []
    position, adjacent = 0, False
    for clause in clauses(text):
        start = text.index(clause, position)
        position = start + len(clause)
        filling = _filling(clause, prompt)
        if filling is not None:
            runs.append([start + filling, position])
            adjacent = True
        elif _echoes(clause, grams):
            adjacent = False
        elif adjacent:
            runs[-1][1] = position
        else:
            runs.append([start, position])
            adjacent = True
    return "\n".join(text[a:b] for a, b in runs)


def is_echo(text: str, heard: Iterable[str]) -> bool:
    """Whether nothing in a message is the learner's own."""
    return not own_words(text, heard)


def _echoes(clause: str, grams: set[str]) -> bool:
    own = _grams(clause)
    if not own:
        return False
    return sum(g in grams for g in own) / len(own) >= ECHO


def _filling(clause: str, prompt: str) -> int | None:
    """Where in a clause the words for the blank begin; None where it does not lead up to them."""
    before, blank, after = prompt.partition("__")
    stem = [m.group() for m in _TOKEN.finditer(before.lower())][-_CHARACTERS:]
    if not blank or len(stem) < _WORDS:
        return None
    tokens = list(_TOKEN.finditer(clause.lower()))
    given = {m.group() for m in _TOKEN.finditer(after.lower())}
    for i in range(len(tokens) - len(stem), -1, -1):
        if [m.group() for m in tokens[i : i + len(stem)]] == stem:
            rest = tokens[i + len(stem) :]
            return rest[0].start() if any(m.group() not in given for m in rest) else None
    return None


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
