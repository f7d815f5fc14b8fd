"""The library, and the page of a case before the dialogue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from streamlit.testing.v1 import AppTest

from tests.ui.fake_service import FakeService, a_case

Visit = Callable[..., AppTest]
Text = Callable[[AppTest], str]


def test_a_card_says_what_for_whom_and_how_far_reviewed(
    fake: FakeService, visit: Visit, text: Text
) -> None:
    review = {"status": "reviewed", "by": "Dr Wong", "on": "2026-11-03"}
    fake.cases.append(a_case("other", title="Another", review=review))
    html = text(visit())
    for words in (
        "The sister who was not told",
        "Hong Kong, Mainland China · about 25 min · intermediate",
        "doctors, nurses",
        "communicator",
        "Awaits review by a named clinician",
        "Reviewed by Dr Wong, 3 Nov 2026",
        "Cases shown: 2",
    ):
        assert words in html


def test_filters_narrow_the_library_and_can_be_cleared(
    fake: FakeService, visit: Visit, text: Text
) -> None:
    fake.cases.append(a_case("macao", title="In Macao", jurisdictions=["MO"]))
    page = visit()
    page.selectbox(key="filter-jurisdiction").set_value("MO").run()
    assert "In Macao" in text(page)
    assert "The sister" not in text(page)
    page.text_input(key="filter-text").set_value("nothing like it").run()
    assert "No case fits these filters." in text(page)
    page.button(key="clear").click().run()
    assert "Cases shown: 2" in text(page)


def test_an_empty_library_says_so(fake: FakeService, visit: Visit, text: Text) -> None:
    fake.cases.clear()
    page = visit()
    assert not page.exception
    assert "No case has been installed yet" in text(page)


def test_titles_from_data_cannot_carry_markup(fake: FakeService, visit: Visit, text: Text) -> None:
    fake.cases[0].update(title="<script>alert(1)</script>", summary="<img src=x>")
    html = text(visit()) + text(visit("case", case="sister"))
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_the_language_follows_the_address_and_the_switch(
    fake: FakeService, visit: Visit, text: Text
) -> None:
    del fake
    page = visit(lang="zh-Hant")
    assert "顯示個案：1" in text(page)
    page.segmented_control(key="lang").set_value("zh-Hans").run()
    assert "显示案例：1" in text(page)
    assert "document.documentElement.lang = 'zh-Hans'" in text(page)
    assert page.query_params["lang"] == "zh-Hans"


def test_the_story_the_road_and_the_beginning(fake: FakeService, visit: Visit, text: Text) -> None:
    page = visit("case", case="sister")
    for words in ("You supervise a trainee.", "<li>Before clinic</li>", "version 0.1.0"):
        assert words in text(page)
    page.selectbox(key="begin-in-en").set_value("zh-Hant")
    page.button(key="begin").click().run()
    assert page.query_params["session"] == "s1"
    assert fake.sessions["s1"]["language"] == "zh-Hant"
    assert "What should happen first?" in text(page)


def test_an_unfinished_session_is_offered_first(
    fake: FakeService, visit: Visit, text: Text
) -> None:
    fake.open()
    page = visit("case", case="sister")
    assert "You began this case and have not finished it" in text(page)
    assert page.button(key="begin").label == "Begin again"


def test_no_case_chosen_and_a_case_that_does_not_exist(
    fake: FakeService, visit: Visit, text: Text
) -> None:
    del fake
    assert "No case chosen" in text(visit("case"))
    assert "This does not exist, or it is not yours." in text(visit("case", case="none"))


def test_about_says_what_it_cannot_do(fake: FakeService, visit: Visit, text: Text) -> None:
    source: dict[str, Any] = {"id": "d", "title": "A <code>", "kind": "guideline", "url": "x:y"}
    fake.documents.append(source)
    page = visit("about")
    page.session_state["mx-sources"] = True
    page.run()
    html = text(page)
    for words in ("It gives no legal advice.", "Evidence, not points", "record numbers"):
        assert words in html
    assert "A &lt;code&gt;" in html
    assert "x:y" not in html
