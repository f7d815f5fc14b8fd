"""An answer cut into the pieces that may each say one thing."""

from __future__ import annotations

import re

from tutor.dialogue.echo import clauses
from tutor.dialogue.sentences import is_cjk, words

MOST = 20
"""Pieces looked at in one answer: a message of the longest length allowed is still judged fast."""
LONGEST_PAIR, LONGEST_WHOLE = 25, 40
"""Words up to which neighbours, and a whole message, are compared as one: a longer text says
several things, its vector is near to none of them, and a slow turn spends its time on it."""
_FINE = re.compile(
    r"\s*(?:[,;:+、；：/]|->|→|--|–|—|\(?\b\d[.)]|[•*])\s*"
    r"|\s+(?:and then|and|then|but|so|plus|because)\s+"
    r"|(?:同時|同时|而且|並且|并且|另外|然後|然后|但是|但|同埋|因為|因为)",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"^\W*(?:and |but |so )?(?:what|which|who|when|where|why|how|(?:should|can|may|must|am|do) i|"
    r"is it|is there)\b.*\?|[嗎吗呢咩]\s*[?？]?$|"
    r"(?:可[唔不]可以|能[唔不]能|[應应该][該该]?[唔不][應应该]?[該该]|係咪|是不是|使[唔不]使|要[唔不]要|會唔會|会不会).*[?？]$|"
    r"^(?:甚麼|什麼|什么|為何|为何|為什麼|为什么|點解|点解|怎樣|怎样|怎么|如何|請問|请问).*[?？]$",
    re.IGNORECASE | re.DOTALL,
)


def units(text: str) -> list[str]:
    """Clauses, pairs of neighbours, finer pieces of long clauses, and the whole: each once.

    Every piece is a verbatim part of `text`, so that it can be quoted back as the learner's words.
    """
    coarse = _spans(text, clauses(text))
    found: list[str] = [text[a:b] for a, b in coarse]
    for (a, _), (_, b) in zip(coarse, coarse[1:], strict=False):
        if words(text[a:b]) <= LONGEST_PAIR:
            found.append(text[a:b])
    for a, b in coarse:
        found += _fine(text[a:b])
    whole = text.strip()
    if words(whole) <= LONGEST_WHOLE:
        found.append(whole)
    kept = [u for u in dict.fromkeys(found) if _says_something(u)]
    return kept[:MOST] or ([whole] if whole else [])


def is_question(unit: str) -> bool:
    """Whether a piece asks for information: who asks what PPV means has not named it."""
    return bool(_QUESTION.search(unit.strip()))


def _spans(text: str, parts: list[str]) -> list[tuple[int, int]]:
    spans, position = [], 0
    for part in parts:
        start = text.find(part, position)
        if start < 0:
            continue
        position = start + len(part)
        spans.append((start, position))
    return spans


def _fine(clause: str) -> list[str]:
    if words(clause) < 8:
        return []
    cuts = [0, *(m.end() for m in _FINE.finditer(clause)), len(clause)]
    ends = [*(m.start() for m in _FINE.finditer(clause)), len(clause)]
    pieces = [(a, b) for a, b in zip(cuts, ends, strict=False) if b > a and clause[a:b].strip()]
    singles = [clause[a:b].strip() for a, b in pieces]
    pairs = [clause[a:d].strip() for (a, _), (_, d) in zip(pieces, pieces[1:], strict=False)]
    return singles + pairs if len(pieces) > 1 else []


def _says_something(unit: str) -> bool:
    return words(unit) >= 2 if is_cjk(unit) else words(unit) >= 3 or len(unit) >= 14
