"""From characters with places to runs of text, rows and lines: pure functions on boxes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from ingest.readers._pdfium import Box, Char

_SAME_LINE = 0.5
"""Share of the letters' height by which baselines on one line may differ: superscripts."""
_SPACE = 0.17
"""Share of the size: a gap between letters from which on it is a space."""
_BREAK = 0.5
"""Share of the size: a gap without a space in it beyond which something else begins."""
_BREAK_UNSPACED = 0.8
"""The same in a file that has no spaces but only gaps, as TeX writes."""
_BREAK_SPACED = 1.0
"""The same for a gap that has a space in it: lines are stretched to one width."""
_BREAK_WIDE = 1.2
"""The same between Chinese characters, of which some have white in or beside their boxes."""
_WIDE = "\u2e80"
"""From this character on there are no spaces between words."""


class Run(NamedTuple):
    """A piece of a line without a wide gap in it."""

    text: str
    box: Box
    size: float
    """Of its letters, in points."""


def runs(chars: Iterable[Char]) -> list[list[Run]]:
    """Lines from the top of the page, each of its runs from the left."""
    held = list(chars)
    least = _BREAK if any(char.text.isspace() for char in held) else _BREAK_UNSPACED
    return [list(_runs(sorted(row, key=lambda char: char.left), least)) for row in _rows(held)]


def _rows(chars: Iterable[Char]) -> Iterable[list[Char]]:
    """Characters on one baseline each, from the top."""
    row: list[Char] = []
    for char in sorted(chars, key=lambda char: -char.base):
        # The tallest so far decides, for a superscript may come first.
        height = max((c.top - c.bottom for c in [*row[-3:], char]), default=0.0)
        if row and row[0].base - char.base > _SAME_LINE * height:
            yield row
            row = []
        row.append(char)
    if row:
        yield row


def _runs(row: Sequence[Char], least: float) -> Iterable[Run]:
    held: list[Char] = []
    text = ""
    spaced = False
    for char in row:
        if char.text.isspace():
            spaced = True
            continue
        if held and unicodedata.combining(char.text):
            # A mark above or below a letter stands in no place of its own.
            text += char.text
            continue
        if held:
            size = max(_em(char), _em(held[-1]))
            gap = char.left - held[-1].right
            wide = _is_wide(held[-1], char)
            if gap > size * (_BREAK_WIDE if wide else _BREAK_SPACED if spaced else least):
                yield _run(text, held)
                held, text = [], ""
            elif spaced or (gap > _SPACE * size and not wide):
                text += " "
        held.append(char)
        text += char.text
        spaced = False
    if held:
        yield _run(text, held)


def _em(char: Char) -> float:
    """The size of the font, where the file states one that can be true, else the box's height."""
    height = char.top - char.bottom
    return char.size if 0.4 * height <= char.size <= 2.5 * height else height


def _is_wide(first: Char, second: Char) -> bool:
    return first.text >= _WIDE or second.text >= _WIDE


def _run(text: str, chars: Sequence[Char]) -> Run:
    return Run(text, around(chars), round(median(c.size for c in chars), 1))


def around(boxes: Iterable[Box | Char]) -> Box:
    """The box around some boxes, of which there is at least one."""
    listed = list(boxes)
    return Box(
        min(box.left for box in listed),
        min(box.bottom for box in listed),
        max(box.right for box in listed),
        max(box.top for box in listed),
    )


def gaps(boxes: Sequence[Box], least: float) -> list[tuple[float, float]]:
    """Intervals of x, at least so wide, that no box covers, between the first and the last."""
    found = []
    reach = min((box.left for box in boxes), default=0.0)
    for box in sorted(boxes):
        if box.left - reach >= least:
            found.append((reach, box.left))
        reach = max(reach, box.right)
    return found


def distinct(values: Iterable[float], apart: float) -> list[float]:
    """Values in order, those closer than `apart` to the one before taken for the same."""
    ordered = sorted(values)
    kept = ordered[:1]
    for before, value in pairwise(ordered):
        if value - before > apart:
            kept.append(value)
    return kept
