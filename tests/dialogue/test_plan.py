"""The policy: what is decided, by the tables of the method."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tutor.cases import LoadedCase
from tutor.cases.schema import Branch, Stage, When
from tutor.dialogue import TutorMoved, fold
from tutor.dialogue.events import (
    Act,
    Event,
    Left,
    MisconceptionLeft,
    PositionStands,
    SessionOpened,
    StageEnded,
    StageEntered,
)
from tutor.dialogue.plan import (
    POSITION_TURNS,
    SIDE_BUDGET,
    EndCase,
    Say,
    Settle,
    Turn,
    decide,
    next_stage,
    result,
    stage_budget,
)
from tutor.dialogue.state import Ladder, State

THIN = Turn(("assertion",))
HELP = Turn(("dont_know",))


def at(stage: str = "clarify", **changes: object) -> State:
    opened: list[Event] = [
        SessionOpened(case_id="tiny", case_version="0.1.0", language="en"),
        StageEntered(stage=stage),
    ]
    return replace(fold(opened), **changes)  # type: ignore[arg-type]


def asked(move: str, target: str | None = None) -> TutorMoved:
    return TutorMoved(move=move, target=target, text="What?")  # type: ignore[arg-type]


def severe(case: LoadedCase) -> LoadedCase:
    """The tiny case with a second, safety-critical misconception behind the first."""
    english = case.texts["en"]
    stage = english.stages[0]
    second = stage.misconceptions[0].model_copy(update={"id": "M2", "severity": "safety_critical"})
    changed = stage.model_copy(update={"misconceptions": (*stage.misconceptions, second)})
    return LoadedCase({"en": english.model_copy(update={"stages": (changed, english.stages[1])})})


def test_a_question_comes_first(tiny: LoadedCase) -> None:
    state = at(misconceptions={"M1": "active"}, focus="E1")
    assert decide(tiny, state, Turn(("question",))) == Say("answer")


def test_a_misconception_voiced_in_the_question_itself_comes_before_it(tiny: LoadedCase) -> None:
    state = at(misconceptions={"M1": "active"})
    turn = Turn(("assertion", "question"), voiced=("M1",))
    assert decide(tiny, state, turn) == Say("correction", "M1")


@pytest.mark.parametrize(
    ("act", "move"),
    [
        ("injection", "redirect"),
        ("off_task", "redirect"),
        ("empty", "redirect"),
        ("meta", "acknowledge"),
        ("affect", "acknowledge"),
    ],
)
def test_asides_are_met_and_lead_back(tiny: LoadedCase, act: Act, move: str) -> None:
    assert decide(tiny, at(), Turn((act,))) == Say(move, aside=act)  # type: ignore[arg-type]


def test_an_aside_that_also_says_something_is_no_aside(tiny: LoadedCase) -> None:
    state = at(covered={"E1": "learner"})
    found = decide(tiny, state, Turn(("affect", "assertion"), covered=("E1",)))
    assert found == Say("hint", "E2")


def test_asides_cannot_go_on_for_ever(tiny: LoadedCase) -> None:
    for act in ("question", "injection", "empty"):
        spent = at(side_turns=SIDE_BUDGET)
        assert decide(tiny, spent, Turn((act,))) == Say("pump", "E1")  # type: ignore[arg-type]


def test_what_endangers_patients_is_corrected_first(tiny: LoadedCase) -> None:
    case = severe(tiny)
    state = at(misconceptions={"M1": "active", "M2": "active"}, focus="M1")
    assert decide(case, state, THIN) == Say("correction", "M2")
    state = at(misconceptions={"M1": "active", "M2": "repaired"}, focus="M1")
    assert decide(case, state, THIN) == Say("correction", "M1")


def test_a_misconception_whose_ladder_has_ended_is_left(tiny: LoadedCase) -> None:
    done = Ladder({"correction": 2, "hint": 1, "prompt": 1})
    state = at(misconceptions={"M1": "active"}, ladders={"M1": done})
    assert decide(tiny, state, THIN) == Settle(MisconceptionLeft(target="M1"))


def test_the_target_in_focus_is_kept(tiny: LoadedCase) -> None:
    english = tiny.texts["en"]
    stage = english.stages[0]
    both = tuple(e.model_copy(update={"required": True}) for e in stage.expectations)
    stages = (stage.model_copy(update={"expectations": both}), english.stages[1])
    case = LoadedCase({"en": english.model_copy(update={"stages": stages})})
    state = at(focus="E2", best={"E1": 0.9}, ladders={"E2": Ladder({"pump": 1})})
    assert decide(case, state, THIN) == Say("hint", "E2")
    assert decide(case, replace(state, focus=None), THIN) == Say("hint", "E1")


def test_required_comes_before_optional_whatever_is_nearer(tiny: LoadedCase) -> None:
    assert decide(tiny, at(best={"E2": 0.99}), THIN) == Say("pump", "E1")


def test_one_pump_a_stage(tiny: LoadedCase) -> None:
    state = at(ladders={"E2": Ladder({"pump": 1})})
    assert decide(tiny, state, THIN) == Say("hint", "E1")


def test_six_turns_on_a_target_are_enough(tiny: LoadedCase) -> None:
    state = at(focus="E1", ladders={"E1": Ladder({"hint": 3, "confirm": 3})})
    assert decide(tiny, state, HELP) == Settle(Left(target="E1"))


def test_an_optional_target_gets_one_turn_and_help_where_it_is_asked_for(tiny: LoadedCase) -> None:
    state = at(covered={"E1": "learner"}, focus="E2", ladders={"E2": Ladder({"hint": 1})})
    assert decide(tiny, state, THIN) == Settle(Left(target="E2"))
    assert decide(tiny, state, HELP) == Say("hint", "E2")


def test_after_an_assertion_a_restatement_is_asked_for_once(tiny: LoadedCase) -> None:
    state = at(tutored={"E1": False}, last_move=asked("assertion", "E1"))
    assert decide(tiny, state, THIN) == Say("restate", "E1")
    assert decide(tiny, replace(state, last_move=asked("restate", "E1")), THIN) == Say("hint", "E2")
    for turn in (HELP, Turn(("assertion",), restated=("E1",))):
        assert decide(tiny, state, turn) != Say("restate", "E1")


def test_what_is_unsure_is_asked_about_once(tiny: LoadedCase) -> None:
    turn = Turn(("assertion",), unsure=("E1", "E2"))
    assert decide(tiny, at(focus="E2"), turn) == Say("confirm", "E2")
    assert decide(tiny, at(), turn) == Say("confirm", "E1")
    asked_before = at(ladders={"E1": Ladder({"confirm": 1}), "E2": Ladder({"confirm": 1})})
    found = decide(tiny, asked_before, turn)
    assert isinstance(found, Say)
    assert found.move != "confirm"
    assert decide(tiny, at(), Turn(("dont_know",), unsure=("E1",))) == Say("hint", "E1")


def test_a_decision_is_asked_for_then_offered_then_left(tiny: LoadedCase) -> None:
    state = at("decide", stage_turns=1)
    assert decide(tiny, state, THIN) == Say("pump")
    assert decide(tiny, state, HELP) == Say("prompt")
    assert decide(tiny, at("decide", stage_turns=POSITION_TURNS - 1), THIN) == Say("prompt")
    assert decide(tiny, at("decide", stage_turns=POSITION_TURNS), THIN) == Settle(
        StageEnded(stage="decide", result="not_mastered")
    )


def test_a_position_is_challenged_once_and_stands_when_all_is_weighed(tiny: LoadedCase) -> None:
    held = at("decide", positions={"P1": "held"})
    assert decide(tiny, held, THIN) == Say("challenge", "P1")
    challenged = replace(held, ladders={"P1": Ladder({"challenge": 1})})
    assert decide(tiny, challenged, THIN) == Say("hint", "E1")
    for weighed in ({"covered": {"E1": "learner"}}, {"tutored": {"E1": False}}):
        state = replace(challenged, **weighed)  # type: ignore[arg-type]
        assert decide(tiny, state, THIN) == Settle(PositionStands(target="P1"))
    stands = replace(challenged, positions={"P1": "stands"}, covered={"E1": "learner"})
    assert decide(tiny, stands, THIN) == Settle(StageEnded(stage="decide", result="mastered"))


def test_a_stage_out_of_turns_leaves_what_is_open_then_ends(tiny: LoadedCase) -> None:
    budget = stage_budget(tiny.structure.stages[0])
    assert budget == 1 + 6 + 3 + 4
    state = at(stage_turns=budget, covered={"E1": "learner"})
    assert decide(tiny, state, THIN) == Settle(Left(target="E2"))
    spent = replace(state, left=("E2",))
    assert decide(tiny, spent, THIN) == Settle(StageEnded(stage="clarify", result="mastered"))


def test_a_stage_that_ended_last_ends_the_case(tiny: LoadedCase) -> None:
    assert decide(tiny, at("decide", ended={"decide": "mastered"}), THIN) == EndCase()


def test_only_what_is_the_learners_own_is_mastery(tiny: LoadedCase) -> None:
    stage = tiny.structure.stages[0]
    assert result(stage, at()) == "not_mastered"
    assert result(stage, at(tutored={"E1": True})) == "not_mastered"
    assert result(stage, at(left=("E1",))) == "not_mastered"
    assert result(stage, at(covered={"E1": "confirmed"})) == "mastered"
    decision = tiny.structure.stages[1]
    assert result(decision, at("decide")) == "not_mastered"
    assert result(decision, at("decide", positions={"P2": "held"})) == "mastered"


def routed(case: LoadedCase, when: When | None, then: str | None = None) -> LoadedCase:
    english = case.texts["en"]
    first, second = english.stages
    third = Stage(id="after", kind="reflect", title="After", question="And now?")
    branches = () if when is None else (Branch(when=when, go="after"),)
    changed = first.model_copy(update={"next": branches, "then": then})
    stages = (changed, second, third)
    return LoadedCase({"en": english.model_copy(update={"stages": stages})})


@pytest.mark.parametrize(
    ("when", "changes", "then", "stage"),
    [
        (None, {}, None, "decide"),
        (None, {}, "after", "after"),
        (None, {}, "end", None),
        (When(covered=("E1", "E2")), {"covered": {"E1": "learner"}}, None, "decide"),
        (When(covered=("E1",)), {"covered": {"E1": "learner"}}, "end", "after"),
        (When(misconception="M1"), {"misconceptions": {"M1": "repaired"}}, None, "after"),
        (When(misconception="M1"), {}, None, "decide"),
        (When(position="P1"), {"positions": {"P1": "held"}}, None, "after"),
        (When(position="P1"), {"positions": {"P2": "held"}}, None, "decide"),
    ],
)
def test_the_next_stage_is_the_first_branch_that_holds_then_then_then_the_next(
    tiny: LoadedCase,
    when: When | None,
    changes: dict[str, object],
    then: str | None,
    stage: str | None,
) -> None:
    assert next_stage(routed(tiny, when, then), at(**changes)) == stage


def test_the_last_stage_has_none_after_it(tiny: LoadedCase) -> None:
    assert next_stage(tiny, at("decide")) is None
