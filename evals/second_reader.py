"""Other programs' readings of files, to compare ours with: pdfminer.six, plain XML, plain HTML."""

from __future__ import annotations

import logging
import re
import zipfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_TOKEN = re.compile(r"[^\W_\u2e80-\uffff]+|[\u2e80-\uffff]")
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NOISE = ("script", "style", "noscript", "template", "nav", "footer", "header", "aside", "form")


def second_reading(path: Path) -> str | None:
    """The text of a file by another reader; None where there is none, or it cannot read it."""
    readers = {".pdf": _pdf, ".docx": _docx, ".html": _html, ".htm": _html}
    reader = readers.get(path.suffix.lower())
    return reader(path) if reader else None


def tokens(text: str) -> Counter[str]:
    """Words in small letters, and each Chinese or Japanese character."""
    return Counter(_TOKEN.findall(text.casefold()))


def recall(ours: str, theirs: str) -> float:
    """Share of their tokens, each as often as it comes, that ours has; 1 where they have none."""
    wanted = tokens(theirs)
    return (wanted & tokens(ours)).total() / wanted.total() if wanted else 1.0


def _pdf(path: Path) -> str | None:
    from pdfminer.high_level import extract_text
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfminer.pdfexceptions import PDFException
    from pdfminer.psexceptions import PSException

    # It reports each fault that it repairs, and ours are what is asked about.
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    try:
        return str(extract_text(path))
    except (PDFException, PDFPasswordIncorrect, PSException, ValueError, TypeError):
        return None


def _docx(path: Path) -> str | None:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        with zipfile.ZipFile(path) as archive:
            root = etree.fromstring(archive.read("word/document.xml"), parser)
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError):
        return None
    paragraphs = (_paragraph(paragraph) for paragraph in root.iter(f"{_WORD}p"))
    return "\n".join(paragraphs)


def _paragraph(paragraph: _Element) -> str:
    return "".join(text.text or "" for text in paragraph.iter(f"{_WORD}t"))


def _html(path: Path) -> str | None:
    from lxml import etree, html

    try:
        root = html.fromstring(path.read_bytes())
    except (etree.ParserError, ValueError):
        return None
    for noise in list(root.iter(*_NOISE)):
        noise.drop_tree()
    return "\n".join(item.text_content() for item in root.iter("p", "h1", "h2", "h3", "h4"))
