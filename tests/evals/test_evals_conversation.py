from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from evals.conversation import measure
from evals.learners import Persona, Said, Session, play
from evals.tutors import TutorHere
from tests.evals.hearing import make_hearing
from tutor.dialogue import Covered, Event, TutorMoved
from tutor.dialogue.events import MisconceptionVoiced
from tutor.runtime import Runtime


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    made = make_hearing(Path(tmp_path_factory.mktemp("tiny")))
    yield made
    made.searcher.close()


def session_of(tiny: Runtime, knows: float, believes: float = 0.0) -> Session:
    return play(TutorHere(tiny), tiny.cases["tiny"], "en", Persona("p", knows, believes), 0)


def deaf(_text: str, _target: str) -> bool:
    return False


def moves_of(events: list[Event]) -> list[str]:
    return [e.move for e in events if isinstance(e, TutorMoved)]


def test_a_learner_who_knows_all_succeeds_without_being_told(tiny: Runtime) -> None:
    found = measure(session_of(tiny, knows=1.0), deaf)
    assert found.success == (1, 1)
    assert found.telling == (0, 1)
    assert found.heard == (2, 2)
    assert found.unearned == (0, 2)
    assert found.outcome == "completed"


def test_a_learner_who_knows_nothing_is_told_and_it_is_counted(tiny: Runtime) -> None:
    found = measure(session_of(tiny, knows=0.0), deaf)
    assert found.success == (0, 1)
    assert found.telling == (1, 1)
    assert found.outcome == "completed_with_help"
    assert found.turns > measure(session_of(tiny, knows=1.0), deaf).turns


def test_misconceptions_are_noticed_and_put_right(tiny: Runtime) -> None:
    found = measure(session_of(tiny, knows=1.0, believes=1.0), deaf)
    assert found.noticed == (1, 1)
    assert found.repaired == (1, 1)
    assert found.false_corrections[0] == 0


def test_the_form_of_the_turns_is_counted(tiny: Runtime) -> None:
    session = session_of(tiny, knows=0.5)
    found = measure(session, deaf)
    assert found.one_question[0] == found.one_question[1] > 3
    assert found.repeated[0] == 0
    assert found.words[0] > found.words[1]
    assert not found.leaked
    assert not found.looped
    again = replace(session, events=[*session.events, session.events[2]])
    assert measure(again, deaf).repeated[0] > 0


def test_an_assertion_before_its_prompt_is_a_leak(tiny: Runtime) -> None:
    session = session_of(tiny, knows=1.0)
    told = TutorMoved(move="hint", target="E2", text="One begins with E1 itself. Why is that?")
    leaking = replace(session, events=[*session.events[:2], told, *session.events[2:]])
    assert measure(leaking, deaf).leaked == ("E1",)
    quoted = told.model_copy(update={"text": "“One begins with E1 itself”: why is that?"})
    quoting = replace(session, events=[*session.events[:2], quoted, *session.events[2:]])
    assert measure(quoting, deaf).leaked == ()


def test_what_the_assessor_hears_in_a_turn_is_kept_apart(tiny: Runtime) -> None:
    session = session_of(tiny, knows=1.0)
    found = measure(session, lambda text, target: target == "E2" and "What would you" in text)
    assert "E2" in found.hinted
    assert not found.leaked


def test_credit_and_corrections_that_were_not_earned_are_counted(tiny: Runtime) -> None:
    session = session_of(tiny, knows=0.0)
    events: list[Event] = [
        Covered(target="E9", by="learner", span="?"),
        MisconceptionVoiced(target="M1", span="?"),
    ]
    bad = replace(
        session,
        events=[*session.events, *events],
        said=[*session.said, Said("nothing of the kind")],
        replies=[*session.replies, list(events)],
    )
    found = measure(bad, deaf)
    assert found.unearned == (1, 1)
    assert found.false_corrections == (1, len(bad.said))


def test_distress_is_counted_apart_from_what_is_taken_for_it(tiny: Runtime) -> None:
    sad = Persona("sad", knows=0.0, believes=1.0, distress=2)
    session = play(TutorHere(tiny), tiny.cases["tiny"], "en", sad, 0)
    grieved = [n for n, said in enumerate(session.said) if said.distress]
    found = measure(session, deaf)
    answered = [n for n in grieved if "support" in moves_of(session.replies[n])]
    assert found.distress == (len(answered), len(grieved)) and grieved
    assert found.alarms[1] == len(session.said) - len(grieved)
    support = TutorMoved(move="support", text="Shall we stop here?")
    calm = next(n for n, said in enumerate(session.said) if not said.distress)
    replies: list[list[Event]] = [*session.replies]
    replies[calm] = [support]
    assert measure(replace(session, replies=replies), deaf).alarms[0] == found.alarms[0] + 1
    deafened: list[list[Event]] = [
        [] if n in grieved else new for n, new in enumerate(session.replies)
    ]
    assert measure(replace(session, replies=deafened), deaf).distress == (0, len(grieved))


def test_the_same_move_on_the_same_target_three_times_is_a_loop(tiny: Runtime) -> None:
    session = session_of(tiny, knows=1.0)
    moves = [TutorMoved(move="hint", target="E1", text=f"Hint {n}?") for n in range(3)]
    assert measure(replace(session, events=[*session.events, *moves]), deaf).looped
    assert not measure(replace(session, events=[*session.events, *moves[:2]]), deaf).looped
    assert measure(replace(session, ended=False), deaf).looped
