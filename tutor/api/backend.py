"""What the routes stand on, and how it comes up: records first, then models, index and cases.

It comes up in a thread of its own, so that /health answers at once and /ready can say how far
things are. What an administrator can mend (an index not made yet) is tried again by itself.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from pydantic import BaseModel
from sqlalchemy import Engine

from ingest import E5, MINILM, IngestError, ModelChecksumError, ModelMissing
from ingest.library import Library
from ingest.parsing import ParsingProcess
from tutor.api.auth import Throttle, Tokens
from tutor.cases.load import CaseError
from tutor.documents import Documents
from tutor.errors import NotReady, RecordsError, ServiceError
from tutor.inbox import Inbox
from tutor.records import EventStore, UsageStore, User, UserStore, open_database
from tutor.review import DecisionStore, Learned, Reviews, extend
from tutor.runtime import Runtime, build_runtime
from tutor.sessions import SessionService
from tutor.settings import Settings

_log = logging.getLogger(__name__)
RETRY_SECONDS = 10.0
PARTS = ("records", "models", "index", "corpus")


class Check(BaseModel):
    """Whether a part is there, and a sentence about it."""

    ok: bool = False
    detail: str = "Waiting."


class Records:
    """The records, opened."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self.engine = engine
        self.store = EventStore(engine)
        self.users = UserStore(engine)
        self.local: User = self.users.local()
        self.tokens = Tokens(settings.signing_key(), settings.token_minutes)


class Backend:
    """Holds what is there; asking for what is not there yet raises NotReady."""

    def __init__(self, settings: Settings, runtime: Runtime | None = None) -> None:
        self.settings = settings
        self.throttle = Throttle()
        self.turns = ThreadPoolExecutor(max_workers=16, thread_name_prefix="turn")
        """Runs the turns that are streamed: they end even where the listener has gone."""
        self.checks = {name: Check() for name in PARTS}
        self._given = runtime
        self._records: Records | None = None
        self._runtime: Runtime | None = None
        self._sessions: SessionService | None = None
        self._reviews: Reviews | None = None
        self._documents: Documents | None = None
        self._stopping = threading.Event()
        self._start: Future[None] | None = None
        self._faulty: str | None = None
        """The part that kept the last attempt to come up from succeeding."""

    @property
    def records(self) -> Records:
        """Users and sessions."""
        if self._records is None:
            raise self._not_ready("records")
        return self._records

    @property
    def runtime(self) -> Runtime:
        """Cases, judge, answerer, wording, searcher."""
        if self._runtime is None:
            raise self._not_ready("models", "index", "corpus")
        return self._runtime

    @property
    def sessions(self) -> SessionService:
        """The sessions."""
        if self._sessions is None:
            raise self._not_ready(*PARTS)
        return self._sessions

    @property
    def reviews(self) -> Reviews:
        """The educators' queue."""
        if self._reviews is None:
            raise self._not_ready(*PARTS)
        return self._reviews

    @property
    def documents(self) -> Documents:
        """The educators' documents."""
        if self._documents is None:
            raise self._not_ready("index", "models")
        return self._documents

    @property
    def ready(self) -> bool:
        """Whether every part is there."""
        return all(check.ok for check in self.status().values())

    def status(self) -> dict[str, Check]:
        """Every part as it is now; the records are tried, not remembered."""
        checks = dict(self.checks)
        if self._start is not None and self._start.done() and self._start.exception():
            for name in PARTS:
                if not checks[name].ok:
                    checks[name] = Check(detail="An unexpected error; the log says which.")
        if self._records is not None:
            try:
                self._records.store.ping()
            except RecordsError as error:
                checks["records"] = Check(detail=f"{error.message} {error.remedy}")
        return checks

    def start(self) -> None:
        """Come up in the background; with a runtime given, come up before returning."""
        if self._given is not None:
            self._come_up()
            return
        executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="start")
        self._start = executor.submit(self._keep_trying)
        self._start.add_done_callback(_log_unexpected)
        executor.shutdown(wait=False)

    def stop(self) -> None:
        """Let go of the records; a start that is under way ends at its next step."""
        self._stopping.set()
        if self._documents is not None:
            self._documents.stop()
        self.turns.shutdown(wait=True)
        if self._records is not None:
            self._records.engine.dispose()

    def _keep_trying(self) -> None:
        while not self._stopping.is_set():
            try:
                self._come_up()
            except (IngestError, CaseError, ServiceError) as error:
                part = self._part_of(error)
                remedy = getattr(error, "remedy", "")
                for other in (name for name in PARTS if not self.checks[name].ok):
                    self.checks[other] = Check(detail=f"Waiting for the {part}.")
                self.checks[part] = Check(detail=f"{error} {remedy}".strip())
                self._faulty = part
                _log.warning("The service is not ready (%s). %s %s", part, error, remedy)
                self._stopping.wait(RETRY_SECONDS)
            else:
                self._faulty = None
                if not self._wait_for_mending():
                    return

    def _wait_for_mending(self) -> bool:
        """Waits until a case that was left out has changed; False where there is none, or no time.

        The others are taught meanwhile.
        """
        left_out = self.runtime.left_out
        if not left_out:
            return False
        folders = [self.settings.corpus / "cases" / slug for slug in left_out]
        before = _stamps(folders)
        while not self._stopping.wait(RETRY_SECONDS):
            if _stamps(folders) != before:
                return True
        return False

    def _come_up(self) -> None:
        if self._records is None:
            self._records = Records(open_database(self.settings.records_url), self.settings)
            self.checks["records"] = Check(ok=True, detail="The records are open.")
        in_force = DecisionStore(self._records.engine).in_force
        runtime = self._given or build_runtime(
            self.settings, self._progress, lambda case: extend(case, in_force(case.id))
        )
        documents = runtime.searcher.documents()
        passages = sum(d.passages for d in documents)
        if runtime.model is not None:
            from tutor.llm import Account

            runtime.model.keep(Account(UsageStore(self._records.engine), self.settings))
        self._runtime = runtime
        hearing = runtime.hearing
        learned = Learned(in_force, hearing.prepare if hearing else None)
        self._sessions = SessionService(
            self._records.store,
            runtime,
            max_answer_chars=self.settings.max_answer_chars,
            taught=learned,
        )
        self._reviews = Reviews(
            self._records.engine,
            runtime.cases,
            learned,
            hearing.judge if hearing else runtime.judge,
        )
        self._take_documents(runtime)
        self.checks["models"] = Check(ok=True, detail=f"The assessor is {runtime.judge.name}.")
        self.checks["index"] = Check(
            ok=True, detail=f"{len(documents)} documents, {passages} passages."
        )
        told = [f"{len(runtime.cases)} cases."]
        told += [f"{slug} is left out. {error}" for slug, error in runtime.left_out.items()]
        self.checks["corpus"] = Check(ok=True, detail=" ".join(told))

    def _take_documents(self, runtime: Runtime) -> None:
        """Once: a corpus that is read again later leaves the queue of uploads alone."""
        if self._documents is not None or E5 not in runtime.encoders:
            return
        settings = self.settings
        reader = ParsingProcess()
        library = Library(
            settings.uploads_dir,
            settings.index_dir,
            runtime.encoders[E5],
            english=runtime.encoders.get(MINILM),
            reader=reader,
            vectors_url=settings.vectors_url,
        )
        self._documents = Documents(library, Inbox(settings.inbox_dir), reader)
        self._documents.start()

    def _progress(self, step: str) -> None:
        if self._runtime is not None:
            return  # What is being taught goes on while a mended case is taken in.
        for name in ("models", "index", "corpus"):
            self.checks[name] = Check(detail=f"{step}.")

    def _part_of(self, error: Exception) -> str:
        if isinstance(error, NotReady):
            return "models"
        if isinstance(error, ServiceError):
            return "records"
        if isinstance(error, CaseError):
            return "corpus"
        return "models" if isinstance(error, ModelMissing | ModelChecksumError) else "index"

    def _not_ready(self, *parts: str) -> NotReady:
        missing = next((p for p in parts if not self.checks[p].ok), parts[0])
        if self._faulty in parts:
            missing = self._faulty
        return NotReady(
            f"The service is still starting ({missing}): {self.status()[missing].detail}",
            remedy="Try again in a few seconds; what you wrote has not been lost.",
        )


def _stamps(folders: Sequence[Path]) -> dict[Path, int]:
    """When each file of some cases was last written."""
    return {path: path.stat().st_mtime_ns for f in folders for path in f.glob("*.yaml")}


def _log_unexpected(start: Future[None]) -> None:
    error = start.exception()
    if error is not None:
        _log.error("The service could not start.", exc_info=error)
