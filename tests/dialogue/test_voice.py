"""One turn in the making: nothing is said twice, and what must be said is always said."""

from __future__ import annotations

from tutor.dialogue.phrases import Phrases
from tutor.dialogue.state import State
from tutor.dialogue.voice import Voice

BOOK = Phrases(
    {
        "ask": ("What now?", "And {topic}?"),
        "note": ("Noted.", "Noted again."),
        "long": ("One thing. Another thing.", "The last thing."),
    },
    {},
)


def voice(*said: str, turns: int = 4) -> Voice:
    return Voice(State(said=frozenset(said), tutor_turns=turns), BOOK)


def test_frames_are_used_in_order_and_once() -> None:
    speaking = voice("noted")
    assert speaking.frame("note")
    assert not speaking.frame("note")
    assert speaking.text == "Noted again."


def test_a_frame_of_which_one_sentence_was_heard_is_passed_over() -> None:
    speaking = voice("another thing")
    assert speaking.frame("long")
    assert speaking.text == "The last thing."


def test_an_authored_text_is_said_unless_all_of_it_was() -> None:
    speaking = voice("ask him")
    assert not speaking.say("Ask him!")
    assert speaking.silent
    assert speaking.say("Ask him! Then wait.")
    assert not speaking.say("")
    assert not speaking.silent


def test_a_question_is_never_left_out() -> None:
    speaking = voice("what now", "and it")
    speaking.ask("ask", topic="it")
    assert speaking.text == "(5) And it?"


def test_an_authored_question_heard_before_is_put_in_other_words() -> None:
    speaking = voice("who is she")
    speaking.ask_text("Who is she?", "ask", topic="her")
    assert speaking.text == "What now?"


def test_what_must_be_said_is_said_however_often() -> None:
    said: set[str] = set()
    for turns in range(5):
        speaking = Voice(State(said=frozenset(said), tutor_turns=turns), BOOK)
        speaking.insist("note")
        assert "Noted" in speaking.text
        assert speaking.text.lower().strip(".") not in said
        said.add(speaking.text.lower().replace("(", "").replace(")", "").strip("."))


def test_slots_may_hold_anything() -> None:
    speaking = voice("what now")
    assert speaking.frame("ask", topic="{0} %s {topic}")
    assert speaking.text == "And {0} %s {topic}?"


def test_a_tail_belongs_to_the_frame() -> None:
    speaking = voice()
    assert speaking.frame("note", tail=" ____")
    assert speaking.text == "Noted. ____"
