"""A short piece of what was found, which does not spread what it found."""

from __future__ import annotations

from ingest.screening.findings import mask, shorten
from ingest.screening.personal import find_personal

_READ = 400
"""Characters that are looked at; the rest of a long place is cut off unread."""


def excerpt(text: str, *, personal: bool = False) -> str:
    """A text in one line, without control characters, and with personal data masked.

    Args:
        text: what was found.
        personal: all of it is personal data.
    """
    text = text[:_READ]
    if personal:
        masked = mask(text)
    else:
        parts: list[str] = []
        end = 0
        for span in find_personal(text):
            parts += [text[end : span.start], mask(text[span.start : span.end])]
            end = span.end
        masked = "".join([*parts, text[end:]])
    return shorten("".join(c if c.isprintable() else " " for c in masked))
