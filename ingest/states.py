"""The one state that each file ends in, for whoever reports on files."""

from __future__ import annotations

from typing import Final, Literal, get_args

from ingest.errors import EncryptedDocument, IngestError, NeedsOcr, UnsupportedDocument

FileState = Literal["indexed", "needs_ocr", "encrypted", "unsupported", "failed"]
FILE_STATES: Final[tuple[FileState, ...]] = get_args(FileState)


def state_of(error: IngestError) -> FileState:
    """The state of a file that ended in an error; the reason is the error's message."""
    if isinstance(error, NeedsOcr):
        return "needs_ocr"
    if isinstance(error, EncryptedDocument):
        return "encrypted"
    if isinstance(error, UnsupportedDocument):
        return "unsupported"
    return "failed"
