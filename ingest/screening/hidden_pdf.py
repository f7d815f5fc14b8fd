"""Text of a PDF page that leaves no mark on it: without ink, in the paper's colour, tiny, off it.

A scan with recognised text (OCR) draws that text without ink over the picture of the page, which
is its ordinary form: text without ink is left alone where a picture lies under it. What stands in
such a layer is read like any other text. In the paper's colour is what is white where nothing but
white was painted before: a white heading on a dark band is none.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from math import hypot
from struct import error as StructError
from typing import TYPE_CHECKING, Any

from ingest.screening.runs import HiddenRun, Runs

if TYPE_CHECKING:
    from pypdf import PageObject

MAX_PAGES = 2_000
SMALLEST = 2.0
"""Points, 1/72 inch."""
WHITE = 0.97
_NO_INK = frozenset({3, 7})
"""Text rendering modes that paint nothing (ISO 32000-1, table 106)."""
_SHOWS = frozenset({b"Tj", b"TJ", b"'", b'"'})
_FILLS = frozenset({b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"})
_ENDS = frozenset({b"S", b"s", b"n"})
_POINTS = {b"m": 1, b"l": 1, b"c": 3, b"v": 2, b"y": 2}
_PLAIN_SPACES = frozenset({"/DeviceGray", "/DeviceRGB", "/DeviceCMYK", "/G", "/RGB", "/CMYK"})
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
Matrix = Sequence[float]
Box = tuple[float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def runs_of_pdf(data: bytes) -> tuple[HiddenRun, ...]:
    """The hidden runs of a PDF file's pages; none where it cannot be read."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    runs = Runs()
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            return ()
        for number, page in enumerate(reader.pages, 1):
            if number > MAX_PAGES:
                break
            try:
                for rule, text in _page(page):
                    runs.add(rule, text, number)
            except (PyPdfError, OSError, *_DAMAGE):
                continue
    except (PyPdfError, OSError, *_DAMAGE):
        return tuple(runs)
    return tuple(runs)


def _page(page: PageObject) -> Iterator[tuple[str | None, str]]:
    """The pieces of a page's text, each with the rule that hides it."""
    canvas = _Canvas(_opacities(page))
    page.extract_text(
        visitor_operand_before=canvas.before,
        visitor_operand_after=canvas.after,
        visitor_text=canvas.text,
    )
    box = page.mediabox
    paper = (float(box.left), float(box.bottom), float(box.right), float(box.top))
    for piece in canvas.pieces:
        yield canvas.hides(piece, paper), piece.text


def _opacities(page: PageObject) -> dict[str, float]:
    """The opacity for filling that each named graphics state of the page sets."""
    found: dict[str, float] = {}
    resources = page.get("/Resources")
    states = resources.get_object().get("/ExtGState") if resources is not None else None
    for name, state in (states.get_object() if states is not None else {}).items():
        opacity = state.get_object().get("/ca")
        if isinstance(opacity, (int, float)):
            found[name] = float(opacity)
    return found


@dataclass(frozen=True, slots=True)
class _Ink:
    """How text is painted."""

    mode: int = 0
    white: bool = False
    plain: bool = True
    """Whether the numbers of a colour are those of grey, red-green-blue or process colour."""
    opacity: float = 1.0

    @property
    def leaves_none(self) -> bool:
        return self.mode in _NO_INK or self.opacity < 1 - WHITE


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    x: float
    y: float
    size: float
    ink: _Ink
    painted: int
    """How many of the canvas's painted boxes came before it."""


@dataclass(slots=True)
class _Canvas:
    """Follows what a page paints, as pypdf goes through its operators."""

    opacities: dict[str, float]
    pieces: list[_Piece] = field(default_factory=list)
    painted: list[Box] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    _ink: _Ink = field(default_factory=_Ink)
    _saved: list[_Ink] = field(default_factory=list)
    _path: list[tuple[float, float]] = field(default_factory=list)
    _bases: list[Matrix] = field(default_factory=lambda: [_IDENTITY])
    _shown: list[tuple[_Ink, int]] = field(default_factory=list)

    def before(self, operator: bytes, operands: Any, cm: Matrix, _tm: Matrix) -> None:
        """Called by pypdf for each operator, before it acts on it."""
        total = _times(cm, self._bases[-1])
        if operator == b"q":
            self._saved.append(self._ink)
        elif operator == b"Q":
            self._ink = self._saved.pop() if self._saved else self._ink
        elif operator in _SHOWS:
            self._shown.append((self._ink, _weight(operands)))
        elif operator in _POINTS or operator == b"re":
            self._path += [_apply(total, p) for p in _points(operator, operands)]
        elif operator in _FILLS:
            if not self._ink.white and self._path:
                self.painted.append(_box(self._path))
            self._path = []
        elif operator in _ENDS:
            self._path = []
        elif operator == b"sh":
            self.painted.append((-1e9, -1e9, 1e9, 1e9))
        elif operator in {b"Do", b"INLINE IMAGE"}:
            corners = [_apply(total, (x, y)) for x in (0.0, 1.0) for y in (0.0, 1.0)]
            self.pictures.append(_box(corners))
            self._bases.append(total)
        else:
            self._set_ink(operator, operands)

    def after(self, operator: bytes, _operands: Any, _cm: Matrix, _tm: Matrix) -> None:
        """Called by pypdf for each operator once it is done, forms with all that is in them."""
        if operator in {b"Do", b"INLINE IMAGE"} and len(self._bases) > 1:
            self._bases.pop()

    def text(self, text: str, cm: Matrix, tm: Matrix, _font: Any, size: float) -> None:
        """Called by pypdf with a piece of text when its position changes.

        One piece may have been shown with several inks; it is cut by the length of what was
        shown with each, which is exact unless glyphs have codes of different lengths.
        """
        shown, self._shown = self._shown, []
        if not text.strip():
            return
        matrix = _times(tm, _times(cm, self._bases[-1]))
        x, y = _apply(matrix, (0.0, 0.0))
        height = abs(size) * hypot(matrix[2], matrix[3])
        whole = sum(weight for _, weight in shown) or 1
        start = seen = 0
        for ink, weight in shown or [(self._ink, 1)]:
            seen += weight
            end = round(len(text) * seen / whole)
            self.pieces.append(_Piece(text[start:end], x, y, height, ink, len(self.painted)))
            start = end

    def hides(self, piece: _Piece, paper: Box) -> str | None:
        """The rule that says why a piece cannot be seen; None where it can."""
        at = (piece.x, piece.y)
        if not _within(at, paper):
            return "off-page"
        if piece.ink.leaves_none:
            return None if any(_within(at, box) for box in self.pictures) else "invisible-ink"
        if 0 < piece.size < SMALLEST:
            return "tiny-text"
        grounds = [*self.painted[: piece.painted], *self.pictures]
        if piece.ink.white and not any(_within(at, box) for box in grounds):
            return "background-colour"
        return None

    def _set_ink(self, operator: bytes, operands: Any) -> None:
        ink = self._ink
        if operator == b"Tr":
            ink = replace(ink, mode=int(operands[0]))
        elif operator in {b"g", b"rg", b"k"}:
            ink = replace(ink, white=_is_white(operands), plain=True)
        elif operator == b"cs":
            ink = replace(ink, white=False, plain=str(operands[0]) in _PLAIN_SPACES)
        elif operator in {b"sc", b"scn"}:
            # One number of an unknown space may be the amount of a spot colour: 1 is its fullest.
            known = ink.plain or len(operands) == 3
            ink = replace(ink, white=known and _is_white(operands))
        elif operator == b"gs":
            ink = replace(ink, opacity=self.opacities.get(str(operands[0]), ink.opacity))
        self._ink = ink


def _is_white(operands: Sequence[Any]) -> bool:
    values = [float(v) for v in operands if isinstance(v, (int, float))]
    if len(values) != len(operands):
        return False
    if len(values) == 4:
        return all(v <= 1 - WHITE for v in values)
    return len(values) in {1, 3} and all(v >= WHITE for v in values)


def _weight(operands: Sequence[Any]) -> int:
    """How much text an operator shows, in bytes of its strings."""
    found = 0
    for operand in operands:
        parts = operand if isinstance(operand, list) else [operand]
        found += sum(len(part) for part in parts if isinstance(part, (str, bytes)))
    return found


def _points(operator: bytes, operands: Sequence[Any]) -> list[tuple[float, float]]:
    values = [float(v) for v in operands]
    if operator == b"re":
        x, y, width, height = values[:4]
        return [(x, y), (x + width, y + height), (x + width, y), (x, y + height)]
    return [(values[2 * i], values[2 * i + 1]) for i in range(_POINTS[operator])]


def _times(a: Matrix, b: Matrix) -> Matrix:
    """First a, then b (ISO 32000-1, 8.3.4)."""
    return (
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    )


def _apply(m: Matrix, point: tuple[float, float]) -> tuple[float, float]:
    x, y = point
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]


def _box(points: Sequence[tuple[float, float]]) -> Box:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)


def _within(point: tuple[float, float], box: Box) -> bool:
    """Whether a point lies in a box, or as near its edge as a letter's foot may."""
    slack = 3.0
    x, y = point
    return box[0] - slack <= x <= box[2] + slack and box[1] - slack <= y <= box[3] + slack
