"""Sessions as the service offers them: whose they are, what goes in, what comes out.

Between the HTTP interface and the functional core: a learner's words are checked and redacted
here before the core or the store sees them, and every step is one transaction.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn

from ingest import Language
from tutor import dialogue
from tutor.cases import LoadedCase
from tutor.dialogue import EVENT, Event
from tutor.errors import (
    Conflict,
    InvalidRequest,
    NotFound,
    NotReady,
    SessionEnded,
    StaleTurn,
)
from tutor.records import EventStore, Form, SessionRecord, StoredEvents, TurnKey, forms
from tutor.records.papers import FormView, Paper, SelfTests
from tutor.records.transcript import Transcript, transcript_of
from tutor.records.views import (
    SessionState,
    SessionSummary,
    TurnResult,
    result_of,
    state_of,
    summary_of,
    upto,
)
from tutor.runtime import Runtime
from tutor.safety import redact
from tutor.safety.text import clean

MAX_NOTE_CHARS = 2000
Clock = Callable[[], dt.datetime]
Step = Callable[[SessionRecord, LoadedCase], list[Event]]
Taught = Callable[[LoadedCase], LoadedCase]
"""A case as it is taught now, from what its author wrote."""


def now() -> dt.datetime:
    """The time, UTC."""
    return dt.datetime.now(dt.UTC)


class SessionService:
    """What can be done with sessions. Raises the errors of `tutor.errors`.

    `user` is always the id of whoever asks: sessions of others do not exist for them.
    `expected_seq` is the `seq` of the session as the client saw it last.
    """

    def __init__(
        self,
        store: EventStore,
        runtime: Runtime,
        *,
        clock: Clock = now,
        max_answer_chars: int = 8000,
        taught: Taught = lambda case: case,
    ) -> None:
        self._store = store
        self._runtime = runtime
        self._clock = clock
        self._limit = max_answer_chars
        self._taught = taught
        self._locks = KeyedLocks()

    def create(self, user: str, case_id: str, language: Language) -> SessionState:
        """Open a case."""
        case = self._runtime.cases.get(case_id)
        if case_id in self._runtime.left_out:
            raise NotReady(
                f"This case cannot be taught as it is. {self._runtime.left_out[case_id]}",
                remedy="Its author can mend the file; it is tried again by itself.",
            )
        if case is None:
            raise NotFound("case of that name")
        if language not in case.texts:
            raise InvalidRequest(
                f"The case “{case.structure.title}” is not written in {language}.",
                remedy=f"Open it in one of: {', '.join(case.languages)}.",
            )
        events = dialogue.open_session(case, language, self._runtime.wording)
        record = self._store.create(
            uuid.uuid4().hex, user_id=user, case_id=case_id, events=events, at=self._clock()
        )
        return state_of(record, case)

    def list_for(self, user: str) -> list[SessionSummary]:
        """Every session of the user, the one used last first."""
        records = self._store.list_for(user)
        return [summary_of(r, self._runtime.cases.get(r.case_id)) for r in records]

    def get(self, user: str, session_id: str) -> SessionState:
        """A session as it stands."""
        return self._state(self._store.load(session_id, user_id=user))

    def transcript(self, user: str, session_id: str) -> Transcript:
        """The session and its case, for a reader."""
        record = self._store.load(session_id, user_id=user)
        handed = self._store.self_tests.of(session_id)
        return transcript_of(record, self._runtime.cases.get(record.case_id), handed)

    def events(self, user: str, session_id: str) -> list[dict[str, Any]]:
        """All that happened, as `tutor.dialogue.EVENT` reads it: for replay and for studies."""
        record = self._store.load(session_id, user_id=user)
        return [EVENT.dump_python(event, mode="json") for event in record.events]

    def self_tests(self, user: str, session_id: str) -> SelfTests:
        """How both forms of the self-test stand."""
        session, case = self._session(user, session_id)
        handed = self._store.self_tests.of(session_id)
        return SelfTests(
            pre=forms.form_view("pre", session, case, handed.get("pre")),
            post=forms.form_view("post", session, case, handed.get("post")),
        )

    def paper(self, user: str, session_id: str, form: Form) -> Paper:
        """The questions of a form that is open."""
        session, case = self._session(user, session_id)
        return forms.paper(form, session, case, self._store.self_tests.of(session_id).get(form))

    def hand_in(
        self, user: str, session_id: str, form: Form, answers: Mapping[str, str]
    ) -> FormView:
        """Keep the answers to a form, and say how they did. No turn is taken meanwhile."""
        with self._locks.hold(session_id):
            session, case = self._session(user, session_id)
            before = self._store.self_tests.of(session_id).get(form)
            handed = forms.hand_in(form, session, case, before, answers, self._clock())
            self._store.self_tests.add(session_id, handed)
        return forms.form_view(form, session, case, handed)

    def delete(self, user: str, session_id: str) -> None:
        """Erase a session."""
        with self._locks.hold(session_id):
            self._store.delete(session_id, user_id=user)

    def turn(
        self, user: str, session_id: str, text: str, expected_seq: int, key: str | None
    ) -> TurnResult:
        """A learner's reply and what the tutor says to it.

        `key` names the attempt: the same key again gives the same answer, and nothing is stored.
        """
        reply = clean(text, what="Your reply", limit=self._limit)
        said, redacted = redact(reply, told=self._told(user, session_id))

        def step(record: SessionRecord, case: LoadedCase) -> list[Event]:
            return dialogue.turn(
                case,
                record.events,
                said,
                judge=self._runtime.judge,
                answerer=self._runtime.answerer,
                wording=self._runtime.wording,
                redacted=redacted,
            )

        turn_key = TurnKey(key, hashlib.sha256(said.encode()).hexdigest()) if key else None
        return self._step(user, session_id, expected_seq, step, turn_key)

    def contest(
        self, user: str, session_id: str, seq: int, note: str | None, expected_seq: int
    ) -> TurnResult:
        """The learner holds that they did say it; `seq` is the tutor's entry that is contested."""
        if note is not None and note.strip():
            note = clean(note, what="Your note", limit=MAX_NOTE_CHARS)
            note, _ = redact(note, told=self._told(user, session_id))
        else:
            note = None

        def step(record: SessionRecord, case: LoadedCase) -> list[Event]:
            return dialogue.contest(
                case, record.events, seq - 1, note, wording=self._runtime.wording
            )

        return self._step(user, session_id, expected_seq, step)

    def pause(self, user: str, session_id: str, expected_seq: int) -> SessionState:
        """Put the session aside."""
        step: Step = lambda record, _: dialogue.pause(record.events)  # noqa: E731
        return self._step(user, session_id, expected_seq, step).state

    def resume(self, user: str, session_id: str, expected_seq: int) -> SessionState:
        """Take the session up again."""
        step: Step = lambda record, _: dialogue.resume(record.events)  # noqa: E731
        return self._step(user, session_id, expected_seq, step).state

    def switch_language(
        self, user: str, session_id: str, language: Language, expected_seq: int
    ) -> SessionState:
        """Go on in another language."""

        def step(record: SessionRecord, case: LoadedCase) -> list[Event]:
            return dialogue.switch_language(case, record.events, language, self._runtime.wording)

        return self._step(user, session_id, expected_seq, step).state

    def end(self, user: str, session_id: str, expected_seq: int) -> TurnResult:
        """End the case early; the synthesis is given."""

        def step(record: SessionRecord, case: LoadedCase) -> list[Event]:
            return dialogue.end_early(case, record.events, self._runtime.wording)

        return self._step(user, session_id, expected_seq, step)

    def _step(
        self,
        user: str,
        session_id: str,
        expected_seq: int,
        step: Step,
        key: TurnKey | None = None,
    ) -> TurnResult:
        with self._locks.hold(session_id):
            record = self._store.load(session_id, user_id=user)
            before = self._store.answered(session_id, key) if key else None
            if before is not None:
                return self._result(record, before)
            if record.seq != expected_seq:
                raise StaleTurn(expected_seq, record.seq, self._state(record))
            new = self._play(step, record)
            if not new:
                return result_of(record, self._runtime.cases.get(record.case_id), record.seq)
            try:
                stored = self._store.append(session_id, expected_seq, key, new, at=self._clock())
            except StaleTurn as error:
                self._stale(user, session_id, error)
            return self._result(self._store.load(session_id, user_id=user), stored)

    def _play(self, step: Step, record: SessionRecord) -> list[Event]:
        case = self._runtime.cases.get(record.case_id)
        if case is None:
            raise Conflict(
                f"The case of this session, {record.case_id!r}, is no longer in the corpus.",
                remedy="Its transcript can still be read; to go on, have the case put back.",
            )
        try:
            with self._runtime.turn_of(record.user_id, record.id):
                return step(record, self._taught(case))
        except dialogue.SessionClosed as error:
            raise SessionEnded(str(error)) from error
        except dialogue.DialogueError as error:
            raise Conflict(str(error), remedy="Look at the session as it stands.") from error

    def _stale(self, user: str, session_id: str, error: StaleTurn) -> NoReturn:
        """Another process was faster: say how things stand."""
        record = self._store.load(session_id, user_id=user)
        raise StaleTurn(error.expected, record.seq, self._state(record)) from error

    def _result(self, record: SessionRecord, stored: StoredEvents) -> TurnResult:
        """The answer to a step, made from the events up to it alone: always the same answer."""
        first, last = stored.stored[0].seq, stored.stored[-1].seq
        case = self._runtime.cases.get(record.case_id)
        return result_of(upto(record, last), case, first - 1)

    def _told(self, user: str, session_id: str) -> str:
        """What the learner was given to read: its people are invented, and may be named."""
        case = self._runtime.cases.get(self._store.load(session_id, user_id=user).case_id)
        return case.told if case else ""

    def _session(self, user: str, session_id: str) -> tuple[SessionState, LoadedCase | None]:
        record = self._store.load(session_id, user_id=user)
        return self._state(record), self._runtime.cases.get(record.case_id)

    def _state(self, record: SessionRecord) -> SessionState:
        return state_of(record, self._runtime.cases.get(record.case_id))


class KeyedLocks:
    """One lock a key, kept only while somebody holds it or waits for it."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: dict[str, tuple[threading.Lock, int]] = {}

    @contextmanager
    def hold(self, key: str) -> Iterator[None]:
        """Hold the lock of a key: two tabs on one session take turns."""
        with self._guard:
            lock, users = self._locks.get(key, (threading.Lock(), 0))
            self._locks[key] = (lock, users + 1)
        try:
            with lock:
                yield
        finally:
            with self._guard:
                lock, users = self._locks[key]
                if users == 1:
                    del self._locks[key]
                else:
                    self._locks[key] = (lock, users - 1)
