"""Reading order on a PDF page that is more than one column of lines: pure functions on boxes.

Columns are read from the left, one after the other, between the lines that run across them all;
vertical lines from the right; rows of tables as one line each.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor
from statistics import median
from typing import NamedTuple

from ingest.readers._lines import Line
from ingest.readers._pdfium import Box, Char
from ingest.readers._runs import around, runs
from ingest.readers._tables import aligned_tables, inside, ruled_tables

_SIDE_BY_SIDE = 3
"""Pieces of text that stand beside another: fewer are an indented item or a page number."""
_GUTTER = 0.6
"""Share of the letters' height: a narrower strip of white divides no columns."""
_LINES = 4
"""Lines on either side of a strip of white before it divides columns."""
_ACROSS = 0.4
"""Share of the pieces that may run across the strip, as headings do."""
_WIDE = "\u2e80"
_FULL = 0.5
"""Share of a column's width that its usual line fills."""
_SHARED = 0.3
"""Share of the lower column's height for which the other stands beside it."""
_LONG = 3.0
"""Times its height: a shorter piece of text is no line of a column."""
_DEPTH = 4
_UPRIGHT = 1.5
"""A run of text that is so many times taller than wide is a vertical line."""


class _Piece(NamedTuple):
    """A run of text, or a table, as one thing to be put in order."""

    box: Box
    lines: tuple[Line, ...]


def is_plain(boxes: Sequence[Box]) -> bool:
    """Whether the runs of text on a page stand below one another, so that no layout is needed."""
    beside = 0
    ordered = sorted(boxes, key=lambda box: -box.top)
    for at, box in enumerate(ordered):
        half = (box.bottom + box.top) / 2
        for other in ordered[at + 1 :]:
            if other.top < half:
                break
            if other.left > box.right + 4 or box.left > other.right + 4:
                beside += 1
                break
        if beside >= _SIDE_BY_SIDE:
            return False
    return True


def is_upended(boxes: Sequence[Box]) -> bool:
    """Whether most of the text runs up or down the page: it is turned, or set vertically."""
    tall = sum(_height(box) for box in boxes if _height(box) > _UPRIGHT * (box.right - box.left))
    wide = sum(b.right - b.left for b in boxes if _height(b) <= _UPRIGHT * (b.right - b.left))
    return tall > 2 * wide


def page_lines(chars: Sequence[Char], drawn: Sequence[Box]) -> tuple[list[Line], bool, bool]:
    """The lines of a page in reading order, whether it has a table, and whether columns."""
    tables = ruled_tables(chars, drawn)
    loose = [c for c in chars if not any(inside(c, table.box) for table in tables)]
    lines = runs(loose)
    in_columns = _gutter([run.box for line in lines for run in line]) is not None
    if not in_columns:
        found = aligned_tables(lines)
        tables += found
        lines = [
            [run for run in line if not any(inside(run.box, t.box) for t in found)]
            for line in lines
        ]
    pieces = [
        _Piece(table.box, tuple(Line(row, table.size) for row in table.rows)) for table in tables
    ]
    pieces += [_Piece(run.box, (Line(run.text, run.size),)) for line in lines for run in line]
    return _in_order(pieces, _DEPTH), bool(tables), in_columns


def _in_order(pieces: list[_Piece], depth: int) -> list[Line]:
    gutter = _gutter([piece.box for piece in pieces]) if depth else None
    if gutter is None:
        return _down(pieces)
    left, right = gutter
    lines: list[Line] = []
    zone: list[_Piece] = []
    for piece in [*sorted(pieces, key=lambda piece: -piece.box.top), None]:
        if piece is not None and not (piece.box.left < right and piece.box.right > left):
            zone.append(piece)
            continue
        lines += _in_order([p for p in zone if p.box.right <= left], depth - 1)
        lines += _in_order([p for p in zone if p.box.left >= right], depth - 1)
        zone = []
        if piece is not None:
            lines += piece.lines
    return lines


def _down(pieces: Sequence[_Piece]) -> list[Line]:
    """Pieces from the top, those that stand on one line from the left and as one line."""
    rows: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda piece: -piece.box.top):
        if rows and _level(rows[-1][0].box, piece.box):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    lines: list[Line] = []
    for at, row in enumerate(rows):
        parts = [line for p in sorted(row, key=lambda piece: piece.box.left) for line in p.lines]
        # A running title and the number beside it are two things, and are told apart by that.
        edge = at in {0, len(rows) - 1}
        if edge or any(len(piece.lines) > 1 for piece in row):
            lines += parts
        else:
            lines.append(Line(_joined(parts), parts[0].size))
    return lines


def _joined(parts: Sequence[Line]) -> str:
    text = parts[0].text
    for part in parts[1:]:
        text += part.text if min(text[-1], part.text[0]) >= _WIDE else f" {part.text}"
    return text


def _level(a: Box, b: Box) -> bool:
    """Whether two boxes stand on one line."""
    return min(a.top, b.top) - max(a.bottom, b.bottom) > 0.5 * min(_height(a), _height(b))


def _gutter(boxes: Sequence[Box]) -> tuple[float, float] | None:
    """The strip of white that divides a page, or a part of one, into columns."""
    if len(boxes) < 2 * _LINES:
        return None
    whole = around(boxes)
    width = whole.right - whole.left
    best: tuple[int, float, float, float] | None = None
    for left, right in _strips(boxes):
        if right - left < _GUTTER * _usual_height(boxes):
            continue
        if not whole.left + width * 0.15 < (left + right) / 2 < whole.right - width * 0.15:
            continue
        before = [box for box in boxes if box.right <= left]
        after = [box for box in boxes if box.left >= right]
        across = len(boxes) - len(before) - len(after)
        if min(len(before), len(after)) < _LINES or across > _ACROSS * len(boxes):
            continue
        if not _both_full(before, after):
            continue
        score = (-across, right - left, left, right)
        best = score if best is None else max(best, score)
    return None if best is None else (best[2], best[3])


def _strips(boxes: Sequence[Box]) -> list[tuple[float, float]]:
    """Intervals between the right end of some boxes and the left end of the next ones."""
    # A page number in the middle would narrow the strip that it stands in.
    long = [box for box in boxes if box.right - box.left > _LONG * _height(box)]
    lefts = sorted({floor(box.left) for box in long})
    found = []
    for left in lefts:
        ends = [box.right for box in long if box.right <= left]
        if ends:
            found.append((max(ends), float(left)))
    return found


def _both_full(before: Sequence[Box], after: Sequence[Box]) -> bool:
    """Whether two sides stand beside each other and are filled by their lines, as prose is.

    Terms and what they mean, or a table's cells, leave white on one side.
    """
    a, b = around(before), around(after)
    shared = min(a.top, b.top) - max(a.bottom, b.bottom)
    return shared > _SHARED * min(_height(a), _height(b)) and _filled(before) and _filled(after)


def _filled(side: Sequence[Box]) -> bool:
    """Whether the usual line fills a column, or the columns within it."""
    place = around(side)
    usual = median(box.right - box.left for box in side)
    return usual > _FULL * (place.right - place.left) or _gutter(side) is not None


def _usual_height(boxes: Sequence[Box]) -> float:
    return sorted(_height(box) for box in boxes)[len(boxes) // 2]


def _height(box: Box) -> float:
    return box.top - box.bottom
