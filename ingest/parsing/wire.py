"""What the two processes say to each other: frames of JSON, each behind its length.

Nothing that a reading process says is unpickled: it has read files of strangers.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from ingest import errors
from ingest.documents import Document, Page, Source
from ingest.errors import IngestError, NeedsOcr
from ingest.screening.runs import HiddenRun

HEADER: Final = struct.Struct(">Q")
Message = Mapping[str, Any]
_ERRORS: Final[dict[str, type[IngestError]]] = {
    name: value
    for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, IngestError)
}


class WireError(ValueError):
    """What came is no message of ours."""


def frame(message: Message) -> bytes:
    """A message with its length in front, 8 bytes, the highest first."""
    body = json.dumps(message, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return HEADER.pack(len(body)) + body


def message(body: bytes) -> Message:
    """The message in a frame's body.

    Raises:
        WireError: it is no JSON object.
    """
    try:
        loaded = json.loads(body.decode("utf-8", "replace"))
    except ValueError as error:
        raise WireError("it answered with something that is not JSON") from error
    if not isinstance(loaded, dict):
        raise WireError("it answered with something that is not a JSON object")
    return loaded


def document_message(document: Document) -> Message:
    """A document as a message."""
    return {"document": asdict(document)}


def document_of(values: Message) -> Document:
    """A document from the message's value.

    Raises:
        WireError: fields are missing or unknown, or of another type.
    """
    try:
        source = Source(**values["source"])
        pages = tuple(_page(page) for page in values["pages"])
        unread = tuple(int(number) for number in values["unread"])
        return Document(str(values["id"]), source, pages, str(values["content_hash"]), unread)
    except (KeyError, TypeError, ValueError) as error:
        raise WireError("it answered with something that is not a document") from error


def runs_of(values: Sequence[Message]) -> tuple[HiddenRun, ...]:
    """What a file holds and does not show, from the message's value.

    Raises:
        WireError: fields are missing or unknown.
    """
    try:
        return tuple(HiddenRun(**value) for value in values)
    except TypeError as error:
        raise WireError("it answered with something that is not hidden text") from error


def error_message(error: IngestError) -> Message:
    """An error as a message."""
    return {
        "error": {
            "class": type(error).__name__,
            "message": error.message,
            "remedy": error.remedy,
            "pages": error.pages if isinstance(error, NeedsOcr) else (),
        }
    }


def error_of(values: Message) -> IngestError:
    """The error that was meant, of the class that was named if it is one of ours.

    Raises:
        WireError: it names no error of ours.
    """
    cls = _ERRORS.get(str(values.get("class")))
    if cls is None:
        raise WireError("it answered with an error that is not known")
    # Each class makes its message from other arguments; the message is already made.
    error = cls.__new__(cls)
    IngestError.__init__(error, str(values.get("message")), remedy=str(values.get("remedy")))
    if isinstance(error, NeedsOcr):
        error.pages = tuple(values.get("pages", ()))
    return error


def _page(values: Message) -> Page:
    return Page(
        str(values["text"]),
        values["number"],
        values["label"],
        tuple(str(title) for title in values["section"]),
        bool(values["recognised"]),
    )
