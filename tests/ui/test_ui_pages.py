"""Asking, one's sessions, signing in."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from tests.ui.fake_service import QUOTE, FakeService, a_case

Visit = Callable[..., AppTest]
Text = Callable[[AppTest], str]
QUESTION = "When may a doctor disclose?"


def _ask(page: AppTest, question: str) -> AppTest:
    page.text_area(key="question").set_value(question)
    return page.button[0].click().run()


def test_an_answer_is_cited_sentence_by_sentence(
    fake: FakeService, visit: Visit, text: Text
) -> None:
    del fake
    page = _ask(visit("ask"), QUESTION)
    assert "What the corpus says" in text(page)
    assert f"<p>{QUOTE}.</p>" in text(page)
    page.button(key="cite-ask-0-1").click().run()
    assert f"<mark>{QUOTE}</mark>" in text(page)


def test_what_the_corpus_does_not_hold_is_said_and_cited_by_nothing(
    fake: FakeService, visit: Visit, text: Text
) -> None:
    fake.answer = {"found": False, "text": "The corpus is silent.", "sentences": []}
    page = _ask(visit("ask"), "How do I bake bread?")
    assert "Not in the corpus" in text(page)
    assert not any(str(button.key).startswith("cite-") for button in page.button)


def test_an_empty_question_is_not_sent(fake: FakeService, visit: Visit, text: Text) -> None:
    del fake
    assert "Write a question first." in text(_ask(visit("ask"), "   "))


def test_a_question_is_kept_while_the_service_is_away(
    fake: FakeService, visit: Visit, text: Text
) -> None:
    page = visit("ask")
    fake.stop()
    _ask(page, QUESTION)
    assert "The service does not answer." in text(page)
    assert page.text_area(key="question").value == QUESTION


def test_sessions_newest_first_with_their_status(
    fake: FakeService, visit: Visit, text: Text
) -> None:
    fake.cases.append(a_case("second", title="The second"))
    fake.open()
    fake.close(fake.open("second"), "completed")
    html = text(visit("sessions"))
    assert html.index("The second") < html.index("The sister who was not told")
    assert "In progress" in html
    assert "Completed" in html
    assert "stage 1 of 2 · answers: 0" in html


def test_no_session_yet(fake: FakeService, visit: Visit, text: Text) -> None:
    del fake
    assert "You have not begun a case yet." in text(visit("sessions"))


def test_a_session_is_erased_only_after_a_yes(fake: FakeService, visit: Visit, text: Text) -> None:
    fake.open()
    page = visit("sessions")
    page.button(key="delete-s1").click().run()
    assert "will be erased" in text(page)
    page.button(key="delete-no").click().run()
    assert fake.sessions
    page.button(key="delete-s1").click().run()
    page.button(key="delete-yes").click().run()
    assert not fake.sessions
    assert "You have not begun a case yet." in text(page)


def test_signing_in_and_out(fake: FakeService, visit: Visit, text: Text) -> None:
    fake.password = "right"
    fake.open()
    page = visit("case", session="s1")
    assert "What should happen first?" not in text(page)
    page.text_input(key="user").set_value("ng")
    page.text_input(key="password").set_value("wrong")
    page.button[0].click().run()
    assert "do not fit" in text(page)
    page.text_input(key="password").set_value("right")
    page.button[0].click().run()
    assert "What should happen first?" in text(page)
    page.button(key="sign-out").click().run()
    assert "What should happen first?" not in text(page)
    assert "token" not in page.session_state


def test_a_sign_in_that_runs_out_keeps_what_was_written(
    fake: FakeService, visit: Visit, text: Text
) -> None:
    fake.open()
    page = visit("case", session="s1")
    fake.password = "right"
    page.chat_input[0].set_value("A long thought").run()
    assert "Sign in" in text(page)
    page.text_input(key="user").set_value("ng")
    page.text_input(key="password").set_value("right")
    page.button[0].click().run()
    assert str(page.chat_input[0].proto.value) == "A long thought"


def test_somebody_else_at_the_same_machine_sees_nothing_of_it(
    fake: FakeService, visit: Visit
) -> None:
    fake.password = "right"
    fake.open()
    page = visit("case", session="s1")
    page.session_state["username"] = "other"
    page.session_state["attempt"] = "theirs"
    page.text_input(key="user").set_value("ng")
    page.text_input(key="password").set_value("right")
    page.button[0].click().run()
    assert "attempt" not in page.session_state
