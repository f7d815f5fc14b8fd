"""Plain text in the encodings that clinicians' files really come in."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from ingest.documents import Page
from ingest.errors import UnreadableDocument
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.readers._extract import Extract, within

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHINESE = (("gb18030", 0xB0, 0xD7), ("big5hkscs", 0xA4, 0xC6))
"""With the first bytes of the characters in everyday use, by which the two are told apart."""
_SHORTEST_UNMARKED = 8
_USUAL = re.compile(r"[\t\n\r -~\u00a0-\u024f\u2010-\u2027\u3000-\u30ff\u4e00-\u9fff\uff01-\uff5e]")
_USUAL_SHARE = 0.98
_MARKING = frozenset(" \n.,\u3002\uff0c\u3001")
_DAMAGED_SHARE = 0.05
"""Of the characters outside ASCII."""
_SYLLABLES = 0.15
"""Share of hiragana below which a text is not Japanese."""
_EVERYDAY = 0.5
"""Share of double-byte characters in everyday use below which a guess is not believed."""


def read_text(path: Path, data: bytes, limits: Limits = DEFAULT_LIMITS) -> Extract:
    """Reads a plain text file as one page.

    Raises:
        UnreadableDocument: it is not text, or in no encoding that is known.
    """
    return Extract(within(path, [Page(decode(path, data))], limits))


def decode(path: Path, data: bytes) -> str:
    """Bytes to text, line ends as on Unix.

    UTF-8, UTF-16 with its mark or without, GB 18030, Big5, Shift-JIS, EUC-JP, cp1252. A few
    bytes that are damaged in a text that is UTF-8 otherwise become U+FFFD.

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
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if text and "\x00" not in text:
        return text
    if wide := _without_mark(data):
        return wide
    if b"\x00" in data:
        raise UnreadableDocument(path, "it has NUL bytes, so it is not a text file")
    if mended := _mended(data):
        return mended
    encoding = _japanese(data) or _chinese(data) or "cp1252"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        reason = "its characters are in none of UTF-8, UTF-16, GB 18030, Big5 and Windows Western"
        raise UnreadableDocument(path, reason) from error


def _without_mark(data: bytes) -> str:
    """The text of UTF-16 that does not say so, or nothing where it is not that."""
    if len(data) % 2 or len(data) < _SHORTEST_UNMARKED:
        return ""
    found = ""
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        usual = sum(_USUAL.match(char) is not None for char in text)
        # Two bytes of another encoding can make a Chinese character, and hardly a full stop.
        marked = any(char in _MARKING for char in text)
        if usual >= _USUAL_SHARE * len(text) and marked:
            found = text
    return found


def _mended(data: bytes) -> str:
    """UTF-8 with a few damaged bytes, or nothing where those are not few."""
    text = data.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    whole = sum(char > "\x7f" for char in text) - damaged
    return text if damaged <= _DAMAGED_SHARE * whole else ""


def _japanese(data: bytes) -> str:
    """The Japanese encoding in which the text has the syllables of every sentence, or nothing."""
    for encoding in ("cp932", "euc_jp"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        wide = sum(char > "\x7f" for char in text)
        if sum("\u3041" <= char <= "\u3096" for char in text) > _SYLLABLES * wide:
            return encoding
    return ""


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
