"""Plain text in the encodings that clinicians' files really come in."""

from __future__ import annotations

import codecs
from pathlib import Path

from ingest.documents import Page
from ingest.errors import UnreadableDocument
from ingest.readers._extract import Extract, clip

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHINESE = (("gb18030", 0xB0, 0xD7), ("big5hkscs", 0xA4, 0xC6))
"""With the first bytes of the characters in everyday use, by which the two are told apart."""
_EVERYDAY = 0.5
"""Share of double-byte characters in everyday use below which a guess is not believed."""


def read_text(path: Path, data: bytes) -> Extract:
    """Reads a plain text file as one page.

    Raises:
        UnreadableDocument: it is not text, or in no encoding that is known.
    """
    return Extract(clip([Page(decode(path, data))]))


def decode(path: Path, data: bytes) -> str:
    """Bytes to text, line ends as on Unix: UTF-8, UTF-16 by its mark, GB 18030, Big5, cp1252.

    Raises:
        UnreadableDocument: it has NUL bytes, or is in no encoding that is known.
    """
    text = _decode(path, data)
    if "\x00" in text:
        raise UnreadableDocument(path, "it has NUL bytes, so it is not a text file")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode(path: Path, data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                reason = f"it is marked as {encoding} and is not"
                raise UnreadableDocument(path, reason) from error
    if b"\x00" in data:
        raise UnreadableDocument(path, "it has NUL bytes, so it is not a text file")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        encoding = _chinese(data) or "cp1252"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        reason = "its characters are in none of UTF-8, UTF-16, GB 18030, Big5 and Windows Western"
        raise UnreadableDocument(path, reason) from error


def _chinese(data: bytes) -> str:
    """The likelier of the Chinese encodings, or nothing where neither is likely."""
    scored = [(_everyday(data, name, low, high), name) for name, low, high in _CHINESE]
    share, encoding = max(scored)
    return encoding if share >= _EVERYDAY else ""


def _everyday(data: bytes, encoding: str, low: int, high: int) -> float:
    """Share of the double-byte characters that are in everyday use; -1 where decoding fails."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return -1.0
    firsts = [char.encode(encoding)[0] for char in text if ord(char) > 0x2E80]
    wide = sum(ord(char) > 0x7F for char in text)
    return sum(low <= first <= high for first in firsts) / wide if wide else 0.0
