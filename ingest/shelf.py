"""What became of every file that was ingested: for reading, without encoders or a lock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.catalogue import Catalogue, Kept
from ingest.documents import Source
from ingest.duplicates import Duplicate
from ingest.folder import Origin
from ingest.history import Version
from ingest.screening import Finding
from ingest.states import FileState
from ingest.storage import storage_faults


@dataclass(frozen=True, slots=True)
class DocumentState:
    """One file, whatever became of it."""

    document_id: str
    path: str
    """Under the corpus folder; of an upload behind `uploads/`."""
    origin: Origin
    state: FileState
    reason: str | None
    """Why it is not indexed, a sentence."""
    remedy: str | None
    source: Source | None
    """None where the file could not be read."""
    pages: int | None
    """None for a format without pages."""
    unread: tuple[int, ...]
    """Pages, from 1, that hold something and could not be read."""
    passages: int
    """0 for the exact duplicate of another document, which is searched in its place."""
    content_hash: str
    version: int
    """From 1; 0 where the file could never be opened."""
    by: str | None
    at: str
    """ISO, UTC: when this version came."""
    findings: tuple[Finding, ...]
    duplicates: tuple[Duplicate, ...]


class Shelf:
    """The documents of corpus and uploads, to be looked at."""

    def __init__(self, index_dir: Path) -> None:
        """Does not touch the disk."""
        self.index_dir = index_dir
        self._catalogue = Catalogue(index_dir)

    def states(self) -> list[DocumentState]:
        """Every file of corpus and uploads, by path; none before the first is ingested."""
        return self._states(None)

    def state(self, document_id: str) -> DocumentState:
        """One document.

        Raises:
            KeyError: there is none of that id.
        """
        found = self._states(document_id)
        if not found:
            raise KeyError(document_id)
        return found[0]

    def versions(self, document_id: str) -> list[Version]:
        """All versions of a document, the first one first; also of one that is deleted.

        Raises:
            KeyError: there never was one of that id, or it is erased.
        """
        with storage_faults(self.index_dir):
            found = self._catalogue.versions(document_id) if self._exists() else []
        if not found:
            raise KeyError(document_id)
        return found

    def _exists(self) -> bool:
        return self._catalogue.path.is_file()

    def _states(self, document_id: str | None) -> list[DocumentState]:
        if not self._exists():
            return []
        with storage_faults(self.index_dir):
            kept = self._catalogue.kept(document_id)
            near = self._catalogue.near()
            ids = {path: record.document_id for path, record in self._catalogue.files().items()}
        return [_state(each, near.get(each.record.path, {}), ids) for each in kept]


def _state(kept: Kept, near: Mapping[str, float], ids: Mapping[str, str]) -> DocumentState:
    record = kept.record
    duplicates = [
        Duplicate(ids[path], similarity, "near")
        for path, similarity in sorted(near.items(), key=lambda item: (-item[1], item[0]))
        if path in ids
    ]
    if record.duplicate_of and record.duplicate_of in ids:
        duplicates.insert(0, Duplicate(ids[record.duplicate_of], 1.0, "exact"))
    return DocumentState(
        record.document_id,
        record.path,
        record.origin,
        record.state,
        record.reason,
        record.remedy,
        kept.source,
        kept.pages,
        kept.unread,
        kept.passages,
        record.content_hash,
        record.version,
        kept.by,
        kept.at,
        kept.findings,
        tuple(duplicates),
    )
