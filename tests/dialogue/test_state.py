"""The state: a fold over events, and nothing else."""

from __future__ import annotations

from tutor.dialogue import (
    Completed,
    Contested,
    Covered,
    Judged,
    Judgement,
    LanguageSwitched,
    LearnerSaid,
    Paused,
    Reflected,
    Resumed,
    SessionOpened,
    StageEntered,
    State,
    TutorMoved,
    fold,
)
from tutor.dialogue.events import (
    Act,
    Event,
    Left,
    MisconceptionLeft,
    MisconceptionRepaired,
    MisconceptionVoiced,
    Move,
    PositionStands,
    PositionTaken,
    StageEnded,
    Tutored,
)

OPENED: list[Event] = [
    SessionOpened(case_id="tiny", case_version="0.1.0", language="zh-Hant"),
    StageEntered(stage="clarify"),
]


def moved(move: Move, target: str | None = None, text: str = "What now?") -> TutorMoved:
    return TutorMoved(move=move, target=target, text=text)


def said(text: str, *acts: Act) -> LearnerSaid:
    return LearnerSaid(text=text, acts=acts or ("assertion",), language="en")


def judged(target: str, probability: float) -> Judged:
    return Judged(judgements=(Judgement(target=target, verdict="absent", probability=probability),))


def test_nothing_has_happened_at_first() -> None:
    state = fold([])
    assert state == State()
    assert (state.phase, state.stage, state.settled) == ("dialogue", None, frozenset())


def test_opening_sets_case_language_and_stage() -> None:
    state = fold(OPENED)
    assert (state.case_id, state.language, state.stage) == ("tiny", "zh-Hant", "clarify")
    assert state.entered == ("clarify",)


def test_a_fold_can_be_taken_up_where_it_was_left() -> None:
    events = [*OPENED, said("a"), moved("hint", "E1"), Covered(target="E1", by="learner", span="a")]
    for cut in range(len(events) + 1):
        assert fold(events[cut:], fold(events[:cut])) == fold(events)


def test_a_fold_changes_nothing_it_was_given() -> None:
    before = fold(OPENED)
    fold([moved("hint", "E1"), Covered(target="E1", by="learner", span="a")], before)
    assert before == fold(OPENED)


def test_coverage_stays_as_it_was_first_earned() -> None:
    state = fold(
        [
            *OPENED,
            Covered(target="E1", by="learner", span="mine"),
            Covered(target="E1", by="contested", span="other"),
            Tutored(target="E1"),
        ]
    )
    assert (state.covered, state.spans) == ({"E1": "learner"}, {"E1": "mine"})


def test_what_was_supplied_or_left_can_still_be_earned() -> None:
    state = fold([*OPENED, Tutored(target="E1"), Left(target="E2")])
    assert state.considered == {"E1"}
    assert state.settled == {"E1", "E2"}
    state = fold([Covered(target=t, by="contested", span="x") for t in ("E1", "E2")], state)
    assert (state.tutored, state.left) == ({}, ())
    assert state.considered == {"E1", "E2"}


def test_a_restatement_is_never_taken_back() -> None:
    state = fold([Tutored(target="E1"), Tutored(target="E1", restated=True), Tutored(target="E1")])
    assert state.tutored == {"E1": True}


def test_ladders_count_moves_and_the_calls_for_help_they_answered() -> None:
    state = fold(
        [
            *OPENED,
            moved("pump", "E1"),
            said("?", "dont_know"),
            moved("hint", "E1"),
            said("so"),
            moved("restate", "E1"),
        ]
    )
    ladder = state.ladder("E1")
    assert dict(ladder.moves) == {"pump": 1, "hint": 1, "restate": 1}
    assert (ladder.helps, ladder.turns, ladder.count("pump", "hint")) == (1, 2, 2)
    assert state.ladder("E9").turns == 0


def test_asides_climb_no_ladder_and_cost_the_stage_no_turn() -> None:
    state = fold([*OPENED, moved("hint", "E1")])
    for move in ("answer", "acknowledge", "support", "redirect"):
        state = fold([moved(move, "E1" if move == "acknowledge" else None)], state)
    assert (state.stage_turns, state.side_turns, state.tutor_turns) == (1, 4, 5)
    assert (state.focus, state.ladder("E1").turns) == ("E1", 1)


def test_a_new_stage_begins_without_focus_or_spent_turns() -> None:
    state = fold([*OPENED, moved("hint", "E1"), moved("answer")])
    state = fold([StageEnded(stage="clarify", result="mastered"), StageEntered(stage="b")], state)
    assert (state.focus, state.stage_turns, state.side_turns) == (None, 0, 0)
    assert state.ended == {"clarify": "mastered"}
    assert state.entered == ("clarify", "b")


def test_the_focus_is_kept_until_its_target_is_settled() -> None:
    state = fold([*OPENED, moved("hint", "E1")])
    assert fold([Covered(target="E2", by="learner", span="x")], state).focus == "E1"
    assert fold([Covered(target="E1", by="learner", span="x")], state).focus is None
    assert fold([Left(target="E1")], state).focus is None


def test_misconceptions_go_from_active_to_repaired_left_or_contested() -> None:
    voiced = fold([MisconceptionVoiced(target="M1", span="x"), moved("correction", "M1")])
    assert (voiced.misconceptions, voiced.focus) == ({"M1": "active"}, "M1")
    for event, now in (
        (MisconceptionRepaired(target="M1", span="y"), "repaired"),
        (MisconceptionLeft(target="M1"), "left"),
        (Contested(target="M1", said="x"), "contested"),
    ):
        after = fold([event], voiced)
        assert (after.misconceptions, after.focus) == ({"M1": now}, None)
    assert fold([Contested(target="M2", said="x")], voiced).misconceptions == {"M1": "active"}


def test_a_position_is_held_then_stands() -> None:
    state = fold([PositionTaken(target="P1", span="wait")])
    assert (state.positions, state.spans) == ({"P1": "held"}, {"P1": "wait"})
    state = fold([PositionStands(target="P1"), PositionTaken(target="P1", span="still")], state)
    assert state.positions == {"P1": "stands"}


def test_the_best_probability_is_kept() -> None:
    state = fold([judged("E1", 0.2), judged("E1", 0.6), judged("E1", 0.4)])
    assert state.best == {"E1": 0.6}


def test_every_sentence_of_the_tutor_is_remembered() -> None:
    state = fold([moved("open", text="Noted. What now?"), moved("hint", "E1", text="And then?")])
    assert state.said == {"noted", "what now", "and then"}
    assert state.tutor_texts == ("Noted. What now?", "And then?")


def test_pausing_switching_and_the_phases() -> None:
    state = fold([*OPENED, Paused()])
    assert state.paused
    assert not fold([Resumed()], state).paused
    assert not fold([said("back")], state).paused
    assert fold([LanguageSwitched(language="en")], state).language == "en"
    ended = fold([Completed(outcome="ended_early")], state)
    assert ended.phase == "reflection"
    assert fold([Reflected(text="hm")], ended).phase == "closed"
