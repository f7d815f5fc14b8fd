"""The review page in a real browser: who sees it, and deciding with the keyboard alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.ui.conftest import free_port
from tests.ui.fake_review import FakeReview
from tests.ui.fake_service import FakeService

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
REPOSITORY = Path(__file__).resolve().parents[2]
PATIENCE = 60_000
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


@contextmanager
def site(*roles: str) -> Iterator[tuple[str, FakeReview]]:
    """The pages, for somebody with these roles."""
    held = FakeReview()
    service = FakeService(free_port(), roles=roles, more_routes=(held.routes(),))
    service.start()
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "ui/app.py", f"--server.port={port}"]
    env = {**os.environ, "MAIEUTIC_API_URL": service.url}
    with subprocess.Popen(
        command, cwd=REPOSITORY, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as pages:
        try:
            _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
            yield f"http://127.0.0.1:{port}", held
        finally:
            pages.terminate()
            service.stop()


def _wait_for(url: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except (URLError, OSError):
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"{url} did not come up")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as tool:
        opened = tool.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield opened
        opened.close()


@pytest.mark.browser
def test_a_learner_is_not_even_told_of_it(browser: Browser) -> None:
    with site("learner") as (url, held):
        held.refuses = True
        page = browser.new_page(locale="en-GB")
        page.goto(url)
        expect(page.get_by_role("link", name="My sessions").first).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_role("link", name="Review")).to_have_count(0)
        page.goto(f"{url}/review?item=7&lang=en")
        expect(page.get_by_text("You are not allowed").first).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_text("The learner adds")).to_have_count(0)
        page.close()


@pytest.mark.browser
def test_an_educator_decides_with_the_keyboard_alone(browser: Browser) -> None:
    with site("learner", "educator") as (url, held):
        page = browser.new_page(locale="en-GB")
        page.goto(url)
        page.get_by_role("link", name="Review").first.focus()
        page.keyboard.press("Enter")
        link = page.get_by_role("link", name="Look and decide")
        expect(link).to_be_visible(timeout=PATIENCE)
        link.focus()
        page.keyboard.press("Enter")
        first = page.get_by_role("radio", name="They say it", exact=True)
        expect(first).to_be_attached(timeout=PATIENCE)
        first.focus()
        page.keyboard.press("Space")
        box = page.get_by_role("textbox", name="The words that become an example")
        expect(box).to_be_visible(timeout=PATIENCE)
        store = page.get_by_role("button", name="Store the decision")
        store.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Stored.").first).to_be_visible(timeout=PATIENCE)
        assert [d["verdict"] for d in held.decisions] == ["said"]
        page.close()
