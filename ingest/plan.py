"""What a run of `sync` has to do, told from folder and catalogue before anything is read."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Collection, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from ingest.catalogue import Catalogue, FileRecord
from ingest.errors import IngestError
from ingest.folder import FolderFile, Origin, files_in, unreadable
from ingest.ocr import available
from ingest.report import FileResult, Status

RECIPE: Final = 2
"""Raised when readers, splitting or screening change so that every file has to be read again."""
WITHOUT_OCR: Final = -RECIPE
"""The recipe of a file that has scanned pages, read where their text could not be recognised."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One file of the folder."""

    file: FolderFile
    content_hash: str
    known: FileRecord | None
    """What is remembered of it, or of the file that it was before it was moved."""
    moved: bool = False
    settled: bool = False
    """Whether there is nothing to do."""
    fault: IngestError | None = None
    """Why not even its bytes could be read."""

    def again(self, known: FileRecord) -> Planned:
        """The same file, to be read although it has not changed."""
        return replace(self, known=known, moved=False, settled=False)

    @property
    def status(self) -> Status:
        """What it will be, as far as can be told before it is read."""
        if self.fault or (self.settled and self.known and self.known.state != "indexed"):
            return "failed"
        if self.settled:
            return "unchanged"
        return "moved" if self.moved else "updated" if self.known else "added"


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole run."""

    files: tuple[Planned, ...]
    gone: tuple[FileRecord, ...]
    """Files that are no longer there, and were not moved."""


def check_root(root: Path) -> None:
    """Lets a folder pass that is there.

    Raises:
        IngestError: it is not.
    """
    if not root.is_dir():
        raise IngestError(
            f"There is no folder {root} to ingest.", remedy="Check the path and try again."
        )


def preview(
    root: Path, index_dir: Path, origin: Origin, *, retry: bool = False
) -> list[FileResult]:
    """What a run would do, as far as can be told without reading the files; nothing is written.

    Raises:
        IngestError: there is no folder `root`.
    """
    check_root(root)
    known = _remembered(index_dir)
    own = {path: record for path, record in known.items() if record.origin == origin}
    plan = make_plan(files_in(root, origin), own, retry=retry)
    gone = {record.path for record in plan.gone}
    held = {
        record.content_hash: record.document_id
        for record in known.values()
        if record.state == "indexed" and not record.duplicate_of and record.path not in gone
    }
    results = []
    for planned in plan.files:
        result = result_of(planned)
        twin = held.setdefault(planned.content_hash, planned.file.document_id)
        if result.status == "added" and twin != result.document_id:
            result = replace(result, status="duplicate", reason=f"It is the same as {twin}.")
        results.append(result)
    return results + [gone_result(record) for record in plan.gone]


def _remembered(index_dir: Path) -> dict[str, FileRecord]:
    """The catalogue's files, of whatever day it is, read from a copy."""
    if not Catalogue(index_dir).path.is_file():
        return {}
    with tempfile.TemporaryDirectory() as folder:
        copy = Catalogue(Path(folder))
        path = Catalogue(index_dir).path.absolute()
        # Without a write-ahead log nobody is writing; reading would make an empty one.
        busy = path.with_name(f"{path.name}-wal").exists()
        uri = f"{path.as_uri()}?{'mode=ro' if busy else 'immutable=1'}"
        with (
            closing(sqlite3.connect(uri, uri=True)) as source,
            closing(sqlite3.connect(copy.path)) as target,
        ):
            source.backup(target)
        copy.create()
        return copy.files()


def make_plan(
    files: list[FolderFile],
    known: Mapping[str, FileRecord],
    *,
    only: Collection[str] | None = None,
    lacking: Collection[str] = (),
    retry: bool = False,
) -> Plan:
    """Compares a folder with what is remembered of it.

    Args:
        files: of the folder, in order.
        known: what is remembered of its files, by path.
        only: the names that may have changed; None where all may have.
        lacking: paths of documents that have lost vectors.
        retry: whether files that failed are read again although nothing has changed.
    """
    there = {file.name for file in files}
    gone = {path: record for path, record in known.items() if path not in there}
    if only is not None:
        gone = {path: record for path, record in gone.items() if path in only}
    planned = []
    for file in files:
        record = known.get(file.name)
        if only is not None and record and file.name not in only:
            content, fault = record.content_hash, None
        else:
            content, fault = _content(file)
        moved = _moved(content, gone) if record is None and content else None
        if moved:
            del gone[moved.path]
        again = retry and (only is None or file.name in only)
        settled = (
            record is not None
            and _settled(record, file, content, again)
            and file.name not in lacking
        )
        planned.append(Planned(file, content, moved or record, moved is not None, settled, fault))
    return Plan(tuple(planned), tuple(gone.values()))


def result_of(planned: Planned) -> FileResult:
    """What can be said of a file without reading it."""
    file, known = planned.file, planned.known
    result = FileResult(file.name, planned.status, file.document_id)
    if planned.fault:
        fault = planned.fault
        return FileResult(
            file.name, "failed", file.document_id, 0, fault.message, fault.remedy, "failed"
        )
    if planned.settled and known:
        return FileResult(
            file.name,
            planned.status,
            file.document_id,
            reason=known.reason,
            remedy=known.remedy,
            state=known.state,
            version=known.version,
        )
    if planned.moved and known:
        return FileResult(file.name, "moved", file.document_id, moved_from=known.path)
    return result


def gone_result(record: FileRecord) -> FileResult:
    """What is said of a file that is gone."""
    return FileResult(record.path, "removed", record.document_id)


def _content(file: FolderFile) -> tuple[str, IngestError | None]:
    try:
        return file.content_hash(), None
    except IngestError as error:
        return "", error
    except OSError as error:
        return "", unreadable(file.path, error)


def _moved(content: str, gone: Mapping[str, FileRecord]) -> FileRecord | None:
    """The file of the same content that is no longer where it was."""
    return next((r for r in gone.values() if r.content_hash == content), None)


def _settled(record: FileRecord, file: FolderFile, content: str, retry: bool) -> bool:
    same = content != "" and record.content_hash == content
    done = record.recipe == RECIPE or (record.recipe == WITHOUT_OCR and not available())
    again = retry and record.state != "indexed"
    return same and done and not again and record.document_id == file.document_id
