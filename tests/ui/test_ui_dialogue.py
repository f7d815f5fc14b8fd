"""A session: the dialogue, its citations, its menu, its end."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from tests.ui.fake_service import QUOTE, FakeService

Visit = Callable[..., AppTest]
Text = Callable[[AppTest], str]


def _say(page: AppTest, words: str) -> AppTest:
    return page.chat_input[0].set_value(words).run()


def test_a_turn_shows_both_voices_and_counts_without_naming(
    fake: FakeService, visit: Visit, text: Text
) -> None:
    fake.open()
    page = _say(visit("case", session="s1"), "I would ask him why")
    html = text(page)
    assert "I would ask him why" in html
    assert "Tutor · a hint" in html
    assert "Stage 1 of 2: Before clinic" in html
    assert "1 of 3 considered" in html
    assert [entry["role"] for entry in fake.sessions["s1"]["transcript"]][1:] == [
        "learner",
        "tutor",
    ]
    assert not page.exception


def test_what_anybody_says_stays_text(fake: FakeService, visit: Visit, text: Text) -> None:
    fake.reply = lambda said: {"text": f"You said {said}"}
    fake.open()
    page = _say(visit("case", session="s1"), "<script>alert(1)</script> ![x](http://e/x.png)")
    assert "<script>alert" not in text(page)
    assert text(page).count("&lt;script&gt;alert(1)&lt;/script&gt; ![x](http://e/x.png)") == 2


def test_new_facts_and_notices_look_like_neither_voice(
    fake: FakeService, visit: Visit, text: Text
) -> None:
    session = fake.open()
    fake.add(session, "case", "Three weeks pass.", stage="last")
    fake.add(session, "system", "Resumed.")
    html = text(visit("case", session="s1"))
    assert '<section class="mx-reveal" aria-label="New in the case">' in html
    assert '<p class="mx-event"' in html
    assert html.count("Three weeks pass.") == 3  # In the dialogue and twice with the story.


def test_a_citation_opens_its_passage_with_the_quote_marked(
    fake: FakeService, visit: Visit, text: Text
) -> None:
    fake.open()
    page = _say(visit("case", session="s1"), "Hm")
    button = next(b for b in page.button if str(b.key).startswith("cite-"))
    assert button.label.startswith("\\[1\\] Code of Professional Conduct")
    button.click().run()
    html = text(page)
    assert f"<mark>{QUOTE}</mark>" in html
    for words in (
        "Medical Council of Hong Kong · 2016",
        "What it asks · p. 12",
        "Checked against a secondary account only",
        "What stands before.",
        "What stands after.",
    ):
        assert words in html
    assert "<script>alert" not in html
    assert page.get("link_button")[0].proto.url == "https://example.org/code"


def test_a_passage_that_cannot_be_fetched_still_shows_the_quote(
    fake: FakeService, visit: Visit, text: Text
) -> None:
    fake.open()
    fake.passages.clear()
    page = _say(visit("case", session="s1"), "Hm")
    next(b for b in page.button if str(b.key).startswith("cite-")).click().run()
    assert f'<blockquote lang="en"><p>{QUOTE}</p></blockquote>' in text(page)


def test_a_judgement_can_be_contested_once(fake: FakeService, visit: Visit, text: Text) -> None:
    fake.open()
    page = _say(visit("case", session="s1"), "I said it")
    page.text_area[0].set_value("In my second sentence")
    page.button(key="contest-s1-3").click().run()
    assert "You said that you had covered this" in text(page)
    assert "I hear you." in text(page)
    assert "contest-s1-3" not in {button.key for button in page.button}


def test_pausing_and_resuming(fake: FakeService, visit: Visit, text: Text) -> None:
    fake.open()
    page = visit("case", session="s1")
    page.menu_button[0].click("Pause").run()
    assert "This session is paused." in text(page)
    assert not page.chat_input
    page.button(key="resume").click().run()
    assert page.chat_input


def test_ending_early_asks_first_and_shows_the_synthesis(
    fake: FakeService, visit: Visit, text: Text
) -> None:
    fake.open()
    page = visit("case", session="s1")
    page.menu_button[0].click("End early").run()
    assert fake.sessions["s1"]["status"] == "active"
    page.button(key="end-yes").click().run()
    assert fake.sessions["s1"]["status"] == "completed"
    assert "Ended early" in text(page)
    assert "You asked why." in text(page)


def test_a_finished_session_keeps_outcome_synthesis_reading_and_transcript(
    fake: FakeService, visit: Visit, text: Text
) -> None:
    session = fake.open()
    fake.add(session, "tutor", "Contestable once", contestable=True)
    fake.close(session, "completed_with_help")
    page = visit("case", session="s1")
    html = text(page)
    assert "Completed with help" in html
    assert '<h3 class="mx-sub">Synthesis</h3>' in html
    assert 'href="https://example.org/code"' in html
    assert not page.chat_input
    assert page.get("download_button")
    assert not any(str(button.key).startswith("contest-") for button in page.button)


def test_a_reflection_is_asked_for_before_the_end(
    fake: FakeService, visit: Visit, text: Text
) -> None:
    session = fake.open()
    fake.close(session, "completed")
    session.update(accepts_reply=True, phase="reflection")
    page = visit("case", session="s1")
    assert page.chat_input[0].placeholder.startswith("What would you do differently")
    assert "Completed" in text(page)
    assert not page.menu_button


def test_the_dialogue_can_follow_the_language_of_the_pages(
    fake: FakeService, visit: Visit, text: Text
) -> None:
    fake.open()
    page = visit("case", session="s1", lang="zh-Hant")
    assert "這次對話使用英文。" in text(page)
    page.button(key="follow").click().run()
    assert fake.sessions["s1"]["language"] == "zh-Hant"
    page.menu_button[0].click("改用簡體中文繼續").run()
    assert fake.sessions["s1"]["language"] == "zh-Hans"


def test_a_reload_or_a_second_tab_takes_the_session_up(
    fake: FakeService, visit: Visit, text: Text
) -> None:
    fake.open()
    _say(visit("case", session="s1"), "From the first tab")
    assert "From the first tab" in text(visit("case", session="s1"))
