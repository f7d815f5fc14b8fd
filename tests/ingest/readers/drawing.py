"""Small PDF files for tests: drawn line by line, with awkward features by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

Draw = Callable[[Canvas], None]
NOTO = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
NOTO_TC = 3
"""The place of the Traditional Chinese face in the collection."""


def pdf(*pages: Draw, title: str = "", **options: object) -> bytes:
    """A file with the pages; the options are reportlab's."""
    buffer = BytesIO()
    canvas = Canvas(buffer, **options)  # type: ignore[arg-type]
    canvas.setTitle(title)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def lines(
    *texts: str, size: float = 11, top: int = 700, font: str = "Helvetica", left: float = 72
) -> Draw:
    """Lines below one another."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont(font, size)
        for n, text in enumerate(texts):
            canvas.drawString(left, top - 16 * n, text)

    return draw


def cells(rows: list[list[str]], *, ruled: bool, top: int = 600, height: int = 20) -> Draw:
    """A table with columns of 120 points, each cell drawn for itself."""
    width = 120

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 11)
        columns = max(map(len, rows))
        for y, row in enumerate(rows):
            for x, text in enumerate(row):
                canvas.drawString(76 + width * x, top - height * y, text)
        if ruled:
            bottom = top + 14 - height * len(rows)
            for y in range(len(rows) + 1):
                canvas.line(72, top + 14 - height * y, 72 + width * columns, top + 14 - height * y)
            for x in range(columns + 1):
                canvas.line(72 + width * x, bottom, 72 + width * x, top + 14)

    return draw


def both(*parts: Draw) -> Draw:
    """Several things on one page."""

    def draw(canvas: Canvas) -> None:
        for part in parts:
            part(canvas)

    return draw


def scan(*texts: str, chinese: bool = False) -> Draw:
    """A page that is a picture of lines of text."""
    picture = Image.new("L", (1654, 2339), 255)
    pen = ImageDraw.Draw(picture)
    font = (
        ImageFont.truetype(str(NOTO), 48, index=NOTO_TC)
        if chinese
        else ImageFont.load_default(size=48)
    )
    for n, text in enumerate(texts):
        pen.text((150, 200 + 90 * n), text, font=font, fill=0)

    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)

    return draw


def meaning(data: bytes, letters: Mapping[str, str]) -> bytes:
    """The file with its letters meaning others, as its fonts' tables of characters say."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(data)))
    entries = [
        f"<{ord(drawn):02x}> <{meant.encode('utf-16-be').hex()}>"
        for drawn, meant in letters.items()
    ]
    table = DecodedStreamObject()
    table.set_data(
        "\n".join(
            [
                "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
                "/CMapName /Test def /CMapType 2 def",
                "1 begincodespacerange <00> <ff> endcodespacerange",
                f"{len(entries)} beginbfchar",
                *entries,
                "endbfchar endcmap end end",
            ]
        ).encode()
    )
    reference = writer._add_object(table)
    for page in writer.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            font.get_object()[NameObject("/ToUnicode")] = reference
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()
