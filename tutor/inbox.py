"""Uploads on their way into the library, kept on disk until the library has them.

An upload is acknowledged only once it lies here whole, so that neither a crash nor a restart loses
one: what is still here when the service starts is queued again. Folder names are made here and
never come from a client.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import BinaryIO

from ingest.details import safe_name

_DATA, _ABOUT = "data", "about.json"
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Waiting:
    """An upload that the library does not have yet."""

    id: str
    name: str
    by: str
    at: str
    """ISO 8601, UTC."""
    details: Mapping[str, str] = field(default_factory=dict)
    """What the educator said of the document, by name; what was left open is absent."""
    replaces: str | None = None
    """The document of which this is to be the next version."""


class Inbox:
    """A folder with a folder an upload."""

    def __init__(self, folder: Path) -> None:
        """Does not touch the disk; `put` does."""
        self.folder = folder

    def put(
        self,
        file: BinaryIO,
        name: str,
        by: str,
        details: Mapping[str, str],
        replaces: str | None = None,
    ) -> Waiting:
        """Stores an upload whole; it is on the disk when this returns.

        Args:
            file: its bytes, read to the end a piece at a time.
            name: as the client gave it; only its last part is kept.
            by: the account.
            details: what was said of the document.
            replaces: the id of the document that this replaces.

        Raises:
            IngestError: nothing is left of the name.
            OSError: the disk is full or cannot be written.
        """
        now = dt.datetime.now(dt.UTC)
        # The time in front keeps the order of arrival, which is the order of the queue.
        id_ = f"{now:%Y%m%d%H%M%S%f}-{uuid.uuid4().hex[:12]}"
        upload = Waiting(id_, safe_name(name), by, now.isoformat(), dict(details), replaces)
        draft = self.folder / f".{id_}"
        draft.mkdir(parents=True)
        try:
            with (draft / _DATA).open("wb") as target:
                shutil.copyfileobj(file, target, _CHUNK)
                target.flush()
                os.fsync(target.fileno())
            about = json.dumps(asdict(upload), ensure_ascii=False)
            (draft / _ABOUT).write_text(about, encoding="utf-8")
            draft.rename(self.folder / id_)
        finally:
            # Not there any more once it has its name.
            shutil.rmtree(draft, ignore_errors=True)
        return upload

    def waiting(self) -> list[Waiting]:
        """What is here, in the order of arrival; a half-written upload of a crash is removed."""
        if not self.folder.is_dir():
            return []
        found = []
        for folder in sorted(self.folder.iterdir()):
            if folder.name.startswith("."):
                shutil.rmtree(folder)
            else:
                about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
                found.append(Waiting(**about))
        return found

    def data(self, upload: Waiting) -> bytes:
        """The bytes of an upload."""
        return (self.folder / upload.id / _DATA).read_bytes()

    def done(self, upload: Waiting) -> None:
        """Removes an upload that the library has, or has refused."""
        shutil.rmtree(self.folder / upload.id)
