"""One run over a folder by the holder of the write lock: what `sync` and the library do."""

from __future__ import annotations

import datetime as dt
import errno
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from ingest.catalogue import Catalogue, FileRecord, Outcome
from ingest.documents import Passage
from ingest.duplicates import text_hash
from ingest.erase import resume
from ingest.errors import IngestError, NeedsOcr
from ingest.folder import Origin, files_in, tidy_uploads, unreadable
from ingest.legs import BATCH, DenseLegs
from ingest.likeness import Likeness
from ingest.ocr import available
from ingest.plan import (
    RECIPE,
    WITHOUT_OCR,
    Plan,
    Planned,
    gone_result,
    make_plan,
    result_of,
)
from ingest.report import FileResult, Progress, Status
from ingest.snapshot import LEXICAL_FILE, build_lexical, load_lexical
from ingest.split import embedding_text
from ingest.stages import Made, Reader, Task, read_stage
from ingest.states import state_of

Tell = Callable[[Progress], None]
Ahead = Callable[[Sequence[Task]], Callable[[Task], Made]]
"""Is told what will be read, and gives what reads it."""
_Read = Made | IngestError | None
"""What became of the reading of a file; None where it need not be read."""


class Run:
    """One run over a folder, by the holder of the write lock."""

    def __init__(
        self,
        root: Path,
        index_dir: Path,
        legs: DenseLegs,
        reader: Reader,
        origin: Origin,
        progress: Tell | None = None,
        ahead: Ahead | None = None,
    ) -> None:
        """Completes what a run has left undone; the catalogue is there and held open."""
        self.root = root
        self.origin = origin
        self.legs = legs
        self._ahead = ahead
        self._make: Callable[[Task], Made] = partial(read_stage, reader=reader)
        self.embedded = 0
        self.catalogue = Catalogue(index_dir)
        resume(index_dir, legs)
        self.tell = progress or (lambda _: None)
        self._lexical = index_dir / LEXICAL_FILE
        self._likeness = Likeness(self.catalogue)
        self._lacking: set[str] = set()

    def all_files(
        self, *, only: Collection[str] | None = None, retry: bool = False
    ) -> list[FileResult]:
        """Brings the index in line with the folder, or with those of its files that are named."""
        if self.origin == "uploads":
            tidy_uploads(self.root)
        self._reconcile()
        plan = self._plan(only, retry)
        if self._ahead:
            self._make = self._ahead([_task(p) for p in plan.files if not (p.settled or p.fault)])
        results = [self._gone(record) for record in plan.gone]
        done = self._files(plan.files)
        renewed = {each.path: each for each in self._files(self._bereaved(plan))}
        self._publish()
        return [renewed.get(result.path, result) for result in done] + results

    def remove(self, record: FileRecord, by: str | None) -> list[str]:
        """Forgets a file, keeping its history; returns the ids of its passages."""
        ids = sorted(passage.id for passage in self.catalogue.passages(record.path))
        self.catalogue.remove(record.path, _now(), by)
        self._likeness.forget(record.path)
        self._drop(ids)
        return ids

    def forget(self, paths: Collection[str]) -> None:
        """Notes that files were erased from the catalogue."""
        for path in paths:
            self._likeness.forget(path)

    def _plan(self, only: Collection[str] | None, retry: bool) -> Plan:
        own = {p: r for p, r in self.catalogue.files().items() if r.origin == self.origin}
        files = files_in(self.root, self.origin)
        return make_plan(files, own, only=only, lacking=self._lacking, retry=retry)

    def _reconcile(self) -> None:
        """Finds the documents that lack vectors, and removes vectors that belong to none."""
        vectors = self.legs.ids()
        languages = self.catalogue.languages()
        for path, passages in languages.items():
            if any(self.legs.lacking(passages, vectors).values()):
                self._lacking.add(path)
        named = set().union(*languages.values())
        self.legs.delete(sorted(set().union(*vectors.values()) - named))

    def _files(self, files: Sequence[Planned]) -> list[FileResult]:
        teller = _Teller(self, files)
        done = []
        for window in self._windows(files, teller):
            self._embed_together(window)
            for planned, read in window:
                done.append(self._stored(planned, read, teller))
                teller.finished(planned)
            self._drop(sorted(self.legs.prepared))
        return done

    def _windows(
        self, files: Sequence[Planned], teller: _Teller
    ) -> Iterator[list[tuple[Planned, _Read]]]:
        """Reads files until there are enough passages to keep an encoder busy, then the next."""
        window: list[tuple[Planned, _Read]] = []
        waiting = 0
        for planned in files:
            teller.say(planned, 0.0)
            read = self._read(planned)
            window.append((planned, read))
            waiting += len(read.passages) if isinstance(read, Made) else 0
            # What a cluster embeds comes one by one.
            if waiting >= BATCH or self._ahead:
                yield window
                window, waiting = [], 0
        if window:
            yield window

    def _embed_together(self, window: Sequence[tuple[Planned, _Read]]) -> None:
        """Embeds the passages of several small files in one go, which saves half of the time."""
        small = [
            (planned, read)
            for planned, read in window
            if isinstance(read, Made) and len(read.passages) < BATCH
        ]
        if len(small) < 2 or self._ahead:
            self.legs.prepare(())
            return
        new: dict[str, Passage] = {}
        for planned, made in small:
            old = self._known_passages(planned)
            known = {embedding_text(p) for p in old} if not self._is_lacking(planned) else set()
            new |= {t: p for p in made.passages if (t := embedding_text(p)) not in known}
        self.legs.prepare(list(new.values()))

    def _read(self, planned: Planned) -> _Read:
        if planned.settled:
            return None
        if planned.fault:
            return planned.fault
        try:
            return self._make(_task(planned))
        except IngestError as error:
            return error
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise
            return unreadable(planned.file.path, error)

    def _stored(self, planned: Planned, read: _Read, teller: _Teller) -> FileResult:
        if read is None:
            return self._settled(planned)
        if isinstance(read, IngestError):
            return self._refused(planned, read)
        return self._store(planned, read, teller)

    def _is_lacking(self, planned: Planned) -> bool:
        return planned.file.name in self._lacking

    def _known_passages(self, planned: Planned) -> list[Passage]:
        """What is searched of a file as it was until now."""
        return self.catalogue.passages(planned.known.path) if planned.known else []

    def _settled(self, planned: Planned) -> FileResult:
        result = result_of(planned)
        twin = planned.known.duplicate_of if planned.known else None
        return replace(result, duplicates=self._likeness.exact(twin)) if twin else result

    def _refused(self, planned: Planned, error: IngestError) -> FileResult:
        """Remembers why a file cannot be searched, and forgets what an earlier version said."""
        known, file = planned.known, planned.file
        scans = isinstance(error, NeedsOcr) and not available()
        record = replace(
            _record(planned, scans=scans),
            state=state_of(error),
            reason=error.message,
            remedy=error.remedy,
        )
        version = known.version if known else 0
        if known is None or record != replace(known, version=0):
            old = self._known_passages(planned)
            details = file.details
            outcome = Outcome(
                record,
                details.at or _now(),
                details.by,
                unread=error.pages if isinstance(error, NeedsOcr) else (),
            )
            moved = known.path if known and planned.moved else None
            version = self.catalogue.put(outcome, moved_from=moved)
            self._likeness.forget(known.path if known else file.name)
            self._drop([passage.id for passage in old])
        return FileResult(
            file.name,
            "failed",
            file.document_id,
            reason=error.message,
            remedy=error.remedy,
            state=record.state,
            version=version,
        )

    def _store(self, planned: Planned, made: Made, teller: _Teller) -> FileResult:
        record = replace(
            _record(planned, scans=bool(made.document.unread) and not available()),
            text_hash=text_hash(made.passages),
            tenant=made.document.source.tenant,
        )
        moved_from = planned.known.path if planned.known and planned.moved else None
        twin = self._likeness.twin(record, moved_from)
        if twin and not (record.origin == "corpus" and twin.origin == "uploads"):
            return self._as_duplicate(planned, made, replace(record, duplicate_of=twin.path))
        # A case may cite a document of the corpus: it is the upload that stands back.
        old = self._known_passages(planned)
        old += self.catalogue.passages(twin.path) if twin else []
        embedded = self._vectors(planned, made.passages, old, teller)
        near, own = self._likeness.near(
            record, made.passages, (moved_from, twin.path if twin else None)
        )
        version = self.catalogue.put(
            replace(
                _outcome(planned, record, made),
                passages=made.passages,
                near=near,
                signature=own,
            ),
            moved_from=moved_from,
            demoted=twin,
        )
        self._likeness.remember(record, own, moved_from, twin)
        self._drop(sorted({p.id for p in old} - {p.id for p in made.passages}))
        status: Status = "moved" if planned.moved else "updated" if planned.known else "added"
        return replace(
            _result(planned, made, status),
            passages=len(made.passages),
            embedded=embedded,
            version=version,
            duplicates=self._likeness.named(near),
        )

    def _as_duplicate(self, planned: Planned, made: Made, record: FileRecord) -> FileResult:
        """Remembers a document that says what another says, without indexing it twice."""
        assert record.duplicate_of is not None
        old = self._known_passages(planned)
        moved_from = planned.known.path if planned.known and planned.moved else None
        # Findings point at passages, and it has none of its own.
        outcome = replace(_outcome(planned, record, made), findings=())
        version = self.catalogue.put(outcome, moved_from=moved_from)
        self._likeness.remember(record, None, moved_from, None)
        self._drop([passage.id for passage in old])
        return replace(
            _result(planned, made, "duplicate"),
            version=version,
            duplicates=self._likeness.exact(record.duplicate_of),
        )

    def _vectors(
        self,
        planned: Planned,
        passages: Sequence[Passage],
        old: Sequence[Passage],
        teller: _Teller,
    ) -> int:
        """Stores the vectors of what is new or changed; returns how many had to be embedded."""
        before = {passage.id: passage for passage in old}
        whole = not self._is_lacking(planned)
        new = [p for p in passages if not whole or before.get(p.id) != p]
        lenders = {embedding_text(passage): passage.id for passage in old}
        donors = {p.id: lenders[t] for p in new if (t := embedding_text(p)) in lenders}
        stored = embedded = 0
        for stored_now, embedded_now in self.legs.store(new, donors):
            stored += stored_now
            embedded += embedded_now
            self.embedded += embedded_now
            teller.say(planned, stored / len(new))
        return embedded

    def _bereaved(self, plan: Plan) -> list[Planned]:
        """Duplicates of a document that no longer says the same, to be read after all others."""
        return [
            make_plan([planned.file], {}).files[0].again(self._likeness.records[planned.file.name])
            for planned in plan.files
            if self._likeness.bereaved(planned.file.name)
        ]

    def _gone(self, record: FileRecord) -> FileResult:
        self.remove(record, None)
        return gone_result(record)

    def _drop(self, ids: Sequence[str]) -> None:
        """Removes vectors; of a file that took another's name, ids may have found a new owner."""
        if ids:
            self.legs.delete(sorted(set(ids) - self.catalogue.having(ids)))

    def _publish(self) -> None:
        """Writes the lexical index of what is in the catalogue, then tells the readers."""
        generation = self.catalogue.generation()
        if self.catalogue.is_dirty() or load_lexical(self._lexical, generation) is None:
            generation += 1
            build_lexical(self.catalogue.passages(), generation).save(self._lexical)
            self.catalogue.publish(generation)


class _Teller:
    """Tells how far some files have come, by their number and by their bytes."""

    def __init__(self, run: Run, files: Sequence[Planned]) -> None:
        self._run = run
        self._total = len(files)
        self._work = sum(map(_work, files))
        self._done = self._worked = 0

    def say(self, planned: Planned, share: float) -> None:
        """Tells that a share, 0 to 1, of a file's passages is embedded; 0 while it is read."""
        part = (self._worked + _work(planned) * share) / self._work if self._work else 1.0
        self._run.tell(
            Progress(self._done, self._total, planned.file.name, share, self._run.embedded, part)
        )

    def finished(self, planned: Planned) -> None:
        """Tells that a file is done."""
        self._done += 1
        self._worked += _work(planned)
        part = self._worked / self._work if self._work else self._done / self._total
        name = planned.file.name
        self._run.tell(Progress(self._done, self._total, name, 1.0, self._run.embedded, part))


def _work(planned: Planned) -> int:
    """Bytes of a file, as far as it has to be read."""
    return 0 if planned.settled else planned.file.size


def _task(planned: Planned) -> Task:
    file = planned.file
    return Task(file.path, file.root, file.document_id, planned.content_hash, file.details)


def _record(planned: Planned, *, scans: bool) -> FileRecord:
    file = planned.file
    return FileRecord(
        file.name,
        file.document_id,
        planned.content_hash,
        WITHOUT_OCR if scans else RECIPE,
        file.origin,
    )


def _outcome(planned: Planned, record: FileRecord, made: Made) -> Outcome:
    details = planned.file.details
    numbers = {page.number for page in made.document.pages if page.number is not None}
    return Outcome(
        record,
        details.at or _now(),
        details.by,
        source=made.document.source,
        pages=len(numbers) or None,
        unread=made.document.unread,
        findings=made.findings,
    )


def _result(planned: Planned, made: Made, status: Status) -> FileResult:
    return FileResult(
        planned.file.name,
        status,
        planned.file.document_id,
        state="indexed",
        moved_from=planned.known.path if planned.known and planned.moved else None,
        findings=len(made.findings),
    )


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
