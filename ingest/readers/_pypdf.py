"""pypdf, with its many ways to fail made one."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from math import hypot
from struct import error as StructError
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from ingest.readers._lines import Line

if TYPE_CHECKING:
    from pypdf import PdfReader

_DAMAGE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    StructError,
    TypeError,
    ValueError,
    zlib.error,
)
"""What pypdf lets through, besides its own errors, when a file breaks the format's rules."""
_PRESENTED = (range(0xFB50, 0xFDFF), range(0xFE70, 0xFEFF))
"""Arabic letters in the shape they have at one place in a word: nobody searches for those."""
_LIGATURES = {code: normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
_SHAPES = {
    code: plain
    for shapes in _PRESENTED
    for code in shapes
    if (plain := normalize("NFKC", chr(code))).isalpha() and len(plain) <= 3
}
PLAIN = _LIGATURES | _SHAPES | {0xF0B7: "•"}
"""Typesetters' fi and fl, which nobody types who looks for a word, and Symbol's bullet."""


class Unreadable(Exception):
    """pypdf cannot read the file, or the page."""


class NeedsPassword(Exception):
    """The file needs a password, or is encrypted in a way that is not known."""


def open_file(data: bytes) -> PdfReader:
    """A reader of the file, unlocked if its password is empty.

    Raises:
        Unreadable: it is no PDF, or too damaged.
        NeedsPassword: it is encrypted.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

    try:
        reader = PdfReader(BytesIO(data))
        locked = reader.is_encrypted and not reader.decrypt("")
    except (DependencyError, FileNotDecryptedError) as error:
        raise NeedsPassword(str(error)) from error
    except (PyPdfError, *_DAMAGE) as error:
        raise Unreadable(str(error)) from error
    if locked:
        raise NeedsPassword("it has a password")
    return reader


def page_count(reader: PdfReader) -> int:
    """How many pages a file has; 0 where they cannot be counted."""
    from pypdf.errors import PyPdfError

    try:
        return len(reader.pages)
    except (PyPdfError, *_DAMAGE):
        return 0


def page_lines(reader: PdfReader, index: int) -> list[Line]:
    """The lines of a page, from 0, with the size in which most of each is set.

    Raises:
        Unreadable: the page is damaged.
    """
    from pypdf.errors import PyPdfError

    try:
        return list(_lines(reader, index))
    except (PyPdfError, *_DAMAGE) as error:
        raise Unreadable(str(error)) from error


def _lines(reader: PdfReader, index: int) -> Iterator[Line]:
    sizes: list[tuple[str, float]] = []

    def visit(text: str, cm: list[float], tm: list[float], _font: Any, size: float) -> None:
        scale = hypot(tm[2], tm[3]) * hypot(cm[2], cm[3])
        sizes.append((text, round(size * scale, 1)))

    reader.pages[index].extract_text(visitor_text=visit)
    weight: Counter[float] = Counter()
    buffer = ""
    for text, size in [*sizes, ("\n", 0.0)]:
        for piece in text.splitlines(keepends=True):
            buffer += piece
            weight[size] += len(piece.strip())
            if piece.endswith("\n"):
                if buffer.strip():
                    text = buffer.strip("\r\n").translate(PLAIN)
                    yield Line(text, weight.most_common(1)[0][0])
                buffer, weight = "", Counter()


def outline(reader: PdfReader) -> Iterator[tuple[int, int, str]]:
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


def labels(reader: PdfReader) -> list[str]:
    """The numbers printed on the pages; none where the file does not say."""
    from pypdf.errors import PyPdfError

    try:
        return list(reader.page_labels) if "/PageLabels" in reader.root_object else []
    except (PyPdfError, *_DAMAGE):
        return []


def title(reader: PdfReader) -> str:
    """The title in the file's metadata, or nothing."""
    from pypdf.errors import PyPdfError

    try:
        return str((reader.metadata.title if reader.metadata else None) or "")
    except (PyPdfError, *_DAMAGE):
        return ""
