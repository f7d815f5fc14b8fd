"""The rows of real sessions, from the records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evals.export.runs import judgement
from evals.export.tables import REAL, Rows
from evals.export.veil import Talk, Veil, quarter
from ingest import Language
from tutor.dialogue import Completed, Judged, LearnerSaid, SessionOpened, TutorMoved
from tutor.dialogue.events import Contested, LanguageSwitched, Reflected
from tutor.records import EventStore, Form, HandedIn, SessionRecord


def rows_of_sessions(store: EventStore, veil: Veil) -> Rows:
    """Everybody's sessions, none of them with anything of whose it is.

    Their order is that of the pseudonyms, which says nothing of who came first.

    Raises:
        RecordsError: the records cannot be read.
    """
    for record in store.every(veil.pseudonym):
        name = veil.pseudonym(record.id)
        yield "sessions", {"session": name, **_session(record, store.self_tests.of(record.id))}
        for table, row in _events(record, veil):
            yield table, {"session": name, **row}


def _session(record: SessionRecord, tests: Mapping[Form, HandedIn]) -> dict[str, Any]:
    opened = next((e for e in record.events if isinstance(e, SessionOpened)), None)
    before, after = tests.get("pre"), tests.get("post")
    either = before or after
    return {
        "case": record.case_id,
        "case_version": opened.case_version if opened else None,
        "language": opened.language if opened else None,
        "origin": REAL,
        "quarter": quarter(record.created_at),
        "messages": sum(isinstance(e, LearnerSaid) for e in record.events),
        "outcome": next((e.outcome for e in record.events if isinstance(e, Completed)), None),
        "test_before": before.score if before else None,
        "test_after": after.score if after else None,
        "test_questions": either.total if either else None,
    }


def _events(record: SessionRecord, veil: Veil) -> Rows:
    language: Language = "en"
    talk, turn, heard = Talk(veil), 0, 0
    for event in record.events:
        if isinstance(event, SessionOpened | LanguageSwitched):
            language = event.language
        elif isinstance(event, Judged):
            for j in event.judgements:
                row = judgement(j.target, j.verdict, j.probability, talk.span(j.span))
                yield "judgements", {"turn": heard or None, "label": None, **row}
        elif isinstance(event, LearnerSaid | TutorMoved | Reflected | Contested):
            turn += 1
            if isinstance(event, LearnerSaid):
                heard = turn
            yield "turns", {"turn": turn, "origin": REAL, **_turn(event, language, talk)}


def _turn(
    event: LearnerSaid | TutorMoved | Reflected | Contested, language: Language, talk: Talk
) -> dict[str, Any]:
    words = (event.note or "") if isinstance(event, Contested) else event.text
    text, kinds = talk.seen(words)
    row: dict[str, Any] = {
        "speaker": "tutor" if isinstance(event, TutorMoved) else "learner",
        "kind": "message",
        "language": language,
        "text": text,
        "characters": len(text),
    }
    if isinstance(event, LearnerSaid):
        kinds = tuple(dict.fromkeys((*event.redacted, *kinds)))
        row |= {"language": event.language, "acts": " ".join(event.acts)}
    elif isinstance(event, TutorMoved):
        row |= {"move": event.move, "target": event.target, "wording": event.wording}
    elif isinstance(event, Contested):
        row |= {"kind": "contest", "target": event.target}
    else:
        row |= {"kind": "reflection"}
    return row | {"redacted": " ".join(kinds)}
