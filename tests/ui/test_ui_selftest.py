"""The self-test on the pages: an invitation, never a gate; nothing lost, nothing given away."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.fake_service import QUESTIONS, QUOTE, FakeService
from ui.contract import LANGUAGES

Visit = Callable[..., AppTest]
Text = Callable[[AppTest], str]
BEST = "2"


@pytest.fixture
def fake(fake: FakeService) -> FakeService:
    """A service whose cases have a self-test."""
    fake.tested = True
    return fake


def _mark(page: AppTest, *keys: str) -> AppTest:
    for radio, key in zip(page.radio, keys, strict=False):
        radio.set_value(key)
    return page.run()


def _labels(page: AppTest) -> list[str]:
    return [expander.label for expander in page.expander]


def test_the_first_form_is_offered_and_can_be_handed_in(
    fake: FakeService, visit: Visit, text: Text
) -> None:
    fake.open()
    page = visit("case", session="s1")
    assert "Four questions before you begin (3 minutes, optional)" in _labels(page)
    assert [radio.value for radio in page.radio] == [None] * 4
    assert page.radio[0].label == "1. In situation Q1, what is best?"
    assert page.radio[0].options[0] == "Option \\*1\\*"
    _mark(page, "1", BEST, BEST, "4")
    page.button(key="hand-in-pre").click().run()
    assert fake.answers["s1", "pre"] == {"Q1": "1", "Q2": "2", "Q3": "2", "Q4": "4"}
    html = text(page)
    assert "Your four answers are handed in" in html
    assert not page.radio
    for secret in ("The reason of", "of 4", "Option *"):
        assert secret not in html
    assert not page.exception


def test_it_is_gone_after_the_first_reply_and_never_in_the_way(
    fake: FakeService, visit: Visit, text: Text
) -> None:
    fake.open()
    page = visit("case", session="s1")
    page.chat_input[0].set_value("Ask him why").run()
    assert fake.sessions["s1"]["turns"] == 1
    assert not page.radio
    assert "Four questions" not in " ".join(_labels(page)) + text(page)


def test_a_case_without_one_has_no_invitation(fake: FakeService, visit: Visit, text: Text) -> None:
    fake.tested = False
    session = fake.open()
    assert "Four questions" not in " ".join(_labels(visit("case", session="s1")))
    fake.close(session)
    page = visit("case", session="s1")
    assert not page.radio
    assert "before and after" not in text(page)


def test_what_is_not_answered_is_named_and_nothing_sent(
    fake: FakeService, visit: Visit, text: Text
) -> None:
    fake.open()
    page = visit("case", session="s1")
    page.radio[1].set_value(BEST)
    page.button(key="hand-in-pre").click().run()
    assert "Not answered yet: 1, 3, 4." in text(page)
    assert fake.answers == {}
    assert page.radio[1].value == BEST


def test_answers_survive_a_service_that_is_away(
    fake: FakeService, visit: Visit, text: Text
) -> None:
    fake.open()
    page = visit("case", session="s1")
    _mark(page, "1", "2", "3", "4")
    fake.stop()
    page.button(key="hand-in-pre").click().run()
    assert "The service does not answer." in text(page)
    assert "Your answers are still marked above." in text(page)
    assert [radio.value for radio in page.radio] == ["1", "2", "3", "4"]
    fake.start()
    again = page.button(key="hand-in-pre")
    assert again.label == "Try again"
    again.click().run()
    assert list(fake.answers) == [("s1", "pre")]
    assert "The service does not answer." not in text(page)


def test_answers_survive_a_look_at_another_page(fake: FakeService, visit: Visit) -> None:
    fake.open()
    page = visit("case", session="s1")
    _mark(page, "1", "2", "3")
    page.switch_page("app_pages/about.py").run()
    page.switch_page("app_pages/case.py").run()
    assert [radio.value for radio in page.radio] == ["1", "2", "3", None]


def test_a_hand_in_whose_answer_was_lost_is_found_done(
    fake: FakeService, visit: Visit, text: Text
) -> None:
    fake.open()
    page = visit("case", session="s1")
    fake.answers["s1", "pre"] = dict.fromkeys(QUESTIONS["pre"], BEST)
    _mark(page, *[BEST] * 4)
    page.button(key="hand-in-pre").click().run()
    assert "Your four answers are handed in" in text(page)
    assert "handed in already" in text(page)


@pytest.mark.parametrize("phase", ["closed", "reflection"])
def test_after_the_case_both_forms_stand_side_by_side(
    fake: FakeService, visit: Visit, text: Text, phase: str
) -> None:
    session = fake.open()
    fake.answers["s1", "pre"] = dict.fromkeys(QUESTIONS["pre"], "3")
    fake.close(session, "completed")
    session.update(phase=phase, accepts_reply=phase == "reflection", turns=3)
    page = visit("case", session="s1")
    assert "Four questions after the case (3 minutes, optional)" in _labels(page)
    assert any(label.startswith("How the first four went") for label in _labels(page))
    _mark(page, *[BEST] * 3, "1")
    page.button(key="hand-in-post").click().run()
    html = text(page)
    for words in (
        "best answer in 0 of 4",
        "best answer in 3 of 4",
        "shows no learning gain by itself",
        "Option *3*",
        "Option *2*",
        "The reason of Q1 &lt;b&gt;.",
        "The reason of Q8 &lt;b&gt;.",
    ):
        assert words in html
    first, last = (
        next(x for x in page.expander if x.label.startswith(f"Question {n}")) for n in (1, 4)
    )
    assert first.label == "Question 1 · before: another answer · after: best answer"
    assert last.label.endswith("after: another answer")
    button = next(b for b in page.button if str(b.key).startswith("cite-test-s1-Q5"))
    button.click().run()
    assert f"<mark>{QUOTE}</mark>" in text(page)
    assert not page.exception


def test_the_second_form_alone(fake: FakeService, visit: Visit, text: Text) -> None:
    fake.close(fake.open())
    fake.answers["s1", "post"] = dict.fromkeys(QUESTIONS["post"], BEST)
    page = visit("case", session="s1")
    assert "<dt>Before the case</dt><dd>not taken</dd>" in text(page)
    assert "Question 1 · after: best answer" in _labels(page)


def test_a_status_that_cannot_be_had_is_an_error_with_a_retry(
    fake: FakeService, visit: Visit, text: Text
) -> None:
    fake.close(fake.open())
    page = visit("case", session="s1")
    fake.stop()
    page.session_state["tests"] = None
    page.run()
    assert "The service does not answer." in text(page)
    assert "You asked why." in text(page)
    fake.start()
    page.button(key="retry-selftest").click().run()
    assert page.radio


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language(fake: FakeService, visit: Visit, language: str) -> None:
    fake.open(language=language)
    page = visit("case", session="s1", lang=language)
    _mark(page, "1", "2", "2", "2")
    page.button(key="hand-in-pre").click().run()
    fake.close(fake.sessions["s1"])
    page = visit("case", session="s1", lang=language)
    _mark(page, "1", "2", "2", "2")
    page.button(key="hand-in-post").click().run()
    assert len([x for x in page.expander if "1" in x.label]) == 1
    assert not page.exception
