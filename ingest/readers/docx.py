"""Word files: headings as sections, tables as lines of `a | b`.

A footnote follows the paragraph that refers to it, on a line of its own; text that is hidden in
comments or was deleted under tracking is left out, and so are headers and footers of pages.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO
from pathlib import Path
from struct import error as StructError
from typing import TYPE_CHECKING

from ingest.documents import Page
from ingest.errors import EncryptedDocument, ParsingTooLarge, UnreadableDocument
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.readers._extract import Extract, Headings, within
from ingest.readers._wordml import (
    W,
    blocks,
    is_listed,
    outline_level,
    paragraph,
    rows,
    style_id,
)

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""An encrypted .docx, like an old .doc, is no zip file but an OLE container."""
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_PARAGRAPH = 1
"""Word's number for styles of paragraphs."""
MAX_UNPACKED = 300_000_000
"""Bytes: a file that unpacks to more than this was made to do harm."""
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    RuntimeError,
    StructError,
    SyntaxError,
    TypeError,
    ValueError,
)
"""What zipfile, lxml and python-docx let through when a part is damaged or missing.

SyntaxError is lxml's for XML that is none, RuntimeError zipfile's for a part with a password.
"""
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)


def read_docx(path: Path, data: bytes, limits: Limits = DEFAULT_LIMITS) -> Extract:
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
    return Extract(within(path, pages, limits), {"title": title} if title else {})


def _check(path: Path, data: bytes) -> None:
    if data.startswith(_OLE):
        if _ENCRYPTED_STREAM in data:
            raise EncryptedDocument(path)
        raise UnreadableDocument(path, "it is an old Word file (.doc) under a new name")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except _DAMAGE as error:
        raise UnreadableDocument(path, "it is not a valid Word file (.docx)") from error
    if size > MAX_UNPACKED:
        raise ParsingTooLarge(path, f"it unpacks to more than {MAX_UNPACKED // 1_000_000} MB")


def _pages(document: WordDocument) -> tuple[list[Page], str | None]:
    """One page per heading, and the text of the paragraph styled as the title."""
    styles = _styles(document)
    notes = {kind: _notes(document, kind) for kind in ("footnote", "endnote")}
    headings = Headings()
    pages: list[Page] = []
    lines: list[str] = []
    title: str | None = None
    for block in blocks(document.element.body):
        if block.tag == f"{W}tbl":
            lines += [" | ".join(cells) for cells in rows(block) if any(cells)]
            continue
        said = paragraph(block)
        text = said.text.strip()
        style, level = styles.get(style_id(block), ("", None))
        level = outline_level(block.find(f"{W}pPr")) or level
        if text and style.lower() == "title" and title is None:
            title = text
        elif text and level:
            pages.append(Page("\n".join(lines), section=headings.path))
            lines = []
            headings.enter(level, " ".join(text.split()))
        elif text:
            listed = "list" in style.lower() or is_listed(block)
            lines.append(f"- {text}" if listed else text)
        lines += said.boxes
        lines += [
            f"[{number}] {notes[kind][number]}"
            for kind, number in said.notes
            if notes[kind].get(number)
        ]
    pages.append(Page("\n".join(lines), section=headings.path))
    return pages, title


def _styles(document: WordDocument) -> dict[str, tuple[str, int | None]]:
    """By id, the name of each style and the level of heading it gives, by name or by outline.

    The built-in names are English in every language's Word.
    """
    found: dict[str, tuple[str, int | None]] = {}
    for style in document.styles:
        name = style.name or ""
        named = _HEADING.match(name)
        level = int(named[1]) if named else outline_level(style.element.find(f"{W}pPr"))
        default = style.element.get(f"{W}default") == "1" and style.type == _PARAGRAPH
        found[style.style_id] = (name, level)
        if default:
            found[""] = (name, level)
    return found


def _notes(document: WordDocument, kind: str) -> dict[str, str]:
    """The footnotes or endnotes of a file by id, each on one line."""
    from docx.opc.oxml import parse_xml

    for part in document.part.package.iter_parts():
        if part.partname.endswith(f"/{kind}s.xml"):
            root = parse_xml(part.blob)
            return {
                note.get(f"{W}id", ""): " ".join(
                    text for block in blocks(note) if (text := paragraph(block).text.strip())
                )
                for note in root.iterchildren(f"{W}{kind}")
                if note.get(f"{W}type") is None
            }
    return {}
