"""Whose words are these?"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.dialogue.echo import clauses, is_echo, own_words

HEARD = [
    "You meet a patient whose sister has not been told about the result of the test.",
    "病人說結果是他自己的事，不准我們聯絡他的妹妹。",
]
PROMPT = "Before anyone goes past Mr Lau, I would sit down with him to find out ____."
CHINESE_PROMPT = "在有人打算繞過他之前，我會先坐下來向他了解____。"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("I would ask him. Then I would wait for it.", 2),
        ("I would ask him why, but not before he has slept", 2),
        ("Ask him; listen to him", 1),
        ("先問清楚他為何拒絕，再解釋妹妹的風險。然後等一等再說吧", 3),
        ("one line of it here\nanother line of it here", 2),
        ("No. I would first ask him why", 1),
        ("先問清楚他為何拒絕,再解釋妹妹的風險.然後等一等再說吧", 3),
        ("AI只是輔助工具, 最後由醫生決定; 要睇 3.5% 同 2,000 人", 3),
        ("要問准病人同家人.No consent, no recording at all", 2),
        ("I would ask him why，the result，and so on", 2),
        ("", 0),
    ],
)
def test_clauses_end_at_stops_and_fragments_join_their_neighbour(text: str, parts: int) -> None:
    assert len(clauses(text)) == parts


def test_clauses_are_parts_of_the_text() -> None:
    text = "Yes.  I would ask him,  and then wait.\n\n先問，再說。好"
    assert all(clause in text for clause in clauses(text))


def test_what_was_heard_is_an_echo_in_both_scripts() -> None:
    assert is_echo("A patient whose sister has not been told about the result", HEARD)
    assert is_echo("結果是他自己的事，不准我們聯絡他的妹妹", HEARD)
    assert is_echo("病人說結果是他自己的事", HEARD)


def test_a_word_or_two_that_were_heard_are_no_echo() -> None:
    assert own_words("Ask the patient about his sister", HEARD) == (
        "Ask the patient about his sister"
    )
    assert own_words("ok", HEARD) == "ok"
    assert own_words("妹妹", HEARD) == "妹妹"


def test_own_clauses_stay_as_they_were_written() -> None:
    text = "I would ask him why.  Then I would give him time."
    assert own_words(text, HEARD) == text
    text = "先問他為何拒絕，再解釋妹妹有甚麼風險。"
    assert own_words(text, HEARD) == text


def test_an_echo_between_own_clauses_is_cut_out() -> None:
    text = (
        "I would ask him why. The sister has not been told about the result of the test. "
        "So I would help him write."
    )
    assert own_words(text, HEARD) == "I would ask him why.\nSo I would help him write."


def test_of_a_prompt_written_out_again_the_filling_is_left() -> None:
    heard = [*HEARD, PROMPT]
    filled = PROMPT.replace("____", "why he refuses")
    assert own_words(filled, heard, PROMPT) == "why he refuses."
    assert own_words("I would sit down with him to find out why", heard, PROMPT) == "why"
    assert own_words(PROMPT, heard, PROMPT) == ""
    assert own_words(PROMPT.replace("____", "..."), heard, PROMPT) == ""


def test_of_a_chinese_prompt_too() -> None:
    heard = [*HEARD, CHINESE_PROMPT]
    filled = CHINESE_PROMPT.replace("____", "他為何拒絕")
    assert own_words(filled, heard, CHINESE_PROMPT) == "他為何拒絕。"
    assert own_words(CHINESE_PROMPT.replace("____", ""), heard, CHINESE_PROMPT) == ""


def test_a_filling_alone_or_other_words_are_left_alone() -> None:
    heard = [*HEARD, PROMPT]
    for text in ("why he refuses", "I would rather talk to my senior colleague about it"):
        assert own_words(text, heard, PROMPT) == text


def test_what_follows_the_blank_is_no_filling() -> None:
    prompt = "What counts in the end is ____ and not the channel."
    heard = [*HEARD, prompt]
    assert own_words("What counts in the end is and not the channel", heard, prompt) == ""


@settings(deadline=None, max_examples=80, database=None, derandomize=True)
@given(st.text(max_size=120), st.lists(st.text(max_size=60), max_size=3))
def test_whatever_is_said_own_words_are_parts_of_it(text: str, heard: list[str]) -> None:
    assert all(part in text for part in own_words(text, heard).split("\n"))
    assert all(clause in text for clause in clauses(text))
    assert own_words(text, heard, PROMPT) is not None
