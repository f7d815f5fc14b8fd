"""Speech acts that no set phrase gives away."""

from __future__ import annotations

import pytest

from ingest import Encoder
from tutor.assess.acts import ActExemplars


@pytest.fixture(scope="module")
def acts(e5: Encoder) -> ActExemplars:
    """The examples under the real encoder."""
    return ActExemplars(e5)


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Which bus goes to the airport from here, please?", "off_task"),
        (
            "Something like this happened to me, the patient did not survive, I can't forgive it",
            "distress",
        ),
    ],
)
def test_likeness_finds_the_act(acts: ActExemplars, text: str, act: str) -> None:
    assert acts.nearest(text, near=0.9) == act


@pytest.mark.parametrize(
    "text",
    [
        "Ask him why he refuses and offer a family letter.",
        "保密是例外情况下可以打破的，要衡量伤害。",
        "low score does not mean low risk",
    ],
)
def test_a_statement_about_the_case_stays_one(acts: ActExemplars, text: str) -> None:
    assert acts.nearest(text) is None


def test_a_long_message_says_something_of_its_own(acts: ActExemplars) -> None:
    assert acts.nearest("Where can I get a decent coffee around here? " * 10) is None
