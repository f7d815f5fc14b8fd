"""When something fails: a sentence, a remedy, and nothing written is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.fake_service import FakeService

Visit = Callable[..., AppTest]
Text = Callable[[AppTest], str]
ANSWER = "I would first ask him why"


def _say(page: AppTest, words: str) -> AppTest:
    return page.chat_input[0].set_value(words).run()


def _box(page: AppTest) -> str:
    return str(page.chat_input[0].proto.value)


@pytest.mark.parametrize("where", ["library", "ask", "sessions", "case"])
@pytest.mark.usefixtures("nobody")
def test_no_service_is_one_sentence_and_a_button(visit: Visit, text: Text, where: str) -> None:
    page = visit(where)
    assert not page.exception
    assert "The service does not answer." in text(page)
    assert page.button(key="retry").label == "Try again"


@pytest.mark.usefixtures("nobody")
def test_about_needs_no_service(visit: Visit, text: Text) -> None:
    assert "What it cannot do" in text(visit("about"))


def test_trying_again_works_once_the_service_is_back(
    fake: FakeService, visit: Visit, text: Text
) -> None:
    fake.stop()
    page = visit()
    assert "The service does not answer." in text(page)
    fake.start()
    page.button(key="retry").click().run()
    assert "The sister who was not told" in text(page)


def test_an_answer_written_while_the_service_is_away_is_kept_and_sent_once(
    fake: FakeService, visit: Visit, text: Text
) -> None:
    fake.open()
    page = visit("case", session="s1")
    fake.stop()
    _say(page, ANSWER)
    assert "The service does not answer." in text(page)
    assert _box(page) == ANSWER
    assert "What should happen first?" in text(page)
    fake.start()
    page.button(key="resend").click().run()
    assert [entry["text"] for entry in fake.sessions["s1"]["transcript"]].count(ANSWER) == 1
    assert "resend" not in {button.key for button in page.button}
    assert _box(page) == ""


def test_a_lost_reply_is_fetched_with_the_same_key(
    fake: FakeService, visit: Visit, text: Text
) -> None:
    fake.open()
    fake.lose_answers = 1
    page = _say(visit("case", session="s1"), ANSWER)
    page.button(key="resend").click().run()
    assert len(fake.keys) == 2
    assert fake.keys[0] == fake.keys[1]
    assert len(fake.sessions["s1"]["transcript"]) == 3
    assert "What else would you weigh?" in text(page)


def test_an_edited_answer_gets_a_key_of_its_own(fake: FakeService, visit: Visit) -> None:
    fake.open()
    fake.problems.append((500, "internal"))
    page = _say(visit("case", session="s1"), ANSWER)
    _say(page, ANSWER + " and offer help")
    assert fake.keys[0] != fake.keys[1]
    assert fake.sessions["s1"]["transcript"][1]["text"] == ANSWER + " and offer help"
    assert "resend" not in {button.key for button in page.button}


def test_a_turn_overtaken_by_another_window(fake: FakeService, visit: Visit, text: Text) -> None:
    session = fake.open()
    page = visit("case", session="s1")
    fake.add(session, "tutor", "Said in the other window")
    _say(page, ANSWER)
    assert "The session has moved on in another window." in text(page)
    assert "Said in the other window" in text(page)
    assert _box(page) == ANSWER
    _say(page, ANSWER)
    assert fake.sessions["s1"]["transcript"][-2]["text"] == ANSWER


def test_a_session_closed_elsewhere_is_shown_closed(
    fake: FakeService, visit: Visit, text: Text
) -> None:
    session = fake.open()
    page = visit("case", session="s1")
    seq = session["seq"]
    fake.close(session)
    session["seq"] = seq
    fake.problems.append((409, "session-closed"))
    _say(page, ANSWER)
    assert "Ended early" in text(page)
    assert not page.chat_input


@pytest.mark.parametrize(
    ("status", "name", "words"),
    [
        (507, "storage-full", "no room left to keep your work"),
        (413, "too-large", "longer than the tutor can read at once"),
        (503, "not-ready", "still starting"),
        (418, "teapot", "The detail of teapot."),
    ],
)
def test_a_problem_is_told_with_what_to_do(
    fake: FakeService, visit: Visit, text: Text, status: int, name: str, words: str
) -> None:
    fake.open()
    fake.problems.append((status, name))
    page = _say(visit("case", session="s1"), ANSWER)
    assert words in text(page)
    assert _box(page) == ANSWER


def test_a_pause_that_fails_says_why(fake: FakeService, visit: Visit, text: Text) -> None:
    fake.open()
    fake.problems.append((507, "storage-full"))
    page = visit("case", session="s1")
    page.menu_button[0].click("Pause").run()
    assert "no room left to keep your work" in text(page)


def test_a_bad_address_is_named(monkeypatch: pytest.MonkeyPatch, visit: Visit, text: Text) -> None:
    monkeypatch.setenv("MAIEUTIC_API_URL", "tutor<b>")
    assert "which now says “tutor&lt;b&gt;”" in text(visit())
