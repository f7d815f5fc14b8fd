"""Two people rate in a real browser against the real service, and a third one settles."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from evals.human import export_lines
from tests.rating.batches import DIMENSIONS, a_batch, a_turn
from tests.ui.rating_site import PASSWORD, rating_site
from tutor.rating import load_rubric
from tutor.records import Role

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PATIENCE = 90_000
PEOPLE: dict[str, list[Role]] = {"ann": ["evaluator"], "bo": ["educator"], "cy": ["evaluator"]}
RUBRIC = load_rubric("turn")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as tool:
        opened = tool.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield opened
        opened.close()


def sign_in(browser: Browser, url: str, name: str) -> Page:
    """A browser of their own, on the page Rating."""
    page = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{url}/rating")
    page.locator("input[type=text]").first.fill(name)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").last.click()
    expect(page.get_by_role("heading", name="Rating", exact=True)).to_be_visible(timeout=PATIENCE)
    return page


def chooses(page: Page, dimension: str, step: int) -> None:
    """A step of a dimension, by its words."""
    found = RUBRIC.dimension(dimension)
    assert found is not None
    text = found.texts["en"]
    group = page.get_by_role("radiogroup", name=f"{text.name}: {text.question}")
    group.get_by_text(text.steps[step].label, exact=True).click()
    option = group.get_by_role("radio").nth(step)
    expect(option).to_be_checked(timeout=PATIENCE)


def rates_all(page: Page, tone: int) -> None:
    """The item that is shown; everything in the middle but the tone."""
    for dimension in DIMENSIONS:
        chooses(page, dimension, tone if dimension == "tone" else 1)


def deals_with(page: Page, position: int, tone: int) -> None:
    """The first turn is rated; of the second, whoever meets it says that it cannot be judged."""
    expect(page.get_by_text(f"Item {position} of 2")).to_be_visible(timeout=PATIENCE)
    # The last line of the page: all of it has been drawn.
    expect(page.get_by_text("You can hand in once all are rated")).to_be_visible(timeout=PATIENCE)
    if page.get_by_text("Why, 1?").count():
        rates_all(page, tone)
    else:
        # A letter in a comment is a letter, and no way to another item.
        box = page.get_by_role("textbox", name="Comment (optional)")
        box.press_sequentially("bnu")
        box.press("Control+Enter")
        page.get_by_text("I cannot judge this item").click()
    expect(page.get_by_text(f"{position} of 2 rated")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text(f"Item {position} of 2")).to_be_visible(timeout=PATIENCE)


def rates_the_batch(browser: Browser, url: str, name: str, tone: int) -> None:
    page = sign_in(browser, url, name)
    page.get_by_role("button", name="Begin rating").click()
    deals_with(page, 1, tone)
    # The browser is closed in the middle; another one goes on where something is left.
    page.context.close()
    page = sign_in(browser, url, name)
    page.get_by_role("link", name="Go on rating").click()
    deals_with(page, 2, tone)
    page.get_by_role("heading", name="Item 2 of 2").click()
    page.keyboard.press("b")
    expect(page.get_by_text("Item 1 of 2")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Hand in", exact=True).click()
    page.get_by_role("button", name="Yes, hand in").click()
    expect(page.get_by_text("You have handed in.").first).to_be_visible(timeout=PATIENCE)
    page.context.close()


def test_two_rate_and_a_third_settles(browser: Browser, tmp_path: Path) -> None:
    items = [a_turn(1), a_turn(2)]
    with rating_site(tmp_path, a_batch(), items, dict(PEOPLE)) as (url, store):
        for name, tone in (("ann", 2), ("bo", 0)):
            rates_the_batch(browser, url, name, tone)
        page = sign_in(browser, url, "cy")
        page.get_by_role("link", name="Settle differences (open: 1)").click()
        page.get_by_role("link", name="Look at item 1").click()
        expect(page.get_by_text("Rater A")).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_text("secret")).to_have_count(0)
        tone = RUBRIC.dimensions[DIMENSIONS.index("tone")].texts["en"]
        page.get_by_role("radiogroup").get_by_text(tone.steps[1].label, exact=True).click()
        page.get_by_role("textbox", name="Reason").fill("It asks, and no more.")
        page.get_by_role("button", name="Settle", exact=True).click()
        expect(page.get_by_text(f"Settled: {tone.steps[1].label}.")).to_be_visible(timeout=PATIENCE)
        page.context.close()
        lines = [json.loads(line) for line in export_lines(store, "first")]
    by_number = {line["number"]: line for line in lines[1:]}
    one, two = by_number[1], by_number[2]
    assert {r: m["scores"]["tone"] for r, m in one["ratings"].items()} == {"A": 2, "B": 0}
    assert one["settled"] == {"tone": {"score": 1, "reason": "It asks, and no more."}}
    assert all(len(m["scores"]) == len(DIMENSIONS) for m in one["ratings"].values())
    assert all(m["cannot_judge"] and m["comment"] == "bnu" for m in two["ratings"].values())
