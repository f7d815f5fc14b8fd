"""Sentences, words and questions, counted alike in English and Chinese."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.dialogue.sentences import (
    is_cjk,
    joined,
    normalise,
    questions,
    sentences,
    shorten,
    words,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Not quite. And here is why!", ["not quite", "and here is why"]),
        ("不完全對，原因如下。那麼呢？", ["不完全對 原因如下", "那麼呢"]),
        ("He said “no.” Then he left.", ["he said no", "then he left"]),
        ("**Title**\n\n- one\n- two", ["title", "one", "two"]),
        ("Version 2.1 is 0.5 better", ["version 2 1 is 0 5 better"]),
        ("他說「不要。」然後走了。", ["他說 不要", "然後走了"]),
        (" ... ", []),
        ("", []),
    ],
)
def test_sentences_are_split_and_normalised(text: str, found: list[str]) -> None:
    assert sentences(text) == found


def test_two_that_read_alike_are_equal() -> None:
    assert normalise("“Not  quite”, and — here is WHY!") == normalise("not quite and here is why")


def test_a_chinese_character_is_six_tenths_of_a_word() -> None:
    assert words("Ask him why he refuses") == 5
    assert words("先問他為何拒絕") == 4
    assert words("用 WeChat 傳訊息") == 3
    assert words("") == words("?!") == 0


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("What now?", 1),
        ("What?! Really?", 2),
        ("甚麼？", 1),
        ("You said “why?”, and that counts.", 0),
        ("你說「為何？」，那又怎樣？", 1),
        ("Fine.", 0),
    ],
)
def test_a_question_in_quotation_marks_is_not_the_tutors(text: str, count: int) -> None:
    assert questions(text) == count


def test_mostly_chinese_is_chinese() -> None:
    assert is_cjk("用 WeChat 聯絡妹妹")
    assert not is_cjk("the word 妹妹 means younger sister")
    assert not is_cjk("")


def test_a_span_is_shortened_at_a_whole_word() -> None:
    assert shorten("Ask him why.") == "Ask him why"
    assert shorten(" ".join(["word"] * 20)) == " ".join(["word"] * 14) + " …"
    assert shorten("字" * 40) == "字" * 29 + "…"
    assert shorten("why? *really*\n# no") == "why really no"


def test_english_gets_a_space_after_it_and_chinese_none() -> None:
    assert joined(["Noted.", "What now?"]) == "Noted. What now?"
    assert joined(["記下了。", "那麼呢？"]) == "記下了。那麼呢？"
    assert joined(["The Code asks.", "那麼呢？"]) == "The Code asks. 那麼呢？"
    assert joined(["記下了。", "(12) Now?"]) == "記下了。(12) Now?"
    assert joined([]) == ""


@settings(deadline=None, max_examples=100, database=None, derandomize=True)
@given(st.text())
def test_nothing_breaks_them(text: str) -> None:
    assert all(s == normalise(s) for s in sentences(text))
    assert words(text) >= 0
    assert questions(shorten(text)) == 0
    assert len(shorten(text).split(" ")) <= 15
