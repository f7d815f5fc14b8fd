"""What PDFium sees of a PDF page: characters with their places, ruled lines, pictures.

PDFium is a second opinion: pypdf reads first, and keeps the logical order of right-to-left text,
which PDFium does not. PDFium reads what pypdf cannot, and says where on the page things stand.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from math import hypot
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage, PdfTextPage

_LOCK = threading.RLock()
"""PDFium's library is not made for threads: one file is open in it at a time."""
_PASSWORD_ERROR = 4
_MAX_OBJECTS = 20_000
"""Objects of a page that are looked at; a map or a plot can have a million."""
_DEPTH = 4
"""Of forms within forms; files are known that nest them without end."""
_MAX_CHARACTERS = 50_000
"""Of one page: a dense one has ten thousand."""
_HYPHENS = {0x02: "-", 0xFFFE: "-", 0xAD: "-"}
"""What PDFium writes for a hyphen that breaks a word."""
_PICTURE_SHARE = 0.02
"""Of the page: a smaller picture is a logo or a rule."""
_DRAWN = 30
"""Paths on a page without text from which on it is taken for a drawing or for outlined letters."""


class Char(NamedTuple):
    """A character and its box in points, from the page's lower left corner."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    base: float
    """The height of its baseline."""
    size: float
    """Of the font, in points."""


class Box(NamedTuple):
    """A rectangle in points, from the page's lower left corner."""

    left: float
    bottom: float
    right: float
    top: float


class PdfiumError(Exception):
    """PDFium cannot open the file, or the page."""


class PdfiumPassword(PdfiumError):
    """The file needs a password."""


@contextmanager
def opened(data: bytes) -> Iterator[PdfiumFile]:
    """A file opened in PDFium; only one thread at a time gets that far.

    Raises:
        PdfiumPassword: it needs a password that is not empty.
        PdfiumError: it is no PDF, or too damaged.
    """
    import pypdfium2

    with _LOCK:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            needs = getattr(error, "err_code", None) == _PASSWORD_ERROR
            raise (PdfiumPassword if needs else PdfiumError)(str(error)) from error
        try:
            yield PdfiumFile(document)
        finally:
            document.close()


class PdfiumFile:
    """An open file; pages are counted from 0."""

    def __init__(self, document: PdfDocument) -> None:
        self.document = document

    def __len__(self) -> int:
        return len(self.document)

    @contextmanager
    def page(self, index: int) -> Iterator[PdfiumPage]:
        """A page with its text loaded.

        Raises:
            PdfiumError: the page cannot be loaded.
        """
        import pypdfium2

        try:
            page = self.document[index]
        except (pypdfium2.PdfiumError, IndexError) as error:
            raise PdfiumError(str(error)) from error
        try:
            text = page.get_textpage()
        except pypdfium2.PdfiumError as error:
            page.close()
            raise PdfiumError(str(error)) from error
        try:
            yield PdfiumPage(page, text)
        finally:
            text.close()
            page.close()

    def labels(self) -> list[str]:
        """The numbers printed on the pages, as far as the file says."""
        return [self.document.get_page_label(index) for index in range(len(self))]

    def title(self) -> str:
        """The title in the file's metadata."""
        return str(self.document.get_metadata_value("Title"))


class PdfiumPage:
    """A page that is loaded."""

    def __init__(self, page: PdfPage, text: PdfTextPage) -> None:
        self._page = page
        self._text = text

    def boxes(self) -> list[Box]:
        """The runs of text on the page, a line or a part of a line each."""
        count = self._text.count_rects()
        return [Box(*self._text.get_rect(index)) for index in range(min(count, _MAX_OBJECTS))]

    def chars(self) -> list[Char]:
        """The characters in the order of the file, without those that stand for white space."""
        import pypdfium2.raw as raw

        handle = self._text.raw
        box = raw.FS_RECTF()
        across, base = ctypes.c_double(), ctypes.c_double()
        matrix = raw.FS_MATRIX()
        height = size = 0.0
        drawn: dict[tuple[str, int, int], int] = {}
        found = []
        for index in range(min(self._text.count_chars(), _MAX_CHARACTERS)):
            code = raw.FPDFText_GetUnicode(handle, index)
            if raw.FPDFText_IsGenerated(handle, index) == 1 and code not in _HYPHENS:
                continue
            char = _HYPHENS.get(code) or (chr(code) if 0x20 <= code < 0x110000 else "")
            if not char or 0xD800 <= code < 0xE000:
                continue
            raw.FPDFText_GetLooseCharBox(handle, index, box)
            raw.FPDFText_GetCharOrigin(handle, index, across, base)
            if box.top - box.bottom != height:
                # A box of the same height belongs to the same font, as near as matters here.
                height = box.top - box.bottom
                raw.FPDFText_GetMatrix(handle, index, matrix)
                scale = hypot(matrix.c, matrix.d)
                size = round(raw.FPDFText_GetFontSize(handle, index) * scale, 1)
            place = Box(box.left, box.bottom, box.right, box.top)
            # Bold letters are often the same ones drawn twice; those of a ligature follow at once.
            key = (char, round(2 * box.left), round(2 * base.value))
            if index - drawn.setdefault(key, index) > 1:
                continue
            found.append(Char(char, *place, base.value, size))
        return found

    def text(self) -> str:
        """The text in PDFium's own order."""
        # A surrogate that is alone comes out as one; it is no character.
        text = str(self._text.get_text_range(errors="ignore"))
        return text.translate(dict.fromkeys(_HYPHENS, "-"))

    def rules(self) -> list[Box]:
        """The boxes of drawn paths: ruled lines, frames of cells and their shades."""
        import pypdfium2.raw as raw

        return [box for kind, box in self._objects() if kind == raw.FPDF_PAGEOBJ_PATH]

    def is_picture(self, share: float = _PICTURE_SHARE) -> bool:
        """Whether a picture covers such a share of the page, or drawing does if none is asked."""
        import pypdfium2.raw as raw

        width, height = self._page.get_size()
        drawn = 0
        for kind, box in self._objects():
            if kind == raw.FPDF_PAGEOBJ_IMAGE:
                area = (box.right - box.left) * (box.top - box.bottom)
                if area >= share * width * height:
                    return True
            drawn += kind in {raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_SHADING}
        return drawn >= _DRAWN and share == _PICTURE_SHARE

    def _objects(self) -> Iterator[tuple[int, Box]]:
        import pypdfium2

        for number, item in enumerate(self._page.get_objects(max_depth=_DEPTH)):
            if number >= _MAX_OBJECTS:
                return
            try:
                yield item.type, Box(*item.get_bounds())
            except pypdfium2.PdfiumError:
                continue
