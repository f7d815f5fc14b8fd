"""The rating page: nothing clicked is lost, all can be changed, and nobody sees too much."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.ui.conftest import free_port
from tests.ui.fake_rating import FakeRating
from tests.ui.fake_service import FakeService

Visit = Callable[..., AppTest]
Text = Callable[[AppTest], str]


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeRating]:
    """A running service with a batch, before an evaluator."""
    rating = FakeRating()
    service = FakeService(
        free_port(), roles=("learner", "evaluator"), more_routes=(rating.routes(),)
    )
    monkeypatch.setenv("MAIEUTIC_API_URL", service.url)
    service.start()
    yield rating
    st.cache_resource.clear()
    service.stop()


def give(page: AppTest, dimension: str, choice: int | str, at: int = 1) -> AppTest:
    return page.radio(key=f"rate-score-first-{at}-{dimension}").set_value(choice).run()


def press(page: AppTest, key: str) -> AppTest:
    return page.button(key=key).click().run()


def test_the_page_is_for_those_who_rate(held: FakeRating, visit: Visit, text: Text) -> None:
    held.refuses = True
    assert "You are not allowed to do this." in text(visit("rating"))


def test_without_a_batch_it_says_how_one_is_made(
    held: FakeRating, visit: Visit, text: Text
) -> None:
    held.batches = []
    assert "maieutic eval rate make" in text(visit("rating"))


def test_a_seat_is_taken_and_the_first_item_shown(
    held: FakeRating, visit: Visit, text: Text
) -> None:
    held.seated = False
    page = press(visit("rating"), "begin-first")
    assert "Item 1 of 2" in text(page)
    assert "0 of 2 rated" in text(page)


def test_one_who_comes_too_late_is_told(held: FakeRating, visit: Visit, text: Text) -> None:
    held.seated, held.faster = False, True
    page = press(visit("rating"), "begin-first")
    assert "All places in this batch are taken." in text(page)


def test_an_item_shows_the_marked_turn_and_no_markup_of_anybodys(
    held: FakeRating, visit: Visit, text: Text
) -> None:
    del held
    page = visit("rating", batch="first")
    shown = text(page)
    assert "Why would that &lt;i&gt;settle&lt;/i&gt; it 1?" in shown
    assert "Learner, last message" in shown
    assert "one &lt;situation&gt;" in shown
    assert not page.exception


def test_every_click_is_sent_at_once(held: FakeRating, visit: Visit, text: Text) -> None:
    page = give(visit("rating", batch="first"), "tone", 2)
    page = give(page, "tone", "na")
    page = give(page, "guidance", 0)
    assert [body for _, body in held.sent] == [
        {"scores": {"tone": 2}},
        {"scores": {"tone": None}},
        {"scores": {"guidance": 0}},
    ]
    assert "1 of 2 rated" in text(page)
    page.text_area[0].set_value("odd").run()
    assert held.marks[1]["comment"] == "odd"
    again = visit("rating", batch="first", at="1")
    assert again.radio(key="rate-score-first-1-tone").value == "na"
    assert again.radio(key="rate-score-first-1-guidance").value == 0
    assert again.text_area[0].value == "odd"


def test_what_cannot_be_stored_is_kept_and_sent_later(
    held: FakeRating, visit: Visit, text: Text
) -> None:
    page = give(visit("rating", batch="first"), "tone", 2)
    held.down = True
    page = give(page, "guidance", 1)
    page = give(page, "tone", 0)
    assert "Your last change is not stored yet" in text(page)
    assert page.radio(key="rate-score-first-1-guidance").value == 1
    page = press(page, "rate-go-N")
    assert "Your last change is not stored yet" in text(page)
    held.down = False
    page = press(page, "retry-rating")
    assert held.marks[1]["scores"] == {"tone": 0, "guidance": 1}
    assert "not stored yet" not in text(page)


def test_a_visit_goes_on_where_something_is_left(
    held: FakeRating, visit: Visit, text: Text
) -> None:
    held.marks[1] = {"scores": {}, "cannot_judge": True, "comment": ""}
    page = visit("rating", batch="first")
    assert "Item 2 of 2" in text(page)
    page = press(page, "rate-go-B")
    assert "Item 1 of 2" in text(page)
    assert page.radio(key="rate-score-first-1-tone").disabled
    page = page.checkbox[0].set_value(False).run()
    assert held.marks[1]["cannot_judge"] is False
    assert not page.radio(key="rate-score-first-1-tone").disabled


def test_handing_in_asks_once_more_and_closes(held: FakeRating, visit: Visit, text: Text) -> None:
    page = visit("rating", batch="first")
    assert not [b for b in page.button if b.key == "hand-in"]
    page = page.checkbox[0].set_value(True).run()
    page = press(page, "rate-go-U")
    page = give(give(page, "tone", 1, at=2), "guidance", 1, at=2)
    page = press(page, "hand-in")
    assert not held.handed_in
    page = press(page, "hand-in-yes")
    assert held.handed_in
    assert "Handed in. Thank you." in text(page)
    page = visit("rating", batch="first", at="2")
    assert "no longer changed" in text(page)
    assert page.radio(key="rate-score-first-2-tone").disabled


def test_one_that_was_handed_in_elsewhere_shows_what_is_stored(
    held: FakeRating, visit: Visit, text: Text
) -> None:
    page = give(visit("rating", batch="first"), "tone", 2)
    held.handed_in = True
    page = give(page, "tone", 0)
    assert page.radio(key="rate-score-first-1-tone").value == 2
    assert "no longer changed" in text(page)


def test_an_answer_stands_with_its_quotes(held: FakeRating, visit: Visit, text: Text) -> None:
    held.kind = "answer"
    shown = text(visit("rating", batch="first"))
    assert "Ask &lt;i&gt;first&lt;/i&gt;." in shown
    assert "No quote stands with this sentence." in shown


@pytest.mark.parametrize("query", [{"batch": "none"}, {"batch": "first", "at": "9"}])
def test_what_is_not_there(
    held: FakeRating, visit: Visit, text: Text, query: dict[str, str]
) -> None:
    del held
    page = visit("rating", **query)
    assert "There is no such batch or item." in text(page)
    assert not page.exception


def test_one_who_is_no_rater_is_told_why(held: FakeRating, visit: Visit, text: Text) -> None:
    held.seated = False
    assert "Raters see only their own ratings" in text(visit("rating", batch="first"))


def test_a_third_person_settles_with_a_reason(held: FakeRating, visit: Visit, text: Text) -> None:
    held.third = True
    assert "Settle differences" in visit("rating").get("page_link")[-2].proto.label
    assert "Where raters differ in first" in text(visit("rating", batch="first", view="settle"))
    page = visit("rating", batch="first", view="settle", number="7")
    shown = text(page)
    assert "Nothing is mistaken" in shown
    assert "Hard to &lt;u&gt;say&lt;/u&gt;" in shown
    page = press(page, "settle-first-7-tone-0")
    assert "Choose what holds and give a reason." in text(page)
    page.radio[0].set_value(1)
    page.text_area[0].set_value("It is plain.")
    page = press(page, "settle-first-7-tone-0")
    assert held.rulings == [
        {"dimension": "tone", "score": 1, "reason": "It is plain.", "version": 0}
    ]
    assert "Settled: tone some of it." in text(page)


def test_the_slower_of_two_who_settle_is_told(held: FakeRating, visit: Visit, text: Text) -> None:
    held.third = held.faster = True
    page = visit("rating", batch="first", view="settle", number="7")
    page.radio[0].set_value("na")
    page.text_area[0].set_value("No.")
    page = press(page, "settle-first-7-tone-0")
    assert "Somebody else has settled this meanwhile" in text(page)
    assert "by another" in text(page)


def test_counts_and_where_the_statistics_are(held: FakeRating, visit: Visit, text: Text) -> None:
    held.third = True
    shown = text(visit("rating", batch="first", view="counts"))
    assert "50 % (1 of 2)" in shown
    assert "maieutic eval rate results first" in shown


@pytest.mark.parametrize("lang", ["zh-Hant", "zh-Hans"])
def test_it_is_written_in_chinese(held: FakeRating, visit: Visit, text: Text, lang: str) -> None:
    del held
    for query in ({}, {"batch": "first"}):
        page = visit("rating", lang=lang, **query)
        assert not page.exception
        assert "評分" in text(page) or "评" in text(page)
