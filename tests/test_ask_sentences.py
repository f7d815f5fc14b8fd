"""What is quoted is verbatim, stands in reading order, and can be understood alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.ask.sentences import Quotable, quotables, understood
from tutor.citations import squeeze


def texts(passage: str) -> list[str]:
    return [sentence.text for sentence in quotables(passage)]


def test_sentences_are_quoted_without_bullets_and_tags_and_verbatim() -> None:
    text = "# Title\n- A first thing to do here. [P] \n*An aside in italics.*\n- Short. [S]"
    assert texts(text) == ["A first thing to do here."]


@given(
    st.lists(
        st.text(alphabet="abc AB.。!！不此*-#|\n\t[P]“", min_size=0, max_size=60), max_size=8
    ).map("\n".join)
)
def test_every_quoted_sentence_is_a_substring_of_its_passage(passage: str) -> None:
    for sentence in texts(passage):
        assert sentence in passage
        assert squeeze(sentence) in squeeze(passage)


@pytest.mark.parametrize(
    "text",
    [
        "This holds for relatives as well.",
        "They have to be asked first.",
        "Therefore ask the patient first.",
        "此項安排亦適用於親屬。",
        "他們應先徵詢病人的同意。",
        "因此要先问病人本人。",
    ],
)
def test_a_sentence_that_looks_back_is_known(text: str) -> None:
    assert Quotable(text, 0).looks_back


@pytest.mark.parametrize(
    "text",
    [
        "Those who deploy a model share responsibility.",
        "That the contract replaces consent was not seen.",
        "This study covered six radiologists.",
        "這項研究沒有測試廣東話。",
        "其他人不得冒充醫生。",
        "Thistles are no matter of ethics.",
    ],
)
def test_one_that_does_not_is_left_alone(text: str) -> None:
    assert not Quotable(text, 0).looks_back


def test_an_antecedent_is_brought_from_the_same_line_or_there_is_no_quote() -> None:
    line = "- A doctor asks the patient first. This is written in the record."
    here = quotables(line)
    assert [s.text for s in here] == [
        "A doctor asks the patient first.",
        "This is written in the record.",
    ]
    assert understood(here, 0) == (0,)
    assert understood(here, 1) == (0, 1)
    apart = quotables("- A doctor asks the patient first.\n- This is written in the record.")
    assert understood(apart, 1) == ()
    long = quotables("A first thing stands here. " + "They say one thing more here. " * 4)
    assert understood(long, 2) == (0, 1, 2)
    assert understood(long, 4) == ()
