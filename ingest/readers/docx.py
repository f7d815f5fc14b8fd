"""Word files: headings as sections, tables as lines of `a | b`."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.documents import Page
from ingest.errors import EncryptedDocument, UnreadableDocument
from ingest.readers._extract import Extract, Headings, clip

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.table import Table
    from docx.text.paragraph import Paragraph

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""An encrypted .docx, like an old .doc, is no zip file but an OLE container."""
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
MAX_UNPACKED = 500_000_000
"""Bytes: a file that unpacks to more than this was made to do harm."""
_DAMAGE = (zipfile.BadZipFile, AttributeError, LookupError, SyntaxError, ValueError)
"""SyntaxError is lxml's for XML that is none; the rest follows from parts that are missing."""
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)


def read_docx(path: Path, data: bytes) -> Extract:
    """Reads a .docx file: one page per heading.

    Raises:
        EncryptedDocument: it needs a password.
        UnreadableDocument: it is damaged, or no .docx file.
    """
    import docx
    from docx.opc.exceptions import OpcError

    _check(path, data)
    try:
        document = docx.Document(BytesIO(data))
        pages, title = _pages(document)
        title = title or " ".join((document.core_properties.title or "").split())
    except (OpcError, *_DAMAGE) as error:
        raise UnreadableDocument(path, "it is not a valid Word file (.docx)") from error
    return Extract(clip(pages), {"title": title} if title else {})


def _check(path: Path, data: bytes) -> None:
    if data.startswith(_OLE):
        if _ENCRYPTED_STREAM in data:
            raise EncryptedDocument(path)
        raise UnreadableDocument(path, "it is an old Word file (.doc) under a new name")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        raise UnreadableDocument(path, "it is not a valid Word file (.docx)") from error
    if size > MAX_UNPACKED:
        raise UnreadableDocument(path, f"it unpacks to more than {MAX_UNPACKED // 1_000_000} MB")


def _pages(document: WordDocument) -> tuple[list[Page], str | None]:
    """One page per heading, and the text of the paragraph styled as the title."""
    from docx.table import Table

    headings = Headings()
    pages: list[Page] = []
    lines: list[str] = []
    title: str | None = None
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            lines += _rows(block)
            continue
        text = " ".join(block.text.split(" ")).strip()
        style = _style(block)
        level = _HEADING.match(style)
        if not text:
            continue
        if style.lower() == "title" and title is None:
            title = text
        elif level:
            pages.append(Page("\n".join(lines), section=headings.path))
            lines = []
            headings.enter(int(level[1]), " ".join(text.split()))
        else:
            lines.append(f"- {text}" if "list" in style.lower() else text)
    pages.append(Page("\n".join(lines), section=headings.path))
    return pages, title


def _style(paragraph: Paragraph) -> str:
    """The built-in name of a paragraph's style, which is English in every language's Word."""
    style = paragraph.style
    return (style.name or "") if style is not None else ""


def _rows(table: Table) -> list[str]:
    """Each row as one line; a cell that spans columns is said once."""
    lines = []
    for row in table.rows:
        cells = []
        last = None
        for cell in row.cells:
            if cell._tc is not last:
                cells.append(" ".join(cell.text.split()))
            last = cell._tc
        if any(cells):
            lines.append(" | ".join(cells))
    return lines
