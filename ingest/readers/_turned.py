"""Pages that are not read from the left and the top: turned or mirrored so that they are.

A page of vertical Chinese is turned by a quarter: its lines, which run down and follow one another
from the right, then run to the right and follow one another downwards. A page in Arabic or Hebrew
is mirrored, so that its first column and the first cell of a row are on the left. The text of a
mirrored line comes out in the order of reading, but for Latin words and figures, which are turned
back (Unicode Standard Annex 9 says what runs which way).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from ingest.readers._pdfium import Box, Char

_WIDE = "\u2e80"
_CELLS = " | "
_LAM, _ALEFS = "\u0644", frozenset("\u0622\u0623\u0625\u0627")
_TOUCH = 0.2
"""Points."""
_NEAR = 0.4
"""Of the letters' size: how far a line may stray."""


def is_vertical(chars: Sequence[Char]) -> bool:
    """Whether most of the text is Chinese or Japanese that runs down the page."""
    inked = [char for char in chars if not char.text.isspace()]
    if sum(char.text >= _WIDE for char in inked) <= len(inked) / 2:
        return False
    down = across = 0
    for one, other in pairwise(inked):
        along, below = other.left - one.left, one.top - other.top
        near = _NEAR * max(one.size, 1.0)
        down += abs(along) < near < below
        across += abs(below) < near < along
    return down > across


def turned(chars: Sequence[Char]) -> list[Char]:
    """The characters of a page that is turned to the left by a quarter."""
    return [
        Char(c.text, -c.top, c.left, -c.bottom, c.right, (c.left + c.right) / 2, c.size)
        for c in chars
        if not c.text.isspace()
    ]


def turned_boxes(boxes: Sequence[Box]) -> list[Box]:
    """Boxes of a page that is turned to the left by a quarter."""
    return [Box(-box.top, box.left, -box.bottom, box.right) for box in boxes]


def mirrored(chars: Sequence[Char]) -> list[Char]:
    """The characters of a page that is mirrored, without the spaces, whose places are not sure."""
    inked = [char for char in chars if not char.text.isspace()]
    for at, (one, other) in enumerate(pairwise(inked)):
        # PDFium lays the letters of this ligature from the left, and they are read from the right.
        if one.text == _LAM and other.text in _ALEFS and abs(one.right - other.left) < _TOUCH:
            inked[at] = one._replace(left=other.left, right=other.right)
            inked[at + 1] = other._replace(left=one.left, right=one.right)
    return [Char(c.text, -c.right, c.bottom, -c.left, c.top, c.base, c.size) for c in inked]


def mirrored_boxes(boxes: Sequence[Box]) -> list[Box]:
    """Boxes of a page that is mirrored."""
    return [Box(-box.right, box.bottom, -box.left, box.top) for box in boxes]


def logical(text: str) -> str:
    """The text of a mirrored line in the order in which it is read."""
    return _CELLS.join(_turned_back(cell) for cell in text.split(_CELLS))


def _turned_back(text: str) -> str:
    """With each stretch of words that run to the right turned back."""
    classes = "".join(_direction(char) for char in text)
    pieces = []
    end = 0
    for stretch in re.finditer("L(?:[LN]*L)?", classes):
        pieces += [text[end : stretch.start()], text[stretch.start() : stretch.end()][::-1]]
        end = stretch.end()
    return "".join([*pieces, text[end:]])


@cache
def _direction(char: str) -> str:
    """L for what runs to the right, R for what runs to the left, N for what follows others."""
    kind = unicodedata.bidirectional(char)
    if kind in {"L", "EN", "AN"}:
        return "L"
    return "R" if kind in {"R", "AL", "NSM"} else "N"
