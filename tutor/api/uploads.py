"""Files as they arrive: a form is read once the caller is known, piece by piece, onto the disk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from ingest import IngestError
from ingest.details import safe_name
from ingest.library import DocumentState
from tutor.api.document_schemas import Details
from tutor.documents import Documents, Job
from tutor.errors import InvalidRequest
from tutor.settings import Settings

FIELD = "files"
MIB = 1024 * 1024
_MAX_FIELD_BYTES = 4096
_ANYTHING = {"type": "string", "format": "binary"}
_FORM = {
    "type": "object",
    "required": [FIELD],
    "properties": {
        FIELD: {"type": "array", "items": _ANYTHING},
        **{name: {"type": "string"} for name in Details.model_fields},
    },
}
MULTIPART: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _FORM}}}
}
"""What a form looks like, for the description of the interface."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A form: files, and what is said of them."""

    files: tuple[UploadFile, ...]
    details: Mapping[str, str]


@asynccontextmanager
async def received(request: Request, settings: Settings) -> AsyncIterator[Sent]:
    """Reads a form; its files are closed at the end of the block.

    Raises:
        InvalidRequest: it is no form, has no file or too many.
        RequestValidationError: what is said of the files does not fit.
        UploadTooLarge: the whole request is larger than what is taken (raised by the guard).
    """
    try:
        form = await request.form(
            max_files=settings.max_upload_files,
            max_fields=len(Details.model_fields),
            max_part_size=_MAX_FIELD_BYTES,
        )
    except HTTPException as error:
        raise InvalidRequest(
            "The upload cannot be read as a form.",
            remedy=f"Send multipart/form-data with at most {settings.max_upload_files} files.",
        ) from error
    try:
        yield _sent(form)
    finally:
        await form.close()


def _sent(form: FormData) -> Sent:
    files = tuple(v for k, v in form.multi_items() if k == FIELD and isinstance(v, UploadFile))
    said = {k: v for k, v in form.multi_items() if not (k == FIELD and isinstance(v, UploadFile))}
    try:
        details = Details.model_validate({k: v for k, v in said.items() if v != ""}).said()
    except ValidationError as error:
        told = [{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors()]
        raise RequestValidationError(told) from error
    if not files:
        raise InvalidRequest("No file came with the upload.", remedy="Choose a file, then send it.")
    if len(files) > 1 and "title" in details:
        raise InvalidRequest(
            "A title was given for several files; nothing was stored.",
            remedy="Send the files without a title, or one at a time.",
        )
    return Sent(files, details)


def take(
    library: Documents,
    file: UploadFile,
    by: str,
    details: Mapping[str, str],
    settings: Settings,
    *,
    replaces: DocumentState | None = None,
    taken: set[str] | None = None,
) -> Job:
    """A job for one file; a failed one where the file cannot be taken.

    Args:
        library: what takes it.
        file: as it arrived.
        by: the account.
        details: what was said of it.
        settings: with the limit of a file.
        replaces: the document of which this is the next version; its name is kept.
        taken: the names of the request's files before this one, to which this one's is added.
    """
    shown = (file.filename or "?")[:100]
    size = file.size or 0
    if size == 0:
        return library.refuse(
            shown,
            by,
            "empty",
            "The file is empty.",
            "Look at it where it came from, and send it again.",
        )
    if size > settings.max_upload_mb * MIB:
        return library.refuse(
            shown,
            by,
            "too_large",
            f"The file is larger than {settings.max_upload_mb} MiB.",
            "Split it into smaller ones, or have whoever runs this service raise the limit.",
        )
    try:
        name = safe_name(replaces.path if replaces else file.filename or "")
    except IngestError as error:
        return library.refuse(shown, by, "unnamed", error.message, error.remedy)
    if taken is not None:
        if name.casefold() in taken:
            return library.refuse(
                shown,
                by,
                "same_name",
                "Another file of this upload has the same name.",
                "Give one of them another name; if it is a new version, send it afterwards.",
            )
        taken.add(name.casefold())
    return library.accept(file.file, name, by, details, replaces.document_id if replaces else None)
