"""From the lines of a PDF to sections and paragraphs: pure functions on lines with sizes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from ingest.readers._extract import Headings

_LARGER = 1.15
"""A heading is at least this much larger than the text."""
_HEADING_LENGTH = 120
_MAX_LEVELS = 3
_FULL = 0.75
"""A line of at least this share of the usual full width may go on in the next."""
_NARROWEST = 30
"""Narrow characters: shorter lines are a list or a table and not a narrow column."""
_EDGE = 2
"""Lines at the top and at the bottom of a page that may be a running header or footer."""
_RUNNING_PAGES = 3
_MOST = 0.75
_STOPS = tuple(".!?:;。！？：；")
_STARTS_ITEM = re.compile(
    r"\s*(?:[-*•·●○▪◦‧–]|\(?\d{1,3}[.)、]|\(?[a-zA-Z][.)]\s|[（(]?[一二三四五六七八九十]+[)）、])"
)
_COLUMNS = re.compile(r"\S {3,}\S|\t|\|")

Part = tuple[int, tuple[str, ...], "list[Line]"]
"""A 1-based page number, the headings above, and lines."""


class Line(NamedTuple):
    """A line of text, and the size of its letters in points."""

    text: str
    size: float


def without_running_lines(pages: list[list[Line]]) -> list[list[Line]]:
    """Leaves out headers and footers: what stands at the edge of most pages, numbers aside.

    Where that would leave out much of the text, as in pages that are alike, all of it stays.
    """
    edges: Counter[str] = Counter()
    for lines in pages:
        edges.update({_without_digits(line) for line in [*lines[:_EDGE], *lines[-_EDGE:]]})
    often = max(_RUNNING_PAGES, len(pages) // 2)
    running = {text for text, count in edges.items() if count >= often}
    kept = [_inside(lines, running) for lines in pages]
    before, after = (sum(len(line.text) for page in p for line in page) for p in (pages, kept))
    return kept if after >= before * _MOST else pages


def pages_by_outline(
    pages: list[list[Line]], outline: list[tuple[int, int, str]]
) -> Iterator[Part]:
    """Sections from bookmarks (0-based page, level, title), begun where the page says the title.

    A title that its page does not say begins with the page.
    """
    headings = Headings()
    for index, lines in enumerate(pages):
        here = [(level, title) for page, level, title in outline if page == index]
        pending: list[Line] = []
        places = [(_find(lines, title), level, title) for level, title in here]
        marks = {at: [] for at, _, _ in places}  # type: dict[int, list[tuple[int, str]]]
        for at, level, title in places:
            marks[at].append((level, title))
        for at, line in enumerate([*lines, None]):
            for level, title in [*(marks.get(-1, []) if at == 0 else []), *marks.get(at, [])]:
                if pending:
                    yield index + 1, headings.path, pending
                    pending = []
                headings.enter(level, title)
            if line is not None and at not in marks:
                pending.append(line)
        if pending:
            yield index + 1, headings.path, pending


def pages_by_size(pages: list[list[Line]]) -> list[Part]:
    """Sections from lines that are set clearly larger than the text, the largest outermost.

    Where that would leave less than half of the text, as in slides, size means something else
    and the pages come without sections.
    """
    weight: Counter[float] = Counter()
    for line in (line for lines in pages for line in lines):
        weight[line.size] += len(line.text)
    body = weight.most_common(1)[0][0] if weight else 0.0
    parts = list(_by_size(pages, _levels(pages, body)))
    left = sum(len(line.text) for _, _, lines in parts for line in lines)
    if left * 2 >= weight.total():
        return parts
    return [(number, (), lines) for number, lines in enumerate(pages, start=1) if lines]


def _by_size(pages: list[list[Line]], levels: dict[float, int]) -> Iterator[Part]:
    headings = Headings()
    for number, lines in enumerate(pages, start=1):
        pending: list[Line] = []
        last: Line | None = None
        for line in lines:
            level = levels.get(line.size) if _is_heading(line) else None
            if level is None:
                pending.append(line)
            elif last is not None and last.size == line.size:
                # The second line of a long heading.
                headings.enter(level, f"{headings.path[-1]} {line.text.strip()}")
            else:
                if pending:
                    yield number, headings.path, pending
                    pending = []
                headings.enter(level, " ".join(line.text.split()))
            last = line if level is not None else None
        if pending:
            yield number, headings.path, pending


def unwrap(lines: list[Line]) -> str:
    """Joins lines that a page's width broke; keeps those of lists and tables apart."""
    if not lines:
        return ""
    prose = [line for line in lines if " | " not in line.text] or lines
    widths = sorted(_width(line.text) for line in prose)
    full = max(_NARROWEST, widths[int(len(widths) * 0.9)] * _FULL)
    text = lines[0].text.strip()
    for before, line in zip(lines, lines[1:], strict=False):
        text = (
            _join(text, line.text.strip())
            if _goes_on(before, line, full)
            else (f"{text}\n{line.text.strip()}")
        )
    return text


def _inside(lines: list[Line], running: set[str]) -> list[Line]:
    """The lines between the running ones at the top and those at the bottom."""
    first, last = 0, len(lines)
    while first < min(_EDGE, last) and _without_digits(lines[first]) in running:
        first += 1
    while last > max(len(lines) - _EDGE, first) and _without_digits(lines[last - 1]) in running:
        last -= 1
    return lines[first:last]


def _without_digits(line: Line) -> str:
    return re.sub(r"\b[ivxlc]+$|\d+", "", line.text.strip()).strip()


def _find(lines: list[Line], title: str) -> int:
    """The number of the line that says a title, -1 where none does."""
    wanted = _squeezed(title)
    for at, line in enumerate(lines):
        said = _squeezed(line.text)
        if said and (said == wanted or re.fullmatch(r"[\d.]*" + re.escape(wanted), said)):
            return at
    return -1


def _squeezed(text: str) -> str:
    return "".join(text.split()).casefold()


def _is_heading(line: Line) -> bool:
    return len(line.text) <= _HEADING_LENGTH and any(char.isalpha() for char in line.text)


def _levels(pages: list[list[Line]], body: float) -> dict[float, int]:
    """The sizes of headings with their levels, the largest first."""
    lines = [line for page in pages for line in page]
    large = {line.size for line in lines if line.size >= body * _LARGER and _is_heading(line)}
    sizes = sorted(large, reverse=True)
    return {size: min(rank, _MAX_LEVELS) for rank, size in enumerate(sizes, start=1)}


def _goes_on(before: Line, line: Line, full: float) -> bool:
    text = before.text.rstrip()
    broken = _width(text) >= full and not text.endswith(_STOPS)
    table = _COLUMNS.search(text) or _COLUMNS.search(line.text.strip())
    return broken and not table and not _STARTS_ITEM.match(line.text)


def _join(text: str, line: str) -> str:
    if text[-1:] >= "\u2e80" or line[:1] >= "\u2e80":
        return text + line
    if re.search(r"[a-z]-$", text) and line[:1].islower():
        return text[:-1] + line
    return f"{text} {line}"


def _width(text: str) -> int:
    """Width in narrow characters; a Chinese one counts two."""
    return sum(2 if char >= "\u2e80" else 1 for char in text.strip())
