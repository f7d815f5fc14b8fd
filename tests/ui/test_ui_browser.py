"""The pages in a real browser: what only a browser can show. Skipped where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.ui.conftest import free_port
from tests.ui.fake_service import FakeService

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
REPOSITORY = Path(__file__).resolve().parents[2]
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
BOX = "[data-testid=stChatInputTextArea]"
SIDEWAYS = "document.querySelector('[data-testid=stMain]').scrollWidth - innerWidth"
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


@pytest.fixture(scope="module")
def service() -> Iterator[FakeService]:
    fake = FakeService(free_port())
    fake.start()
    yield fake
    fake.stop()


@pytest.fixture(scope="module")
def site(service: FakeService) -> Iterator[str]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", "ui/app.py", f"--server.port={port}"]
    env = {**os.environ, "MAIEUTIC_API_URL": service.url}
    with subprocess.Popen(
        command, cwd=REPOSITORY, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as pages:
        _wait_for(f"{url}/_stcore/health")
        yield url
        pages.terminate()


def _wait_for(url: str) -> None:
    for _ in range(150):
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except (URLError, ConnectionError):
            time.sleep(0.2)
    pytest.fail("the pages did not start")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def phone(chromium: Browser, site: str) -> Iterator[Page]:
    """A telephone, 375 pixels wide, that notes every address asked for elsewhere."""
    context = chromium.new_context(
        viewport={"width": 375, "height": 760}, color_scheme="dark", locale="zh-HK"
    )
    page = context.new_page()
    elsewhere: list[str] = []
    ours = (site, site.replace("http", "ws"), "data:", "blob:")
    page.on("request", lambda r: None if r.url.startswith(ours) else elsewhere.append(r.url))
    yield page
    context.close()
    assert elsewhere == []


def _open(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_selector("footer.mx-footer", state="attached", timeout=30_000)


@pytest.mark.parametrize("path", ["", "case?case=sister", "ask", "sessions", "about"])
def test_nothing_scrolls_sideways_on_a_telephone(phone: Page, site: str, path: str) -> None:
    _open(phone, f"{site}/{path}")
    phone.wait_for_selector("h1")
    assert phone.evaluate(SIDEWAYS) <= 0
    assert phone.evaluate("document.documentElement.lang") == "zh-Hant"


def test_a_turn_on_a_telephone(phone: Page, site: str, service: FakeService) -> None:
    session = service.open(language="zh-Hant")
    _open(phone, f"{site}/case?session={session['id']}")
    phone.fill(BOX, "先問<img src=x onerror=document.title='hit'>原因")
    phone.keyboard.press("Enter")
    phone.wait_for_selector(".mx-say >> text=What else would you weigh?")
    assert phone.locator(".mx-say img").count() == 0
    assert phone.title() != "hit"
    assert phone.evaluate(SIDEWAYS) <= 0
    assert phone.locator(".st-key-mx-vignette-narrow summary").is_visible()
    assert not phone.locator(".st-key-mx-aside").is_visible()
    phone.click("[class*=st-key-cite-] button")
    phone.wait_for_selector(".mx-passage mark")
    assert phone.locator(".mx-passage script").count() == 0


def test_the_self_test_on_a_telephone(
    phone: Page, site: str, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "tested", True)
    session = service.open(language="zh-Hant")
    _open(phone, f"{site}/case?session={session['id']}")
    phone.click(".st-key-mx-test-pre summary")
    form = ".st-key-mx-questions-pre"
    phone.wait_for_selector(f"{form} [role=radiogroup] >> nth=3")
    groups = phone.locator(f"{form} [role=radiogroup]")
    # The name that a screen reader says is the question as it is written.
    assert groups.first.get_attribute("aria-label") == "1. In situation Q1, what is best?"
    for number in range(4):
        groups.nth(number).locator("label").nth(1).click()
        phone.wait_for_selector(f"{form} [role=radiogroup] >> nth={number} >> [data-selected]")
    assert phone.evaluate(SIDEWAYS) <= 0
    phone.click(".st-key-hand-in-pre button")
    phone.wait_for_selector(".mx-event[role=status]")
    assert service.answers[session["id"], "pre"] == {f"Q{n}": "2" for n in range(1, 5)}


def test_an_answer_that_did_not_arrive_is_back_in_the_box(
    phone: Page, site: str, service: FakeService
) -> None:
    session = service.open()
    _open(phone, f"{site}/case?session={session['id']}&lang=en")
    service.stop()
    phone.fill(BOX, "Ask him why")
    phone.keyboard.press("Enter")
    phone.wait_for_selector(".st-key-mx-unsent [role=alert]")
    assert phone.input_value(BOX) == "Ask him why"
    service.start()
    phone.click(".st-key-resend button")
    phone.wait_for_selector(".mx-say >> text=What else would you weigh?")
    assert phone.input_value(BOX) == ""
