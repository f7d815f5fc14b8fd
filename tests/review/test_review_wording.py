"""What may become an example: the people of the case may be named in it, nobody else."""

from __future__ import annotations

import pytest

from tests.dialogue.talk import G1
from tutor.errors import InvalidRequest
from tutor.review.wording import exemplar_text
from tutor.runtime import Runtime


def test_the_people_of_the_case_keep_their_names(runtime: Runtime) -> None:
    words = "I would talk to Mr Lau again before anything else"
    assert exemplar_text(words, runtime.cases[G1].told) == words
    assert "Lau" not in exemplar_text(words, "")


def test_other_people_do_not(runtime: Runtime) -> None:
    assert "Cheung" not in exemplar_text(
        "I would talk to Mr Cheung again, as I did last week", runtime.cases[G1].told
    )


@pytest.mark.parametrize("text", ["yes", "好", "  ok  "])
def test_a_word_alone_is_no_example(text: str) -> None:
    with pytest.raises(InvalidRequest, match="too few"):
        exemplar_text(text, "")
