"""Where raters differ, what is whole, and the order of each rater."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rating.batches import DIMENSIONS, all_at
from tutor.errors import InvalidRequest
from tutor.rating import Mark, disputed, load_rubric, order
from tutor.rating.marks import check

RUBRIC = load_rubric("turn")
SCORE = st.sampled_from([0, 1, 2, None])


def test_two_steps_apart_is_a_dispute_and_one_is_where_that_was_asked_for() -> None:
    one, two = all_at(1), all_at(1, tone=2, guidance=0)
    three = all_at(1, tone=0)
    assert disputed([one, two], RUBRIC, 2) == ()
    assert disputed([one, two], RUBRIC, 1) == ("guidance", "tone")
    assert disputed([one, two, three], RUBRIC, 2) == ("tone",)


def test_that_a_question_arises_for_one_only_is_always_a_dispute() -> None:
    assert disputed([all_at(0, mistake_location=None), all_at(0)], RUBRIC, 2) == (
        "mistake_location",
    )
    both = all_at(0, mistake_location=None)
    assert disputed([both, both], RUBRIC, 1) == ()


def test_one_who_cannot_judge_disputes_nothing() -> None:
    mark = Mark(all_at(2), cannot_judge=True)
    assert disputed([mark.counted, all_at(0)], RUBRIC, 1) == ()


@given(st.lists(st.dictionaries(st.sampled_from(DIMENSIONS), SCORE), max_size=4))
def test_the_order_of_raters_decides_nothing(marks: list[dict[str, int | None]]) -> None:
    for apart in (1, 2):
        found = disputed(marks, RUBRIC, apart)
        assert disputed(marks[::-1], RUBRIC, apart) == found
        assert set(found) >= set(disputed(marks, RUBRIC, apart + 1))


def test_a_mark_is_whole_with_every_dimension_or_with_the_flag() -> None:
    assert not Mark().whole(RUBRIC)
    part = all_at(1)
    del part["tone"]
    assert not Mark(part).whole(RUBRIC)
    assert Mark(all_at(1, mistake_location=None)).whole(RUBRIC)
    assert Mark(cannot_judge=True).whole(RUBRIC)
    assert not Mark().begun
    assert Mark(comment="x").begun


@pytest.mark.parametrize("scores", [{"nothing": 1}, {"tone": 3}, {"tone": -1}, {"tone": None}])
def test_what_the_rubric_does_not_know_is_refused(scores: dict[str, int | None]) -> None:
    with pytest.raises(InvalidRequest) as told:
        check(scores, RUBRIC)
    assert told.value.remedy


def test_each_rater_has_an_order_of_their_own_and_keeps_it() -> None:
    numbers = range(1, 61)
    first = order(numbers, "b", 0, "A")
    assert first == order(numbers, "b", 0, "A")
    assert sorted(first) == list(numbers)
    others = [order(numbers, "b", 0, "B"), order(numbers, "b", 1, "A"), order(numbers, "c", 0, "A")]
    assert all(other != first for other in [*others, list(numbers)])
