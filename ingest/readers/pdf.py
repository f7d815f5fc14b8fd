"""PDF: pages with their numbers, and sections by the outline or by the size of the letters."""

from __future__ import annotations

import logging
import zlib
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from math import hypot
from pathlib import Path
from struct import error as StructError
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from ingest.documents import Page
from ingest.errors import EmptyDocument, EncryptedDocument, UnreadableDocument
from ingest.readers._extract import MAX_CHARACTERS, Extract, clip
from ingest.readers._lines import (
    Line,
    pages_by_outline,
    pages_by_size,
    unwrap,
    without_running_lines,
)

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

MAX_PAGES = 2_000

_DAMAGE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RecursionError,
    StructError,
    TypeError,
    ValueError,
    zlib.error,
)
"""What pypdf lets through, besides its own errors, when a file breaks the format's rules."""

_LIGATURES = {code: normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
_PLAIN = _LIGATURES | {0xF0B7: "•"}
"""Typesetters' fi and fl, which nobody types who looks for a word, and Symbol's bullet."""


def read_pdf(path: Path, data: bytes) -> Extract:
    """Reads a PDF file. A page that cannot be read is left out if others can be.

    Raises:
        EncryptedDocument: it needs a password.
        EmptyDocument: no page holds text, as in a scan.
        UnreadableDocument: it is damaged, or has more than MAX_PAGES pages.
    """
    from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

    # pypdf reports each fault that it repairs; a hospital's PDF files have hundreds.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = _open(path, data)
        pages, failed = _pages(reader)
        title = _title(reader)
    except (DependencyError, FileNotDecryptedError) as error:
        raise EncryptedDocument(path) from error
    except (PyPdfError, OSError, *_DAMAGE) as error:
        raise UnreadableDocument(path, f"it is not a valid PDF file ({error})") from error
    kept = clip(pages)
    if not kept and failed:
        raise UnreadableDocument(path, f"none of its {failed} pages could be read")
    if not kept:
        raise EmptyDocument(path, "no page of it holds text")
    return Extract(kept, {"title": title} if title else {})


def _open(path: Path, data: bytes) -> PdfReader:
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise EncryptedDocument(path)
    if len(reader.pages) > MAX_PAGES:
        raise UnreadableDocument(path, f"it has more than {MAX_PAGES} pages")
    return reader


def _pages(reader: PdfReader) -> tuple[list[Page], int]:
    """The pages in sections, and how many pages failed."""
    from pypdf.errors import PyPdfError

    labels = _labels(reader)
    lines: list[list[Line]] = []
    failed = characters = 0
    for page in reader.pages:
        found: list[Line] = []
        if characters < MAX_CHARACTERS:
            try:
                found = list(_lines(page))
            except (PyPdfError, OSError, *_DAMAGE):
                failed += 1
        characters += sum(len(line.text) for line in found)
        lines.append(found)
    lines = without_running_lines(lines)
    outline = list(_outline(reader))
    by_page = pages_by_outline(lines, outline) if outline else pages_by_size(lines)
    return [
        Page(unwrap(part), number, _label(labels, number), section)
        for number, section, part in by_page
    ], failed


def _lines(page: PageObject) -> Iterator[Line]:
    """The lines of a page with the size in which most of each is set."""
    sizes: list[tuple[str, float]] = []

    def visit(text: str, cm: list[float], tm: list[float], _font: Any, size: float) -> None:
        scale = hypot(tm[2], tm[3]) * hypot(cm[2], cm[3])
        sizes.append((text, round(size * scale, 1)))

    page.extract_text(visitor_text=visit)
    weight: Counter[float] = Counter()
    buffer = ""
    for text, size in [*sizes, ("\n", 0.0)]:
        for piece in text.splitlines(keepends=True):
            buffer += piece
            weight[size] += len(piece.strip())
            if piece.endswith("\n"):
                if buffer.strip():
                    text = buffer.strip("\r\n").translate(_PLAIN)
                    yield Line(text, weight.most_common(1)[0][0])
                buffer, weight = "", Counter()


def _outline(reader: PdfReader) -> Iterator[tuple[int, int, str]]:
    """Bookmarks as (0-based page, level from 1, title); none where the outline is damaged."""
    from pypdf.errors import PyPdfError

    def walk(items: list[Any], level: int) -> Iterator[tuple[int, int, str]]:
        for item in items:
            if isinstance(item, list):
                yield from walk(item, level + 1)
                continue
            number = reader.get_destination_page_number(item)
            title = " ".join(str(item.title or "").split())
            if number is not None and number >= 0 and title:
                yield number, level, title

    try:
        yield from walk(reader.outline, 1)
    except (PyPdfError, *_DAMAGE):
        return


def _labels(reader: PdfReader) -> list[str]:
    """The numbers printed on the pages; none where the file does not say."""
    from pypdf.errors import PyPdfError

    try:
        return list(reader.page_labels) if "/PageLabels" in reader.root_object else []
    except (PyPdfError, *_DAMAGE):
        return []


def _label(labels: list[str], number: int) -> str | None:
    return labels[number - 1] if number <= len(labels) and labels[number - 1] else None


def _title(reader: PdfReader) -> str | None:
    """The title in the file's metadata, unless it is plainly a program's file name."""
    title = (reader.metadata.title if reader.metadata else None) or ""
    title = " ".join(str(title).replace("\x00", "").split())
    from_program = title.lower().startswith(("microsoft word", "untitled", "(anonymous"))
    return None if from_program or "." in title[-5:] else title or None
