"""An answer cut into the pieces that may each say one thing."""

from __future__ import annotations

import re

from tutor.dialogue.echo import clauses
from tutor.dialogue.sentences import is_cjk, words

MOST = 20
"""Pieces looked at in one answer: a message of the longest length allowed is still judged fast."""
LONGEST_PAIR, LONGEST_CHINESE_PAIR, LONGEST_WHOLE = 18, 25, 40
"""Words up to which neighbours, and a whole message, are compared as one: a longer text says
several things, its vector is near to none of them, and a slow turn spends its time on it. Chinese
clauses are shorter, and their neighbours are worth more: on the `dev` answers of cases left out
25 is better than 18 for them, and for English ones it is not."""
SHOUTED = 4
"""Latin words from which on a text in capitals is more than a row of abbreviations."""
_LATIN_WORD = re.compile(r"[A-Z]{2,}")
_QUESTION = re.compile(
    r"^\W*(?:and |but |so )?(?:what|which|who|when|where|why|how|(?:should|can|may|must|am|do) i|"
    r"is it|is there)\b.*\?|[嗎吗呢咩]\s*[?？]?$|"
    r"(?:可[唔不]可以|能[唔不]能|[應应该][該该]?[唔不][應应该]?[該该]|係咪|是不是|使[唔不]使|要[唔不]要|會唔會|会不会).*[?？]$|"
    r"^(?:甚麼|什麼|什么|為何|为何|為什麼|为什么|點解|点解|怎樣|怎样|怎么|如何|請問|请问).*[?？]$",
    re.IGNORECASE | re.DOTALL,
)


def units(text: str) -> list[str]:
    """Clauses, pairs of neighbours and the whole: each once.

    Parts of clauses were half of all there was to encode, and on the `dev` answers of cases left
    out the judge was no better for them. Every piece is a verbatim part of `text`, so that it can
    be quoted back as the learner's words.
    """
    coarse = _spans(text, clauses(text))
    found: list[str] = [text[a:b] for a, b in coarse]
    for (a, _), (_, b) in zip(coarse, coarse[1:], strict=False):
        pair = text[a:b]
        if words(pair) <= (LONGEST_CHINESE_PAIR if is_cjk(pair) else LONGEST_PAIR):
            found.append(pair)
    whole = text.strip()
    if words(whole) <= LONGEST_WHOLE:
        found.append(whole)
    kept = [u for u in dict.fromkeys(found) if _says_something(u)]
    return kept[:MOST] or ([whole] if whole else [])


def is_question(unit: str) -> bool:
    """Whether a piece asks for information: who asks what PPV means has not named it."""
    return bool(_QUESTION.search(unit.strip()))


def is_shouted(text: str) -> bool:
    """Whether a text was typed with the capitals locked; abbreviations alone are not enough.

    One encoder tells capitals from small letters, and has read little that is all in capitals.
    """
    return text.isupper() and len(_LATIN_WORD.findall(text)) >= SHOUTED


def _spans(text: str, parts: list[str]) -> list[tuple[int, int]]:
    spans, position = [], 0
    for part in parts:
        start = text.find(part, position)
        if start < 0:
            continue
        position = start + len(part)
        spans.append((start, position))
    return spans


def _says_something(unit: str) -> bool:
    return words(unit) >= 2 if is_cjk(unit) else words(unit) >= 3 or len(unit) >= 14
