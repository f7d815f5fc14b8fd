"""The review page: the queue, deciding, two educators at once, revoking; never for a learner."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.ui.conftest import free_port
from tests.ui.fake_review import FakeReview
from tests.ui.fake_service import FakeService

Visit = Callable[..., AppTest]
Text = Callable[[AppTest], str]


@pytest.fixture
def review(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeReview]:
    """A running service with a queue, before an educator."""
    held = FakeReview()
    service = FakeService(free_port(), roles=("learner", "educator"), more_routes=(held.routes(),))
    monkeypatch.setenv("MAIEUTIC_API_URL", service.url)
    service.start()
    yield held
    st.cache_resource.clear()
    service.stop()


def choose(page: AppTest, verdict: str) -> AppTest:
    return page.radio[0].set_value(verdict).run()


def store(page: AppTest) -> AppTest:
    return next(b for b in page.button if b.key.startswith("decide-")).click().run()


def test_the_page_is_for_educators(review: FakeReview, visit: Visit, text: Text) -> None:
    review.refuses = True
    assert "You are not allowed to do this." in text(visit("review"))
    assert "ask &lt;i&gt;her" not in text(visit("review", item="9"))


def test_an_empty_queue_says_what_will_come(review: FakeReview, visit: Visit, text: Text) -> None:
    review.total = 0
    page = visit("review")
    assert "Nothing has been queued yet." in text(page)
    assert not page.exception


def test_the_queue_shows_words_and_idea_and_no_markup_of_theirs(
    review: FakeReview, visit: Visit, text: Text
) -> None:
    del review
    page = visit("review")
    assert "Judgements: 1" in text(page)
    assert "Ask &lt;b&gt;first&lt;/b&gt;." in text(page)
    assert "ask &lt;i&gt;her&lt;/i&gt;" in text(page)
    assert "contested by the learner" in text(page)
    assert "Decisions never change past sessions." in text(page)


def test_a_long_queue_is_turned_page_by_page(review: FakeReview, visit: Visit, text: Text) -> None:
    review.total = 23
    page = visit("review")
    assert "1 to 10 of 23" in text(page)
    page.button(key="review-at-queue.later").click().run()
    page.button(key="review-at-queue.later").click().run()
    assert "21 to 23 of 23" in text(page)
    assert page.button(key="review-at-queue.later").disabled
    page.selectbox(key="review-reason").set_value("contested").run()
    assert "1 to 10 of 23" in text(page)


def test_a_decision_with_the_words_shortened(review: FakeReview, visit: Visit, text: Text) -> None:
    page = visit("review", item="7")
    assert "<mark>ask &lt;i&gt;her&lt;/i&gt;</mark>" in text(page)
    assert "unsure, probability 0.31" in text(page)
    assert "Decisions never change past sessions." in text(page)
    page = store(page)
    assert "Choose a decision first." in text(page)
    page = choose(page, "said")
    assert page.text_area[0].value == "ask <i>her</i>"
    page.text_area[0].set_value("ask her first")
    page = store(page)
    assert review.sent == [
        {"verdict": "said", "version": 0, "text": "ask her first", "misconception": None}
    ]
    assert "Stored." in text(page)
    assert "version 1 · in force" in text(page)
    assert "You have seen to all that was waiting." in text(page)


def test_what_teaches_nothing_asks_for_no_words(
    review: FakeReview, visit: Visit, text: Text
) -> None:
    page = choose(visit("review", item="7"), "unusable")
    assert not page.text_area
    assert "no example is made of it" in text(page)
    store(page)
    assert review.sent[0]["text"] is None


def test_a_misconception_is_named(review: FakeReview, visit: Visit) -> None:
    page = choose(visit("review", item="7"), "held")
    page.selectbox[0].set_value("M1").run()
    store(page)
    assert review.sent[0]["misconception"] == "M1"


def test_the_second_of_two_educators_is_told(review: FakeReview, visit: Visit, text: Text) -> None:
    page = choose(visit("review", item="7"), "said")
    review.faster = True
    page = store(page)
    assert "Another educator was faster" in text(page)
    assert "another, " in text(page)
    assert len(review.decisions) == 1
    page = store(choose(page, "said"))
    assert [d["verdict"] for d in review.decisions] == ["said", "not_said"]


def test_words_that_are_refused_stay_in_the_box(
    review: FakeReview, visit: Visit, text: Text
) -> None:
    page = choose(visit("review", item="7"), "said")
    page.text_area[0].set_value("yes")
    page = store(page)
    assert "These words are too few." in text(page)
    assert page.text_area[0].value == "yes"
    assert review.decisions == []


def test_a_decision_is_revoked_and_its_history_kept(
    review: FakeReview, visit: Visit, text: Text
) -> None:
    review.decide("said", "ask her")
    page = visit("review")
    assert "ask her" in text(page)
    page.button(key="revoke-review:7-1").click().run()
    assert [d["verdict"] for d in review.decisions] == ["revoked", "said"]
    assert "Revoked. It is not used" in text(page)
    assert "not in force" in text(page)


def test_one_that_was_erased(review: FakeReview, visit: Visit, text: Text) -> None:
    del review
    for item in ("8", "x", "-1"):
        assert "This is not in the queue any more" in text(visit("review", item=item))


def test_what_cases_have_gained(review: FakeReview, visit: Visit, text: Text) -> None:
    review.decide("said", "ask her")
    assert "1 of 4" in text(visit("review"))


@pytest.mark.parametrize("lang", ["zh-Hant", "zh-Hans"])
def test_it_speaks_chinese(review: FakeReview, visit: Visit, text: Text, lang: str) -> None:
    del review
    page = choose(visit("review", item="7", lang=lang), "said")
    assert not page.exception
    assert "學員" in text(page) or "学员" in text(page)
