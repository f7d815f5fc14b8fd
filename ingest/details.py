"""What people say of a document that they hand in, kept in a file beside it."""

from __future__ import annotations

import datetime as dt
import json
import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, get_args

from ingest.documents import LANGUAGES, Document, Kind, Source
from ingest.errors import IngestError

FIELDS: Final = (
    "title",
    "kind",
    "language",
    "jurisdiction",
    "issuer",
    "year",
    "url",
    "licence",
    "as_of",
)
_LONGEST: Final = 500
"""Characters of one detail."""
_NAME_BYTES: Final = 200
"""Of a file's name; file systems take 255, and the name of the file beside it is longer."""
SUFFIX: Final = ".details.json"
PART: Final = ".part"


@dataclass(frozen=True, slots=True)
class Details:
    """Who handed a document in, when, and what was said of it."""

    by: str | None = None
    at: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    """By the names in `FIELDS`."""

    @property
    def said(self) -> bytes:
        """What counts for whether a document has changed: not by whom it was handed in, or when."""
        return _json(self.values).encode() if self.values else b""

    @property
    def defaults(self) -> Source | None:
        """As what fills in for what a file does not say of itself."""
        return Source(**{"title": "", **self._fields}) if self.values else None

    def applied(self, document: Document) -> Document:
        """The document under these details: an educator's word goes before the file's own."""
        return replace(document, source=replace(document.source, **self._fields))

    @property
    def _fields(self) -> dict[str, Any]:
        values: dict[str, Any] = dict(self.values)
        if "year" in values:
            values["year"] = int(values["year"])
        return values


def checked(values: Mapping[str, str]) -> dict[str, str]:
    """The details that were given, without blanks.

    Raises:
        IngestError: one is unknown, too long, or not what its name promises.
    """
    given = {name: value.strip() for name, value in values.items() if value.strip()}
    for name, value in given.items():
        if fault := _fault(name, value):
            raise IngestError(
                f"The detail {name} of the document cannot be {value[:80]!r}.", remedy=fault
            )
    return given


def safe_name(name: str) -> str:
    """The name under which an upload is kept: without folders, not hidden, of bounded length.

    Raises:
        IngestError: nothing is left of it.
    """
    bare = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", maxsplit=1)[-1]
    shown = "".join(c for c in bare if unicodedata.category(c)[0] != "C")
    kept = " ".join(shown.split()).lstrip(".~$ ").rstrip(". ")
    stem, dot, suffix = kept.rpartition(".")
    if not kept or (dot and not stem):
        raise IngestError(
            f"The document cannot be kept under the name {name[:80]!r}.",
            remedy="Give the file a name with letters or digits, and hand it in again.",
        )
    if not dot:
        return _cut(kept, _NAME_BYTES)
    suffix = _cut(suffix, _NAME_BYTES // 2)
    return f"{_cut(stem, _NAME_BYTES - 1 - len(suffix.encode())).rstrip()}.{suffix}"


def details_path(path: Path) -> Path:
    """The file of details beside a document."""
    return path.with_name(f".{path.name}{SUFFIX}")


def read_details(path: Path) -> Details:
    """The details of the document at `path`; none where there is no file of them, or a torn one."""
    try:
        kept = json.loads(details_path(path).read_bytes())
        return Details(kept["by"], kept["at"], checked(kept["details"]))
    except FileNotFoundError:
        return Details()
    except (ValueError, KeyError, TypeError, AttributeError, IngestError):
        # It is ours, and written in one step: whatever stands there now, nobody said it.
        return Details()


def write_details(path: Path, details: Details) -> None:
    """Keeps the details of the document at `path`."""
    kept = {"by": details.by, "at": details.at, "details": dict(details.values)}
    write_whole(details_path(path), _json(kept).encode())


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file in one step: whoever reads it sees the old one or the new one."""
    part = path.with_name(f".{os.getpid()}{PART}")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _fault(name: str, value: str) -> str | None:
    """What to do instead; None where all is well."""
    if name not in FIELDS:
        return f"The details are {', '.join(FIELDS)}."
    if len(value) > _LONGEST:
        return f"Write it in at most {_LONGEST} characters."
    if name == "kind" and value not in get_args(Kind):
        return f"Its kinds are {', '.join(get_args(Kind))}."
    if name == "language" and value not in LANGUAGES:
        return f"Its languages are {', '.join(LANGUAGES)}."
    if name == "year" and not (value.isascii() and value.isdigit() and len(value) == 4):
        return "Write the year in four digits."
    if name == "url" and not value.startswith(("https://", "http://")):
        return "Write an address that begins with https:// or http://."
    if name == "as_of" and not _is_date(value):
        return "Write the date as 2026-11-25."
    return None


def _is_date(value: str) -> bool:
    try:
        return len(value) == 10 and bool(dt.date.fromisoformat(value))
    except ValueError:
        return False


def _cut(text: str, most: int) -> str:
    """The beginning of a text, of at most so many bytes."""
    return text.encode("utf-8", "replace")[:most].decode("utf-8", "ignore")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
