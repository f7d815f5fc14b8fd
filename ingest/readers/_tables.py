"""Tables on a PDF page, ruled or only aligned: pure functions on boxes.

A row of a table becomes one line, `a | b`, so that a passage keeps what stands side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import mean
from typing import NamedTuple

from ingest.readers._pdfium import Box, Char
from ingest.readers._runs import Run, around, distinct, gaps, runs

_THIN = 3.0
"""Points: a drawn path that is thinner is a ruled line."""
_TOUCH = 2.0
_SAME = 4.0
"""Points by which the ends of lines that belong together may differ."""
_SHORT = 12.0
"""Points: a shorter line is part of a drawing, or the bar of a fraction."""
_MAX_RULES = 1_000
_MIN_ROWS = 3
"""Rows of an aligned table; fewer may be chance."""
_CELL = 30
"""Characters: where the pieces of lines are longer on average, they are columns of prose."""
SEPARATOR = " | "


class Table(NamedTuple):
    """A table: where it is, its rows as lines, and the size of its letters."""

    box: Box
    rows: tuple[str, ...]
    size: float


class _Grid(NamedTuple):
    xs: list[float]
    ys: list[float]
    down: list[Box]


def ruled_tables(chars: Sequence[Char], drawn: Sequence[Box]) -> list[Table]:
    """The tables that have ruled lines, at least between their rows."""
    across, down = _lines(drawn)
    found: list[Table] = []
    for grid in _grids(across, down):
        table = _table(grid, chars)
        if table and not any(_overlap(table.box, other.box) for other in found):
            found.append(table)
    return found


def aligned_tables(lines: Sequence[Sequence[Run]]) -> list[Table]:
    """The tables that are only set in columns: lines in pieces, one below the other."""
    found = []
    block: list[Sequence[Run]] = []
    for line in [*lines, []]:
        if len(line) > 1 and (not block or _close(block[-1], line)):
            block.append(line)
            continue
        if (table := _aligned(block)) is not None:
            found.append(table)
        block = [line] if len(line) > 1 else []
    return found


def inside(box: Box | Char, place: Box) -> bool:
    """Whether the middle of one box is inside another."""
    x, y = (box.left + box.right) / 2, (box.bottom + box.top) / 2
    return place.left <= x <= place.right and place.bottom <= y <= place.top


def is_ruled(drawn: Sequence[Box]) -> bool:
    """Whether there are lines enough for a table."""
    return len(_lines(drawn)[0]) > 2


def _lines(drawn: Sequence[Box]) -> tuple[list[Box], list[Box]]:
    """Ruled lines across and down; a frame, or a shaded cell, is four."""
    across, down = [], []
    for box in drawn[:_MAX_RULES]:
        width, height = box.right - box.left, box.top - box.bottom
        if height <= _THIN and width >= _SHORT:
            across.append(box)
        elif width <= _THIN and height >= _SHORT / 2:
            down.append(box)
        elif width >= _SHORT and height >= _SHORT / 2:
            left, bottom, right, top = box
            across += [Box(left, bottom, right, bottom), Box(left, top, right, top)]
            down += [Box(left, bottom, left, top), Box(right, bottom, right, top)]
    return across, down


def _grids(across: list[Box], down: list[Box]) -> Iterable[_Grid]:
    """Lines that touch, as grids; then lines across of one length that nothing joins."""
    for group in _joined([*across, *down]):
        xs = distinct([b.left for b in group if b in down], _SAME)
        ys = distinct([b.bottom for b in group if b in across], _SAME)
        if len(xs) > 2 and len(ys) > 2:
            yield _Grid(xs, ys, [b for b in group if b in down])
    loose = [box for box in across if not any(_touch(box, other) for other in down)]
    while loose:
        first = loose[0]
        alike = [b for b in loose if _ends_alike(b, first)]
        loose = [b for b in loose if not _ends_alike(b, first)]
        ys = distinct([b.bottom for b in alike], _SAME)
        if len(ys) > 1:
            yield _Grid([], ys, [])


def _joined(lines: list[Box]) -> list[list[Box]]:
    """Groups of lines that touch one another, directly or through others."""
    waiting = list(lines)
    groups = []
    while waiting:
        group = [waiting.pop()]
        for line in group:
            touching = [other for other in waiting if _touch(line, other)]
            waiting = [other for other in waiting if not _touch(line, other)]
            group += touching
        groups.append(group)
    return groups


def _touch(a: Box, b: Box) -> bool:
    return (
        a.left <= b.right + _TOUCH
        and b.left <= a.right + _TOUCH
        and a.bottom <= b.top + _TOUCH
        and b.bottom <= a.top + _TOUCH
    )


def _overlap(a: Box, b: Box) -> bool:
    return a.left < b.right and b.left < a.right and a.bottom < b.top and b.bottom < a.top


def _ends_alike(a: Box, b: Box) -> bool:
    return abs(a.left - b.left) <= _SAME and abs(a.right - b.right) <= _SAME


def _table(grid: _Grid, chars: Sequence[Char]) -> Table | None:
    """The text between the lines of a grid, unless it is no table."""
    low, high = grid.ys[0], grid.ys[-1]
    held = [char for char in chars if low <= (char.bottom + char.top) / 2 <= high]
    if grid.xs:
        held = [c for c in held if grid.xs[0] <= (c.left + c.right) / 2 <= grid.xs[-1]]
    if not any(not char.text.isspace() for char in held):
        return None
    box = around([char for char in held if not char.text.isspace()])
    lines = runs(held)
    columns = grid.xs or _columns([run.box for line in lines for run in line])
    if len(columns) < 3:
        return None
    rows = [row for band in _bands(grid, held) if any(row := _row(band, columns, grid.down))]
    if len(rows) < 2 or sum(sum(map(bool, row)) > 1 for row in rows) * 2 < len(rows):
        return None
    cells = [cell for row in rows for cell in row if cell]
    if not grid.xs and mean(map(len, cells)) > _CELL:
        return None
    size = sorted(run.size for line in lines for run in line)[sum(map(len, lines)) // 2]
    return Table(box, tuple(map(_joined_cells, rows)), size)


def _joined_cells(cells: Sequence[str]) -> str:
    return SEPARATOR.join(cells).strip()


def _bands(grid: _Grid, chars: Sequence[Char]) -> list[list[Char]]:
    """The characters between one ruled line and the next, from the top."""
    bands: list[list[Char]] = []
    for low, high in reversed(list(pairwise(grid.ys))):
        band = [char for char in chars if low <= (char.bottom + char.top) / 2 < high]
        # Where columns are not ruled and there are few rules, each line is a row.
        if grid.xs or len(grid.ys) > 4:
            bands.append(band)
        else:
            bands += _by_line(band)
    return bands


def _by_line(chars: Sequence[Char]) -> list[list[Char]]:
    """The characters of each line, from the top."""
    lines = runs(chars)
    boxes = [around([run.box for run in line]) for line in lines]
    return [[c for c in chars if box.bottom <= (c.bottom + c.top) / 2 <= box.top] for box in boxes]


def _row(band: Sequence[Char], columns: Sequence[float], down: Sequence[Box]) -> list[str]:
    """The cells of a row; one that spans columns, for no line divides them here, is said once."""
    if not band:
        return []
    middle = sum((char.bottom + char.top) / 2 for char in band) / len(band)
    edges = [
        x
        for x in columns
        if x in {columns[0], columns[-1]}
        or not down
        or any(abs(b.left - x) <= _SAME and b.bottom <= middle <= b.top for b in down)
    ]
    cells = []
    for left, right in pairwise(edges):
        cells.append(_cell_text([c for c in band if left <= (c.left + c.right) / 2 < right]))
    return cells


def _cell_text(chars: Sequence[Char]) -> str:
    text = ""
    for line in runs(chars):
        piece = " ".join(run.text for run in line)
        wide = text[-1:] >= "\u2e80" or piece[:1] >= "\u2e80"
        text += piece if not text or wide else f" {piece}"
    return text


def _columns(boxes: Sequence[Box]) -> list[float]:
    """The edges of columns, by the white between them."""
    if not boxes:
        return []
    least = min(box.top - box.bottom for box in boxes) * 0.6
    between = [(left + right) / 2 for left, right in gaps(boxes, least)]
    whole = around(boxes)
    return [whole.left - 1, *between, whole.right + 1]


def _close(above: Sequence[Run], below: Sequence[Run]) -> bool:
    """Whether two lines are near enough to be rows of one table."""
    height = max(run.box.top - run.box.bottom for run in above)
    return above[0].box.bottom - below[0].box.top < 1.5 * height


def _aligned(block: Sequence[Sequence[Run]]) -> Table | None:
    if len(block) < _MIN_ROWS:
        return None
    pieces = [run for line in block for run in line]
    columns = _columns([run.box for run in pieces])
    if len(columns) < 3 or mean(len(run.text) for run in pieces) > _CELL:
        return None
    rows = []
    for line in block:
        cells = [""] * (len(columns) - 1)
        for run in line:
            middle = (run.box.left + run.box.right) / 2
            at = next(i for i, right in enumerate(columns[1:]) if middle < right)
            cells[at] = f"{cells[at]} {run.text}".strip()
        rows.append(cells)
    filled = sum(1 for row in rows for cell in row if cell)
    if filled < 0.6 * len(rows) * (len(columns) - 1):
        return None
    size = sorted(run.size for run in pieces)[len(pieces) // 2]
    return Table(around([run.box for run in pieces]), tuple(map(_joined_cells, rows)), size)
