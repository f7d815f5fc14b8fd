"""Saved web pages: the article without its surroundings, headings as sections."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import EmptyDocument
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.readers._extract import Extract, within
from ingest.readers.markdown import markdown_pages
from ingest.readers.text import decode

if TYPE_CHECKING:
    from trafilatura.settings import Document as WebMetadata

_DAMAGED = 0.001
"""Share of characters."""
_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?\s*([a-zA-Z0-9_\-]+)", re.IGNORECASE)


def read_html(path: Path, data: bytes, limits: Limits = DEFAULT_LIMITS) -> Extract:
    """Reads a saved web page: one page per heading.

    Raises:
        UnreadableDocument: it is no text.
        EmptyDocument: no article was found in it.
    """
    import trafilatura

    # It says in the log of each page what it leaves out, which is most of a page.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    html = _text(path, data)
    markdown = trafilatura.extract(
        html,
        output_format="markdown",
        include_comments=False,
        include_tables=True,
        favor_recall=True,
    )
    # A short page has nothing that looks like an article, and its paragraphs are all there is.
    text = markdown or trafilatura.baseline(html)[1]
    if not text:
        raise EmptyDocument(path, "no article was found in the page")
    pages, _ = markdown_pages(text)
    return Extract(within(path, pages, limits), _fields(trafilatura.extract_metadata(html)))


def _text(path: Path, data: bytes) -> str:
    """Decoded as the page itself says, where it says so truly."""
    stated = _CHARSET.search(data[:4096])
    if stated and b"\x00" not in data:
        try:
            text = data.decode(stated[1].decode("ascii"), "replace")
        except LookupError:
            return decode(path, data)
        # A few damaged bytes do not make the page's word untrue.
        if text.count("\ufffd") <= _DAMAGED * len(text):
            return text
    return decode(path, data)


def _fields(metadata: WebMetadata | None) -> dict[str, object]:
    if metadata is None:
        return {}
    found = {
        "title": metadata.title,
        "issuer": metadata.sitename,
        "url": metadata.url,
        "year": (metadata.date or "")[:4],
    }
    return {name: value for name, value in found.items() if value}
