"""The ladders, rung by rung."""

from __future__ import annotations

import pytest

from tutor.dialogue.events import Move
from tutor.dialogue.moves import expectation_move, misconception_move
from tutor.dialogue.state import Ladder


def ladder(*moves: Move, helps: int = 0) -> Ladder:
    made = Ladder()
    for i, move in enumerate(moves):
        made = made.with_move(move, helping=i < helps)
    return made


@pytest.mark.parametrize(
    ("done", "helps", "move"),
    [
        ((), 0, "hint"),
        (("hint",), 1, "prompt"),
        (("hint", "prompt"), 2, "assertion"),
        (("hint", "prompt", "assertion"), 3, None),
        (("pump",), 0, "hint"),
        (("pump", "hint"), 0, "hint"),
        (("hint", "hint", "hint"), 0, "prompt"),
        (("prompt",), 0, "assertion"),
        (("confirm",), 0, "hint"),
    ],
)
def test_who_asks_for_help_climbs_and_never_jumps(
    done: tuple[Move, ...], helps: int, move: Move | None
) -> None:
    found = expectation_move(ladder(*done, helps=helps), helping=True, partial=False, may_pump=True)
    assert found == move


@pytest.mark.parametrize(
    ("done", "may_pump", "move"),
    [
        ((), True, "pump"),
        ((), False, "hint"),
        (("pump",), True, "hint"),
        (("pump", "hint"), False, "hint"),
        (("pump", "hint", "hint"), False, "prompt"),
        (("hint", "prompt"), False, "assertion"),
        (("assertion",), True, None),
    ],
)
def test_a_thin_answer_is_pumped_then_hinted_then_prompted(
    done: tuple[Move, ...], may_pump: bool, move: Move | None
) -> None:
    assert expectation_move(ladder(*done), helping=False, partial=False, may_pump=may_pump) == move


@pytest.mark.parametrize(
    ("done", "move"),
    [
        ((), "prompt"),
        (("hint",), "prompt"),
        (("prompt",), "hint"),
        (("prompt", "hint", "hint"), "hint"),
        (("prompt", "hint", "hint", "hint"), "assertion"),
    ],
)
def test_an_answer_that_comes_near_is_given_the_beginning_of_the_sentence(
    done: tuple[Move, ...], move: Move
) -> None:
    assert expectation_move(ladder(*done), helping=False, partial=True, may_pump=True) == move


@pytest.mark.parametrize(
    ("done", "helping", "move"),
    [
        ((), False, "correction"),
        ((), True, "correction"),
        (("correction",), False, "hint"),
        (("correction", "hint"), False, "prompt"),
        (("correction", "hint", "prompt"), False, "correction"),
        (("correction", "hint", "prompt", "correction"), False, None),
        (("correction", "hint"), True, "hint"),
        (("correction", "hint", "hint"), True, "prompt"),
    ],
)
def test_a_misconception_is_corrected_first_and_last(
    done: tuple[Move, ...], helping: bool, move: Move | None
) -> None:
    assert misconception_move(ladder(*done), helping=helping) == move


def test_every_ladder_ends() -> None:
    for helping in (True, False):
        for partial in (True, False):
            climbed = Ladder()
            for _ in range(12):
                move = expectation_move(climbed, helping=helping, partial=partial, may_pump=True)
                if move is None:
                    break
                climbed = climbed.with_move(move, helping=helping)
            else:
                pytest.fail("the ladder has no end")
            assert climbed.count("assertion") == climbed.count("prompt") == 1
