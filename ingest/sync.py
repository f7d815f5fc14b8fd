"""Makes the index say what a folder says, doing only the work that changes ask for.

The order of writes makes a run that is killed at any point harmless: vectors first, then the
catalogue row that makes them count, then the removal of vectors that no row names. The next run
removes what was left over and does again what was not committed.
"""

from __future__ import annotations

import errno
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from ingest.catalogue import Catalogue, FileRecord
from ingest.documents import Document, Passage
from ingest.encoders import Encoder
from ingest.errors import IngestError, UnreadableDocument
from ingest.legs import DenseLegs, open_legs
from ingest.readers import content_hash, document_id, read_document
from ingest.report import FileResult, Progress, Status, SyncReport
from ingest.snapshot import LEXICAL_FILE, build_lexical, load_lexical
from ingest.split import split
from ingest.storage import only_writer, storage_faults

RECIPE = 1
"""Raised when readers or splitting change so that every file has to be read again."""
_NOT_TAUGHT = ("readme", "notice", "license", "licence", "changelog", "terminology")
"""Files about a corpus, by the start of their names, that are no part of it."""
_SOURCES = "src"
"""A folder of this name holds what other files of the corpus are made from."""


def sync(
    root: Path,
    index_dir: Path,
    encoder: Encoder,
    *,
    english: Encoder | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> SyncReport:
    """Ingests what is new or changed under `root`, and forgets what is gone.

    A file that fails is reported and does not stop the others; what an earlier version of it said
    is no longer found. Passages in English are embedded by `english` too, where it is given.

    Raises:
        IndexLocked: another process is writing.
        IndexMismatch: the index was made with another encoder.
        StorageFull: the disk is full.
        IngestError: there is no folder `root`; an index is never emptied by a mistyped path.
    """
    started = time.perf_counter()
    if not root.is_dir():
        raise IngestError(
            f"There is no folder {root} to ingest.", remedy="Check the path and try again."
        )
    with storage_faults(index_dir):
        index_dir.mkdir(parents=True, exist_ok=True)
        with only_writer(index_dir), closing(open_legs(index_dir, encoder, english)) as legs:
            run = _Run(root, index_dir, legs, progress or (lambda _: None))
            results = run.all_files()
    return SyncReport(tuple(results), run.embedded, time.perf_counter() - started)


def files_under(root: Path) -> list[Path]:
    """Files to be ingested, in order: no hidden ones, none that only describe the corpus."""
    return [path for path in sorted(root.rglob("*")) if path.is_file() and _is_taught(path, root)]


def _is_taught(path: Path, root: Path) -> bool:
    parts = path.relative_to(root).parts
    hidden = any(part.startswith((".", "~$")) for part in parts)
    return not (hidden or _SOURCES in parts[:-1] or path.name.lower().startswith(_NOT_TAUGHT))


class _Run:
    """One run of `sync`, inside the writer's lock."""

    def __init__(
        self,
        root: Path,
        index_dir: Path,
        legs: DenseLegs,
        progress: Callable[[Progress], None],
    ) -> None:
        self.root = root
        self.legs = legs
        self.progress = progress
        self.embedded = 0
        self.catalogue = Catalogue(index_dir)
        self.catalogue.create()
        self.lexical = index_dir / LEXICAL_FILE

    def all_files(self) -> list[FileResult]:
        known = self._reconciled()
        paths = files_under(self.root)
        results = []
        for done, path in enumerate(paths):
            name = path.relative_to(self.root).as_posix()
            report = _Reporter(self.progress, done, len(paths), name)
            results.append(self._file(path, name, known.pop(name, None), report))
            self.progress(Progress(done + 1, len(paths), name, 1.0))
        results += [self._gone(record) for record in known.values()]
        self._publish()
        return results

    def _reconciled(self) -> dict[str, FileRecord]:
        """The catalogue's files of which every passage has a vector; other vectors are removed."""
        vectors = self.legs.ids()
        whole: dict[str, FileRecord] = {}
        named: set[str] = set()
        for path, record in self.catalogue.files().items():
            passages = self.catalogue.passages(path)
            named |= {passage.id for passage in passages}
            if self.legs.lacking(passages, vectors):
                self.catalogue.remove(path)
            else:
                whole[path] = record
        self.legs.delete(sorted(set().union(*vectors.values()) - named))
        return whole

    def _file(
        self, path: Path, name: str, known: FileRecord | None, report: _Reporter
    ) -> FileResult:
        report.share(0.0)
        try:
            expected = FileRecord(name, document_id(path, self.root), content_hash(path), RECIPE)
            if known == expected:
                return FileResult(name, "unchanged", known.document_id)
            document = read_document(path, root=self.root)
            passages = split(document)
        except IngestError as error:
            self._forget(known)
            return FileResult(name, "failed", reason=error.message, remedy=error.remedy)
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise
            self._forget(known)
            gone = UnreadableDocument(path, error.strerror or "it cannot be opened")
            return FileResult(name, "failed", reason=gone.message, remedy=gone.remedy)
        self._store(name, document, passages, report)
        status: Status = "updated" if known else "added"
        return FileResult(name, status, document.id, len(passages))

    def _store(
        self, name: str, document: Document, passages: list[Passage], report: _Reporter
    ) -> None:
        before = {passage.id: passage for passage in self.catalogue.passages(name)}
        new = [passage for passage in passages if before.get(passage.id) != passage]
        for done in self.legs.store(new):
            report.share(done / len(new))
        self.embedded += len(new)
        self.catalogue.put(name, document, passages, recipe=RECIPE)
        self.legs.delete(sorted(before.keys() - {passage.id for passage in passages}))

    def _gone(self, record: FileRecord) -> FileResult:
        self._forget(record)
        return FileResult(record.path, "removed", record.document_id)

    def _forget(self, record: FileRecord | None) -> None:
        if record is None:
            return
        ids = sorted(passage.id for passage in self.catalogue.passages(record.path))
        self.catalogue.remove(record.path)
        self.legs.delete(ids)

    def _publish(self) -> None:
        """Writes the lexical index of what is in the catalogue, then tells the readers."""
        generation = self.catalogue.generation()
        if self.catalogue.is_dirty() or load_lexical(self.lexical, generation) is None:
            generation += 1
            build_lexical(self.catalogue.passages(), generation).save(self.lexical)
            self.catalogue.publish(generation)


class _Reporter:
    """Reports how much of one file is done."""

    def __init__(
        self, progress: Callable[[Progress], None], done: int, total: int, name: str
    ) -> None:
        self._progress = progress
        self._place = (done, total, name)

    def share(self, share: float) -> None:
        self._progress(Progress(*self._place, share))
