"""A stored session as its learner may see it: made from the events, and never giving answers away.

What is listened for, how an answer was judged and which ideas are still open stay inside; a stage
shows counts only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from ingest import Language
from tutor.cases import Case, LoadedCase
from tutor.citations import Citation
from tutor.dialogue import (
    Contested,
    Event,
    LanguageSwitched,
    LearnerSaid,
    Outcome,
    Paused,
    Resumed,
    SessionOpened,
    StageEntered,
    State,
    TutorMoved,
    contestable,
    fold,
)
from tutor.records.rows import Stored
from tutor.records.store import SessionRecord
from tutor.records.words import WORDS

Role = Literal["tutor", "learner", "case", "system"]
Status = Literal["active", "paused", "completed"]


class View(BaseModel):
    """Frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Entry(View):
    """One thing said, revealed or done."""

    seq: int
    role: Role
    text: str
    move: str | None = None
    stage: str | None = None
    at: dt.datetime
    citations: tuple[Citation, ...] = ()
    contestable: bool = False
    contested: bool = False
    redacted: tuple[str, ...] = ()
    """Kinds of personal data that were removed from a learner's text."""


class StageView(View):
    """A stage and how much of it is on the table."""

    id: str
    kind: str
    title: str
    status: Literal["done", "current", "ahead"]
    considered: int
    total: int
    """What the stage requires, what else was considered, and a choice where it asks for one."""


class SessionSummary(View):
    """A session in a list."""

    id: str
    case_id: str
    case_title: str
    language: Language
    status: Status
    outcome: Outcome | None
    created_at: dt.datetime
    updated_at: dt.datetime
    turns: int
    stage_index: int
    stages_total: int


class SessionState(SessionSummary):
    """A session as it stands."""

    case_version: str
    seq: int
    stages: tuple[StageView, ...]
    transcript: tuple[Entry, ...]
    accepts_reply: bool
    phase: Literal["dialogue", "reflection", "closed"]


class TurnResult(View):
    """What a turn added, and how the session stands after it."""

    entries: tuple[Entry, ...]
    state: SessionState


def upto(record: SessionRecord, seq: int) -> SessionRecord:
    """The session as it stood after an event."""
    return replace(record, stored=record.stored[:seq])


def summary_of(record: SessionRecord, case: LoadedCase | None) -> SessionSummary:
    """The line of a list. `case` is None where it is no longer in the corpus."""
    return SessionSummary(**_summary(record, case, fold(record.events)))


def state_of(record: SessionRecord, case: LoadedCase | None) -> SessionState:
    """The whole session."""
    state = fold(record.events)
    return SessionState(
        **_summary(record, case, state),
        case_version=state.case_version,
        seq=record.seq,
        stages=tuple(_stages(case, state)) if case else (),
        transcript=tuple(entries_of(record.stored)),
        accepts_reply=state.phase != "closed" and case is not None,
        phase=state.phase,
    )


def result_of(record: SessionRecord, case: LoadedCase | None, after: int) -> TurnResult:
    """The session, and the entries that came after event `after`."""
    state = state_of(record, case)
    return TurnResult(entries=tuple(e for e in state.transcript if e.seq > after), state=state)


def entries_of(stored: Sequence[Stored]) -> Iterator[Entry]:
    """What is shown of the events, in order."""
    events = [s.event for s in stored]
    open_to_contest = fold(events).phase == "dialogue"
    contested = set(_contested(events))
    language: Language = "en"
    stage: str | None = None
    for index, item in enumerate(stored):
        event = item.event
        if isinstance(event, SessionOpened | LanguageSwitched):
            language = event.language
        if isinstance(event, StageEntered):
            stage = event.stage
        match event:
            case TutorMoved():
                yield Entry(
                    seq=item.seq,
                    role="tutor",
                    text=event.text,
                    move=event.move,
                    stage=stage,
                    at=item.at,
                    citations=event.citations,
                    contestable=open_to_contest and contestable(events, index),
                    contested=index in contested,
                )
            case LearnerSaid():
                yield Entry(
                    seq=item.seq,
                    role="learner",
                    text=event.text,
                    stage=stage,
                    at=item.at,
                    redacted=event.redacted,
                )
            case StageEntered(reveal=str(reveal)):
                yield Entry(seq=item.seq, role="case", text=reveal, stage=stage, at=item.at)
            case _:
                notice = _notice(event, language)
                if notice:
                    yield Entry(seq=item.seq, role="system", text=notice, stage=stage, at=item.at)


def text_of(case: LoadedCase, language: Language) -> Case:
    """The case in a language; in English where it is not written in that one."""
    return case.texts.get(language, case.structure)


def _summary(record: SessionRecord, case: LoadedCase | None, state: State) -> dict[str, Any]:
    title, order = record.case_id, list(state.entered)
    if case is not None:
        text = text_of(case, state.language)
        title, order = text.title, [s.id for s in text.road(state.entered)]
    at = order.index(state.stage) + 1 if state.stage in order else 1
    return {
        "id": record.id,
        "case_id": record.case_id,
        "case_title": title,
        "language": state.language,
        "status": "completed" if state.outcome else "paused" if state.paused else "active",
        "outcome": state.outcome,
        "created_at": record.created_at,
        "updated_at": record.stored[-1].at,
        "turns": state.learner_turns,
        "stage_index": at,
        "stages_total": len(order),
    }


def _stages(case: LoadedCase, state: State) -> Iterator[StageView]:
    for stage in text_of(case, state.language).road(state.entered):
        considered = {e.id for e in stage.expectations} & state.considered
        required = {e.id for e in stage.expectations if e.required}
        # A choice counts once its strongest counter-consideration has been weighed.
        choice = any(state.positions.get(p.id) == "stands" for p in stage.positions)
        status: Literal["done", "current", "ahead"] = "ahead"
        if stage.id in state.ended or (state.outcome and stage.id in state.entered):
            status = "done"
        elif stage.id == state.stage:
            status = "current"
        yield StageView(
            id=stage.id,
            kind=stage.kind,
            title=stage.title,
            status=status,
            considered=len(considered) + choice,
            total=len(required | considered) + bool(stage.positions),
        )


def _contested(events: Sequence[Event]) -> Iterator[int]:
    """The indexes of the tutor's turns that were contested."""
    for at, event in enumerate(events):
        if not isinstance(event, Contested):
            continue
        said = ""
        candidates: list[tuple[str, int]] = []
        for index, earlier in enumerate(events[:at]):
            if isinstance(earlier, LearnerSaid):
                said = earlier.text
            if isinstance(earlier, TutorMoved) and earlier.target == event.target:
                candidates.append((said, index))
        yield from [index for words, index in candidates if words == event.said][-1:]


def _notice(event: Event, language: Language) -> str | None:
    words = WORDS[language]
    match event:
        case Paused():
            return words.paused
        case Resumed():
            return words.resumed
        case LanguageSwitched():
            return words.switched
        case Contested(note=None):
            return words.contested
        case Contested(note=str(note)):
            gap = " " if language == "en" else ""
            return words.contested + gap + words.note.format(note=note)
        case _:
            return None
