"""Documents that people hand in, beside the corpus folder: added, looked at, deleted, erased."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from ingest import erase
from ingest.catalogue import FileRecord
from ingest.details import (
    Details,
    checked,
    read_details,
    safe_name,
    write_details,
    write_whole,
)
from ingest.documents import Passage
from ingest.encoders import Encoder
from ingest.errors import IngestError
from ingest.folder import UPLOADS, remove_upload, unreadable
from ingest.history import Version
from ingest.legs import DenseLegs, open_legs
from ingest.parsing import ParsingProcess
from ingest.proof import IndexCheck, check_index, hits_of_removed, left_vectors, vectors_of
from ingest.report import FileResult, Progress, Status
from ingest.run import Run
from ingest.scan import leftovers, traces_of
from ingest.shelf import DocumentState, Shelf
from ingest.stages import Reader
from ingest.storage import only_writer, storage_faults

__all__ = [
    "DeletionProof",
    "DocumentState",
    "ErasureProof",
    "Library",
    "Upload",
    "Version",
]
_WAIT: Final = 1.0
"""Seconds for which another writer is waited for."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A document that somebody hands in."""

    name: str
    """Of the file; folders in it are dropped. The same name again is a new version."""
    data: bytes
    by: str
    details: Mapping[str, str] = field(default_factory=dict)
    """title, kind, language, jurisdiction, issuer, year, url, licence, as_of: all optional. They
    go before what the file says of itself."""


@dataclass(frozen=True, slots=True)
class DeletionProof:
    """That a deleted document is found no more."""

    document_id: str
    passages: int
    """That were removed."""
    searched: int
    """Searches that were made for them: each by its text, and by its vector in each leg."""
    found: int
    """Hits of those searches that were removed passages: 0."""
    left_vectors: int
    """Vectors of removed passages still in a store: 0."""
    at: str
    by: str | None


@dataclass(frozen=True, slots=True)
class ErasureProof:
    """That nothing of an erased document is in any file."""

    document_id: str
    passages: int
    """Of all its versions."""
    files: int
    """That were looked through, to the last byte."""
    bytes: int
    found: int
    """Places where its text, its ids or its vectors still stand: 0."""
    seconds: float
    at: str
    by: str | None
    looked_for: int = 0
    """Byte strings that were looked for in every file."""
    shared: int = 0
    """Byte strings that were not, because other documents hold them too."""


class Library(Shelf):
    """The uploads of an installation, in a folder of their own, and the states of all documents.

    Threads may share one; those that write take turns. `reader` reads the files, by default in a
    process of its own.
    """

    def __init__(
        self,
        folder: Path,
        index_dir: Path,
        encoder: Encoder,
        english: Encoder | None = None,
        *,
        reader: Reader | None = None,
        vectors_url: str | None = None,
    ) -> None:
        """Does not touch the disk."""
        super().__init__(index_dir)
        self.folder = folder
        self._encoders = (encoder, english)
        self._reader = reader
        self._vectors_url = vectors_url
        self._turn = threading.Lock()

    def add(self, upload: Upload, progress: Callable[[Progress], None] | None = None) -> FileResult:
        """Keeps a document and ingests it; one of the same name is superseded by it.

        A file that cannot be read is kept too, with its state and a remedy.

        Raises:
            IngestError: its name or details cannot be used; nothing was kept.
            IndexLocked: another process is writing.
            StorageFull: the disk is full.
        """
        safe = replace(upload, name=safe_name(upload.name), details=checked(upload.details))
        with self._writing(progress) as run:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._keep(safe)
            name = f"{UPLOADS}/{safe.name}"
            results = run.all_files(only={name}, retry=True)
        return next(result for result in results if result.path == name)

    def add_files(
        self,
        files: Mapping[Path, str],
        by: str,
        progress: Callable[[Progress], None] | None = None,
    ) -> list[FileResult]:
        """Takes copies of files, by their path with the name that each shall have, in one run.

        Raises:
            IngestError: a name cannot be used, or a file cannot be opened.
            IndexLocked: another process is writing.
            StorageFull: the disk is full.
        """
        names = {path: safe_name(name) for path, name in files.items()}
        with self._writing(progress) as run:
            self.folder.mkdir(parents=True, exist_ok=True)
            for path, name in names.items():
                self._keep(Upload(name, _data(path), by))
            taken = {f"{UPLOADS}/{name}" for name in names.values()}
            results = run.all_files(only=taken, retry=True)
        return [result for result in results if result.path in taken]

    def preview(self, files: Mapping[Path, str]) -> list[FileResult]:
        """What `add_files` would do, as far as can be told without reading the files."""
        results = []
        for path, name in files.items():
            own = self.folder / safe_name(name)
            held = _holds(own, _data(path), {})
            status: Status = "unchanged" if held else "updated" if own.exists() else "added"
            results.append(FileResult(f"{UPLOADS}/{own.name}", status))
        return results

    def delete(self, document_id: str, by: str | None = None) -> DeletionProof:
        """Removes an upload from the search, and searches for each of its passages again.

        Its file goes; what it said stays in its history, which is not searched.

        Raises:
            KeyError: there is none of that id.
            IngestError: it belongs to the corpus.
            IndexLocked: another process is writing.
        """
        with self._writing() as run:
            record = self._upload(document_id)
            passages = self._catalogue.passages(record.path)
            vectors = vectors_of(passages, run.legs)
            # The file first: what has no file is removed by the next run, should this one end.
            remove_upload(self._file(record.path))
            run.remove(record, by)
            run.all_files(only={record.path})
            run.legs.refresh()
            searched, found = hits_of_removed(passages, vectors, run.legs, self.index_dir)
            left = left_vectors(passages, run.legs)
        return DeletionProof(document_id, len(passages), searched, found, left, _now(), by)

    def erase(self, document_id: str, by: str | None = None) -> ErasureProof:
        """Removes a document and its history from every file, and looks for it in all of them.

        Also a document that was deleted before, or that has left the corpus, can be erased. A
        process that is cut short here leaves an index that can be searched, and the next one that
        writes completes the erasure.

        Raises:
            KeyError: there never was one of that id, or it is erased already.
            IngestError: its file is still in the corpus, or its vectors are kept by a server.
            IndexLocked: another process is writing.
        """
        started = time.perf_counter()
        with self._writing() as run:
            paths = self._paths(document_id)
            erase.folder_stores(run.legs)
            passages = self._ever_said(paths)
            files = tuple(self._file(path) for path in paths if path.startswith(f"{UPLOADS}/"))
            traces = traces_of(passages, vectors_of(passages, run.legs), files)
            erasure = erase.Erasure(tuple(paths), tuple(str(file.absolute()) for file in files))
            erase.note(self.index_dir, erasure)
            erase.forget(self.index_dir, erasure, run.legs)
            run.forget(paths)
            # What was the duplicate of this document is now to be searched itself.
            run.all_files(only=())
            erase.renew(self.index_dir, run.legs)
            scan, looked_for = leftovers(traces, self.index_dir, self.folder, run.legs)
        return ErasureProof(
            document_id,
            len(passages),
            scan.files,
            scan.size,
            scan.places,
            time.perf_counter() - started,
            _now(),
            by,
            looked_for,
            len(traces) - looked_for,
        )

    def verify(self) -> IndexCheck:
        """Counts what has no counterpart in another part of the index.

        Raises:
            IndexLocked: another process is writing, so that counts would mean nothing.
        """
        with self._writing() as run:
            return check_index(self.index_dir, run.legs)

    @contextmanager
    def _writing(self, progress: Callable[[Progress], None] | None = None) -> Iterator[Run]:
        with self._turn, storage_faults(self.index_dir), ExitStack() as stack:
            self.index_dir.mkdir(parents=True, exist_ok=True)
            stack.enter_context(only_writer(self.index_dir, wait=_WAIT))
            legs: DenseLegs = open_legs(self.index_dir, *self._encoders, self._vectors_url)
            stack.enter_context(closing(legs))
            stack.enter_context(self._catalogue.held())
            reader = self._reader or stack.enter_context(ParsingProcess())
            yield Run(self.folder, self.index_dir, legs, reader, UPLOADS, progress)

    def _keep(self, upload: Upload) -> None:
        """Writes an upload of a safe name and checked details, unless it is there already."""
        path = self.folder / upload.name
        if not _holds(path, upload.data, upload.details):
            write_details(path, Details(upload.by, _now(), upload.details))
            write_whole(path, upload.data)

    def _file(self, path: str) -> Path:
        return self.folder / path.removeprefix(f"{UPLOADS}/")

    def _upload(self, document_id: str) -> FileRecord:
        kept = self._catalogue.kept(document_id)
        if not kept:
            raise KeyError(document_id)
        if kept[0].record.origin != UPLOADS:
            raise _of_the_corpus(document_id)
        return kept[0].record

    def _paths(self, document_id: str) -> list[str]:
        """The paths under which a document is or was known."""
        present = {kept.record.path: kept.record for kept in self._catalogue.kept()}
        own = [path for path, record in present.items() if record.document_id == document_id]
        if any(present[path].origin != UPLOADS for path in own):
            raise _of_the_corpus(document_id)
        past = [p for p in self._catalogue.past_paths(document_id) if p not in present]
        if not own + past:
            raise KeyError(document_id)
        return own + past

    def _ever_said(self, paths: list[str]) -> list[Passage]:
        now = [passage for path in paths for passage in self._catalogue.passages(path)]
        return now + erase.past_passages(self._catalogue, paths)


def _holds(path: Path, data: bytes, values: Mapping[str, str]) -> bool:
    """Whether the very document is there already, with the same details."""
    return path.is_file() and path.read_bytes() == data and read_details(path).values == values


def _data(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error


def _of_the_corpus(document_id: str) -> IngestError:
    return IngestError(
        f"The document {document_id} belongs to the corpus folder.",
        remedy="Remove its file from that folder and run `maieutic ingest`; then it can be erased.",
    )


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
