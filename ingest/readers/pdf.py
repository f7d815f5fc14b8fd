"""PDF: pages with their numbers, and sections by the outline or by the size of the letters.

pypdf reads first. Where it finds nothing, garbage or an error, PDFium does; and PDFium says where
the text stands, so that columns, tables and vertical lines come in the order in which they are
read.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.documents import Page
from ingest.errors import EncryptedDocument, ParsingTooLarge, UnreadableDocument
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.readers import _pypdf
from ingest.readers._extract import Extract, within
from ingest.readers._layout import is_plain, is_upended, page_lines
from ingest.readers._lines import (
    Line,
    pages_by_outline,
    pages_by_size,
    unwrap,
    without_running_lines,
)
from ingest.readers._pdfium import (
    Box,
    Char,
    PdfiumError,
    PdfiumFile,
    PdfiumPage,
    PdfiumPassword,
    opened,
)
from ingest.readers._plausible import is_garbage, is_right_to_left
from ingest.readers._tables import is_ruled
from ingest.readers._turned import (
    is_vertical,
    logical,
    mirrored,
    mirrored_boxes,
    turned,
    turned_boxes,
)

if TYPE_CHECKING:
    from pypdf import PdfReader

_STAMP = 40
"""Characters: less text than this beside a picture of a page is a stamp or a number on a scan."""
_WHOLE_PAGE = 0.6
"""Share of a page that a scan of it covers."""
_SAME = 0.8
"""Share of the words, or letters, by which two readings are taken for readings of the same page."""
_SAME_LETTERS = 0.95
_MORE_WORDS = 1.05
_LETTER = re.compile(r"[^\W\d]")
_WORD = re.compile(r"[^\W\u2e80-\uffff]+|[\u2e80-\uffff]")
_AGREED = 0.95
"""Share of the lines that come in the same order by which two orders are taken for the same."""


@dataclass
class _Read:
    """What was read of a file's pages so far."""

    lines: list[list[Line]] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)
    failed: int = 0
    characters: int = 0


def read_pdf(
    path: Path,
    data: bytes,
    limits: Limits = DEFAULT_LIMITS,
    announce: Callable[[int, int], None] | None = None,
) -> Extract:
    """Reads a PDF file. A page that cannot be read is left out and named if others can be.

    Raises:
        EncryptedDocument: it needs a password that is not empty.
        UnreadableDocument: it is damaged.
        ParsingTooLarge: it has more pages or characters than the limits allow.
    """
    # pypdf reports each fault that it repairs; a hospital's PDF files have hundreds.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    with ExitStack() as stack:
        reader, why = _with_pypdf(data)
        seen, also_why = _with_pdfium(data, stack)
        if reader is None and seen is None:
            if isinstance(why, _pypdf.NeedsPassword) or isinstance(also_why, PdfiumPassword):
                raise EncryptedDocument(path)
            raise UnreadableDocument(path, f"it is not a valid PDF file ({why})")
        count = _pypdf.page_count(reader) if reader else 0
        if seen is not None and not count:
            reader, count = None, len(seen)
        if count > limits.pages:
            raise ParsingTooLarge(path, f"it has more than {limits.pages} pages")
        if announce:
            announce(count, 0)
        read = _pages(path, reader, seen, count, limits)
        return _extract(path, reader, seen, read, limits)


def _with_pypdf(data: bytes) -> tuple[PdfReader | None, Exception | None]:
    try:
        return _pypdf.open_file(data), None
    except (_pypdf.Unreadable, _pypdf.NeedsPassword) as error:
        return None, error


def _with_pdfium(data: bytes, stack: ExitStack) -> tuple[PdfiumFile | None, Exception | None]:
    try:
        return stack.enter_context(opened(data)), None
    except PdfiumError as error:
        return None, error


def _pages(
    path: Path, reader: PdfReader | None, seen: PdfiumFile | None, count: int, limits: Limits
) -> _Read:
    read = _Read()
    for index in range(count):
        lines: list[Line] = []
        unread = False
        if reader is not None:
            try:
                lines = _pypdf.page_lines(reader, index)
            except _pypdf.Unreadable:
                unread = True
        if seen is not None and index < len(seen):
            try:
                with seen.page(index) as page:
                    lines, picture = _second_opinion(lines, page)
                unread = picture or (unread and not lines)
            except PdfiumError:
                pass
        read.failed += unread
        read.unread += [index + 1] * unread
        read.lines.append(lines)
        read.characters += sum(len(line.text) for line in lines)
        if read.characters > limits.characters:
            raise ParsingTooLarge(path, f"it has more than {limits.characters:,} characters")
    return read


def _second_opinion(lines: list[Line], page: PdfiumPage) -> tuple[list[Line], bool]:
    """The better reading of a page, and whether it shows something that stays unread."""
    text = "\n".join(line.text for line in lines)
    boxes = page.boxes()
    if not text.strip() and not boxes:
        return [], page.is_picture()
    if not text.strip() or is_garbage(text):
        lines = _seen(page)
        if is_garbage("\n".join(line.text for line in lines)):
            return [], True
    elif is_right_to_left(text):
        laid = _from_the_right(page)
        lines = laid if _same(lines, laid, _LETTER, _SAME_LETTERS) else lines
    else:
        lines = _in_reading_order(lines, page, boxes)
    # A number or a title that was stamped on the picture of a page is not its text.
    stamped = sum(len(line.text) for line in lines) < _STAMP
    return lines, stamped and page.is_picture(_WHOLE_PAGE)


def _in_reading_order(lines: list[Line], page: PdfiumPage, boxes: list[Box]) -> list[Line]:
    """The lines as they are, unless the page has columns, tables or vertical lines."""
    if is_plain(boxes) and not is_upended(boxes) and not is_ruled(page.rules()):
        return _laid(page.chars(), [])[0] if _glued(lines, page.text()) else lines
    chars = page.chars()
    if is_vertical(chars):
        laid, has_tables, in_columns = _vertical(page, chars)
        in_columns = True
    elif is_upended(boxes):
        return lines
    else:
        laid, has_tables, in_columns = _laid(chars, page.rules())
    if not (has_tables or in_columns) or not _same(lines, laid, _WORD):
        return lines
    return laid if has_tables or not _agree(lines, laid) else lines


def _seen(page: PdfiumPage) -> list[Line]:
    """A page as PDFium alone reads it."""
    chars = page.chars()
    if is_vertical(chars):
        return _vertical(page, chars)[0]
    text = page.text()
    if is_right_to_left(text):
        return _from_the_right(page)
    plain = [Line(line, 0.0) for line in text.splitlines() if line.strip()]
    if is_upended(page.boxes()):
        return plain
    laid, _, _ = _laid(chars, page.rules())
    return laid if _same(plain, laid, _WORD) else plain


def _vertical(page: PdfiumPage, chars: list[Char]) -> tuple[list[Line], bool, bool]:
    """A page whose lines run down and follow one another from the right."""
    return _laid(turned(chars), turned_boxes(page.rules()))


def _from_the_right(page: PdfiumPage) -> list[Line]:
    """A page in Arabic or Hebrew."""
    laid, _, _ = _laid(mirrored(page.chars()), mirrored_boxes(page.rules()))
    return [Line(logical(line.text), line.size) for line in laid]


def _laid(chars: list[Char], drawn: list[Box]) -> tuple[list[Line], bool, bool]:
    lines, has_tables, in_columns = page_lines(chars, drawn)
    return [Line(x.text.translate(_pypdf.PLAIN), x.size) for x in lines], has_tables, in_columns


def _agree(lines: list[Line], laid: list[Line]) -> bool:
    """Whether two readings have the same order; the first is kept then, for its words are sure."""
    text = "".join("".join(line.text.split()) for line in lines)
    places = [text.find("".join(line.text.split())) for line in laid if len(line.text) > 3]
    found = [place for place in places if place >= 0]
    in_order = sum(a <= b for a, b in pairwise(found))
    return len(found) > 0.5 * len(places) and in_order >= _AGREED * (len(found) - 1)


def _same(lines: list[Line], laid: list[Line], what: re.Pattern[str], share: float = _SAME) -> bool:
    """Whether two readings have the same words, or letters, whatever their order."""
    first, second = (Counter(what.findall(" ".join(x.text for x in y))) for y in (lines, laid))
    return (first & second).total() >= share * max(first.total(), second.total())


def _glued(lines: list[Line], seen: str) -> bool:
    """Whether the first reading has the same letters as the second, and lost spaces between."""
    first = " ".join(line.text for line in lines).split()
    second = seen.split()
    return len(second) > _MORE_WORDS * len(first) and "".join(first) == "".join(second)


def _extract(
    path: Path, reader: PdfReader | None, seen: PdfiumFile | None, read: _Read, limits: Limits
) -> Extract:
    lines = without_running_lines(read.lines)
    outline = list(_pypdf.outline(reader)) if reader else []
    by_page = pages_by_outline(lines, outline) if outline else pages_by_size(lines)
    labels = _labels(reader, seen)
    pages = [
        Page(unwrap(part), number, labels.get(number), section) for number, section, part in by_page
    ]
    kept = within(path, pages, limits)
    if not kept and read.failed and seen is None:
        raise UnreadableDocument(path, f"none of its {read.failed} pages could be read")
    title = _title(reader, seen)
    return Extract(kept, {"title": title} if title else {}, tuple(read.unread), labels)


def _labels(reader: PdfReader | None, seen: PdfiumFile | None) -> dict[int, str]:
    """The numbers printed on the pages, by 1-based number; none where the file does not say."""
    labels = _pypdf.labels(reader) if reader else seen.labels() if seen else []
    return {number: label for number, label in enumerate(labels, start=1) if label}


def _title(reader: PdfReader | None, seen: PdfiumFile | None) -> str | None:
    """The title in the file's metadata, unless it is plainly a program's file name."""
    title = _pypdf.title(reader) if reader else seen.title() if seen else ""
    title = " ".join(title.replace("\x00", "").split())
    from_program = title.lower().startswith(("microsoft word", "untitled", "(anonymous"))
    return None if from_program or "." in title[-5:] else title or None
