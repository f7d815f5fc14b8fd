"""Educators' documents: uploads in a queue, one worker that writes, deletions with their proofs.

The index has one writer at a time. Uploads are taken in one by one, by a thread of their own, and
a deletion goes before those that wait. Another process (`maieutic ingest`) may hold the index
meanwhile: an upload then waits and says for whom, a deletion is refused with a sentence.
"""

from __future__ import annotations

import datetime as dt
import itertools
import queue
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import BinaryIO, Literal

from ingest import FileResult, IndexLocked, IngestError, Progress
from ingest.library import (
    DeletionProof,
    DocumentState,
    ErasureProof,
    Library,
    Upload,
    Version,
)
from ingest.parsing import ParsingProcess
from tutor.errors import Conflict, NotFound
from tutor.inbox import Inbox, Waiting

JobState = Literal["queued", "reading", "embedding", "done", "failed"]
Refusal = Literal["empty", "too_large", "same_name", "unnamed"]
"""Why a file was not taken at all."""
UNFINISHED: frozenset[JobState] = frozenset({"queued", "reading", "embedding"})
KEPT_JOBS = 500
"""Finished jobs that are remembered, the oldest forgotten first."""
LOCK_SECONDS = 2.0
"""Between two attempts to get the index from another process."""
PATIENCE_SECONDS = 30.0
"""For which a deletion waits for the task at hand before it is refused."""
STOP_SECONDS = 10.0
_UNFORESEEN = (
    "The service met an error of its own with this file.",
    "Try again; if it happens again, tell whoever runs this service.",
)


@dataclass(frozen=True, slots=True)
class Job:
    """How far an upload has come."""

    id: str
    name: str
    by: str
    at: dt.datetime
    state: JobState = "queued"
    share: float = 0.0
    """Of its passages that are embedded, 0 to 1."""
    waits_for: str | None = None
    """A sentence on why it cannot begin, where somebody else holds the index."""
    result: FileResult | None = None
    """What became of the file, once the job is done or has failed."""
    code: str | None = None
    """Of a failure, for whoever words it anew: a `FileState`, or a `Refusal`."""

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state not in UNFINISHED


class _Stopping(Exception):
    """The service goes down; the upload at hand is taken up again by its next start."""


class Documents:
    """The library as educators use it. Reading is done by whoever asks, writing by the worker."""

    def __init__(self, library: Library, inbox: Inbox, reader: ParsingProcess) -> None:
        """Nothing is written before `start`; `reader` is the one that the library reads with."""
        self.library = library
        self.inbox = inbox
        self._reader = reader
        self._jobs: dict[str, Job] = {}
        self._guard = threading.Lock()
        self._numbers = itertools.count()
        self._uploads: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        self._writer = threading.Lock()
        self._urgent = 0
        """Deletions that are under way or wait for the index."""
        self._calm = threading.Condition()
        self._stopping = threading.Event()
        self._worker: threading.Thread | None = None

    def start(self) -> None:
        """Queue what an earlier run of the service has left, and begin."""
        for upload in self.inbox.waiting():
            self._queue(upload)
        self._worker = self._hire()

    def stop(self) -> None:
        """Leave the upload at hand at its next step; it stays in the inbox."""
        self._stopping.set()
        self._uploads.put(None)
        if self._worker is not None:
            self._worker.join(STOP_SECONDS)
        if self._worker is None or not self._worker.is_alive():
            self._reader.close()
        # Else it is still reading, which nobody waits for: the child that reads ends with us.

    # Uploads.

    def accept(
        self,
        file: BinaryIO,
        name: str,
        by: str,
        details: Mapping[str, str],
        replaces: str | None = None,
    ) -> Job:
        """Store an upload and queue it; see `Inbox.put` for arguments and errors."""
        return self._queue(self.inbox.put(file, name, by, details, replaces))

    def refuse(self, name: str, by: str, code: Refusal, reason: str, remedy: str) -> Job:
        """A job that has failed before it began: one file of many that cannot be taken."""
        failed = FileResult(name, "failed", reason=reason, remedy=remedy)
        now = dt.datetime.now(dt.UTC)
        number = next(self._numbers)
        id_ = f"{now:%Y%m%d%H%M%S%f}-{number}"
        job = Job(id_, name, by, now, "failed", result=failed, code=code)
        self._remember(job)
        return job

    def jobs(self) -> list[Job]:
        """All that are remembered, the newest first."""
        with self._guard:
            return sorted(self._jobs.values(), key=lambda job: job.at, reverse=True)

    def job(self, job_id: str) -> Job:
        """One of them.

        Raises:
            NotFound: there is none, or it has been forgotten.
        """
        with self._guard:
            job = self._jobs.get(job_id)
        if job is None:
            raise NotFound("upload of that id", remedy="Look at the list of documents.")
        return job

    # What is there.

    def states(self) -> list[DocumentState]:
        """Every file of corpus and uploads, also those that could not be read."""
        return list(self.library.states())

    def state(self, document_id: str) -> DocumentState:
        """One of them.

        Raises:
            NotFound: there is no such document.
        """
        try:
            return self.library.state(document_id)
        except KeyError as error:
            raise NotFound("document of that name") from error

    def uploaded(self, document_id: str) -> DocumentState:
        """A document that may be changed here.

        Raises:
            NotFound: there is no such document.
            Conflict: it belongs to the corpus.
        """
        state = self.state(document_id)
        if state.origin == "corpus":
            raise Conflict(
                "This document belongs to the corpus, which is kept in a folder of this service.",
                remedy="Whoever runs the service can change or remove it in the corpus folder.",
            )
        return state

    def versions(self, document_id: str) -> list[Version]:
        """Those that a document has had, as the library orders them."""
        try:
            return list(self.library.versions(document_id))
        except KeyError:
            return []  # It could never be opened, so there is nothing to compare.

    # What goes.

    def delete(self, document_id: str, by: str) -> DeletionProof:
        """Remove a document from the search, and search for each of its passages again.

        Raises:
            NotFound: there is no such document.
            Conflict: it belongs to the corpus, or the index is being written.
        """
        self.uploaded(document_id)
        with self._before_uploads():
            return self.library.delete(document_id, by)

    def erase(self, document_id: str, by: str) -> ErasureProof:
        """Remove a document from every file, its history too, and look for what is left.

        Also one that was deleted before, of which the history is still there.

        Raises:
            NotFound: there never was such a document, or it has been erased.
            Conflict: it belongs to the corpus, or the index is being written.
        """
        if document_id in {state.document_id for state in self.states()}:
            self.uploaded(document_id)
        with self._before_uploads():
            return self.library.erase(document_id, by)

    # The worker.

    def _queue(self, upload: Waiting) -> Job:
        job = Job(upload.id, upload.name, upload.by, dt.datetime.fromisoformat(upload.at))
        self._remember(job)
        self._uploads.put(upload)
        return job

    @contextmanager
    def _before_uploads(self) -> Iterator[None]:
        """The index, as soon as the upload at hand is done and before those that wait."""
        with self._calm:
            self._urgent += 1
        try:
            if not self._writer.acquire(timeout=PATIENCE_SECONDS):
                raise Conflict(
                    "Another document is being taken into the index; nothing was removed.",
                    remedy="Try again when it is done.",
                )
            try:
                yield
            except IndexLocked as error:
                raise Conflict(error.message, remedy=error.remedy) from error
            except KeyError as error:
                raise NotFound("document of that name") from error
            finally:
                self._writer.release()
        finally:
            with self._calm:
                self._urgent -= 1
                self._calm.notify_all()

    def _hire(self) -> threading.Thread:
        # A daemon: a write that is cut short is completed by the next start, and a service that
        # is told to stop must not wait for a long document.
        worker = threading.Thread(target=self._work, name="documents", daemon=True)
        worker.start()
        return worker

    def _work(self) -> None:
        while (upload := self._uploads.get()) is not None:
            with self._calm:
                self._calm.wait_for(lambda: not self._urgent)
            settled = False
            try:
                with self._writer:
                    self._add(upload)
                settled = True
            finally:
                # An error that nobody foresaw ends this thread and is logged by it; the uploads
                # behind this one must not wait for ever.
                if not settled:
                    self._settle(upload, _failed(upload, *_UNFORESEEN))
                    self._worker = self._hire()
            if self._uploads.empty():
                self._reader.close()  # Of no use, and not small, until the next upload.

    def _add(self, upload: Waiting) -> None:
        result = None
        while result is None:
            try:
                result = self._into_library(upload)
            except _Stopping:
                return
            except IndexLocked as error:
                self._change(upload.id, state="queued", share=0.0, waits_for=error.message)
                self._stopping.wait(LOCK_SECONDS)
            except IngestError as error:
                result = _failed(upload, error.message, error.remedy)
        self._settle(upload, result)

    def _settle(self, upload: Waiting, result: FileResult) -> None:
        self.inbox.done(upload)
        state: JobState = "failed" if result.status == "failed" else "done"
        code = (result.state or "failed") if state == "failed" else None
        self._change(upload.id, state=state, share=1.0, waits_for=None, result=result, code=code)

    def _into_library(self, upload: Waiting) -> FileResult:
        def told(progress: Progress) -> None:
            if self._stopping.is_set():
                raise _Stopping
            state: JobState = "embedding" if progress.share > 0 else "reading"
            self._change(upload.id, state=state, share=progress.share, waits_for=None)

        if self._stopping.is_set():
            raise _Stopping
        self._change(upload.id, state="reading")
        sent = Upload(upload.name, self.inbox.data(upload), upload.by, dict(upload.details))
        return self.library.add(sent, told)

    def _remember(self, job: Job) -> None:
        with self._guard:
            self._jobs[job.id] = job
            finished = [id_ for id_, kept in self._jobs.items() if kept.finished]
            for id_ in finished[: max(0, len(finished) - KEPT_JOBS)]:
                del self._jobs[id_]

    def _change(self, job_id: str, **changes: object) -> None:
        with self._guard:
            self._jobs[job_id] = replace(self._jobs[job_id], **changes)  # type: ignore[arg-type]


def _failed(upload: Waiting, reason: str, remedy: str) -> FileResult:
    return FileResult(upload.name, "failed", reason=reason, remedy=remedy)
