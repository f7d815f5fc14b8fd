"""Which expectation comes next: nearest to being said, to what was said, to the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tutor.cases import LoadedCase
from tutor.dialogue.state import State
from tutor.dialogue.targets import by_priority, open_expectations

NAMES = ("E1", "E2", "E3")


@pytest.fixture
def three(tiny: LoadedCase) -> LoadedCase:
    """One stage with three expectations, E1 and E3 near each other."""
    english = tiny.texts["en"]
    first = english.stages[0].expectations[0]
    expectations = tuple(first.model_copy(update={"id": name}) for name in NAMES)
    stage = english.stages[0].model_copy(update={"expectations": expectations})
    case = english.model_copy(update={"stages": (stage,)})
    nearness = {("E1", "E2"): 0.1, ("E1", "E3"): 0.8, ("E2", "E3"): 0.2}
    return LoadedCase({"en": case}, nearness=nearness)


def test_open_is_what_is_neither_covered_nor_supplied_nor_left(three: LoadedCase) -> None:
    stage = three.structure.stages[0]
    assert open_expectations(stage, State()) == ["E1", "E2", "E3"]
    state = State(covered={"E1": "learner"}, tutored={"E2": False})
    assert open_expectations(stage, state) == ["E3"]
    assert open_expectations(stage, replace(state, left=("E3",))) == []


def test_what_is_nearest_to_being_said_comes_first(three: LoadedCase) -> None:
    state = State(best={"E2": 0.9, "E1": 0.1, "E3": 0.1})
    assert by_priority(three, state, NAMES)[0] == "E2"


def test_what_is_near_to_the_last_said_comes_before_the_rest(three: LoadedCase) -> None:
    state = State(covered={"E3": "learner"}, last_covered="E3")
    assert by_priority(three, state, ["E1", "E2"]) == ["E1", "E2"]
    assert by_priority(three, replace(state, last_covered=None), ["E2", "E1"]) == ["E2", "E1"]


def test_what_is_near_to_the_rest_comes_before_the_outlier(three: LoadedCase) -> None:
    assert by_priority(three, State(), NAMES) == ["E3", "E1", "E2"]


def test_the_one_just_abandoned_comes_last(three: LoadedCase) -> None:
    state = State(left=("E3",), best={"E3": 1.0})
    assert by_priority(three, state, NAMES)[-1] == "E3"


def test_ties_keep_the_order_they_came_in(tiny: LoadedCase) -> None:
    assert by_priority(tiny, State(), ["E1", "E2"]) == ["E1", "E2"]
    assert by_priority(tiny, State(), ["E2", "E1"]) == ["E2", "E1"]
