"""Whether text that came out of a PDF can be text at all."""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import pairwise

_BULLETS = frozenset("\uf0b7\uf0a7\uf0d8\uf0fc\uf06e\uf0e0")
"""Of Symbol and Wingdings, in the private area, in files that are well otherwise."""
_STRANGE = 0.1
"""Share of characters that mean nothing from which on a text is taken for garbage."""
_MIXED = 0.2
"""Share of neighbouring letters from two scripts from which on it is."""
_LETTERS = 20
_EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "FULLWIDTH"})
_RIGHT_TO_LEFT = frozenset({"R", "AL"})


def is_garbage(text: str) -> bool:
    """Whether the letters were not mapped to what they show: no characters, or a wild mixture."""
    inked = [char for char in text if not char.isspace()]
    if not inked:
        return False
    strange = sum(_is_strange(char) for char in inked)
    if strange > _STRANGE * len(inked):
        return True
    pairs = [(a, b) for a, b in pairwise(text) if a.isalpha() and b.isalpha()]
    mixed = sum(_script(a) != _script(b) for a, b in pairs)
    return len(pairs) >= _LETTERS and mixed > _MIXED * len(pairs)


def is_right_to_left(text: str) -> bool:
    """Whether a fair part of a text is written from the right, as Arabic and Hebrew are."""
    letters = [char for char in text if char.isalpha()]
    return sum(_from_right(char) for char in letters) > 0.1 * len(letters)


@cache
def _is_strange(char: str) -> bool:
    if char == "\ufffd":
        return True
    return unicodedata.category(char) in {"Co", "Cn", "Cc", "Cs"} and char not in _BULLETS


@cache
def _script(char: str) -> str:
    """The first word of a character's name, which is that of its script."""
    name = unicodedata.name(char, "?").split()[0]
    return "CJK" if name in _EAST_ASIAN else name


@cache
def _from_right(char: str) -> bool:
    return unicodedata.bidirectional(char) in _RIGHT_TO_LEFT
