"""Whom a scripted learner talks to: the tutor in this process, or one behind HTTP."""

from __future__ import annotations

from typing import Protocol

from ingest import Language
from tutor.cases import LoadedCase
from tutor.dialogue import Event, open_session, turn
from tutor.runtime import Runtime


class Tutor(Protocol):
    """One session, from its opening to its end."""

    def open(self, case: LoadedCase, language: Language) -> list[Event]:
        """The events that open a case."""
        ...

    def hear(self, text: str) -> list[Event]:
        """The events that a message leads to."""
        ...


class TutorHere:
    """The dialogue core of this process, without a service or records."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._events: list[Event] = []

    def open(self, case: LoadedCase, language: Language) -> list[Event]:
        """See `Tutor`."""
        self._case = case
        self._events = open_session(case, language, self._runtime.wording)
        return list(self._events)

    def hear(self, text: str) -> list[Event]:
        """See `Tutor`."""
        runtime = self._runtime
        new = turn(
            self._case,
            self._events,
            text,
            judge=runtime.judge,
            answerer=runtime.answerer,
            wording=runtime.wording,
        )
        self._events += new
        return new
