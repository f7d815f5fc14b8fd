"""An answer in pieces: each verbatim, none lost, never too many."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.assess.units import MOST, is_question, is_shouted, units


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("Ask him why he refuses. Then call the ethics committee.", "Ask him why he refuses."),
        ("先問他為何拒絕，再請教倫理委員會。", "再請教倫理委員會。"),
    ],
)
def test_an_answer_yields_its_clauses(text: str, piece: str) -> None:
    assert piece in units(text)


def test_neighbours_are_one_piece_unless_they_are_long() -> None:
    short = "Ask him why he refuses. Then call the ethics committee."
    assert short in units(short)
    first = "Ask him once more with the interpreter why it is that he refuses."
    second = "Then call the ethics committee about what may be said to her."
    found = units(f"{first} {second} Write it all down in the notes after you have spoken to her.")
    assert {first, second} <= set(found)
    assert f"{first} {second}" not in found


def test_a_short_answer_is_one_piece() -> None:
    assert units("document the weighing") == ["document the weighing"]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=600))
def test_every_piece_is_verbatim_and_there_are_not_too_many(text: str) -> None:
    found = units(text)
    assert len(found) <= MOST
    assert all(piece in text for piece in found)
    assert bool(found) == bool(text.strip())


@pytest.mark.parametrize(
    "text", ["What is PPV?", "Should I tell her?", "可唔可以私下WeChat佢？", "什么是敏感度？"]
)
def test_who_asks_has_not_said_it(text: str) -> None:
    assert is_question(text)


@pytest.mark.parametrize(
    "text", ["Ask what he fears.", "Perhaps we could ask IT for our own figures?", "問他擔心甚麼。"]
)
def test_a_suggestion_is_no_question(text: str) -> None:
    assert not is_question(text)


@pytest.mark.parametrize("text", ["I WOULD ASK HIM WHY.", "用 HLA TEST 之前 ALWAYS ASK FIRST"])
def test_a_text_in_capitals_is_shouted(text: str) -> None:
    assert is_shouted(text)


@pytest.mark.parametrize(
    "text", ["", "I would ask.", "PPV 同 NPV 都要睇", "GDPR, PDPO, HIPAA", "OK", "問他擔心甚麼。"]
)
def test_abbreviations_are_not_shouted(text: str) -> None:
    assert not is_shouted(text)
