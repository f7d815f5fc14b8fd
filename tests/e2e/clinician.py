"""A clinician in front of the browser: does what can be seen and named on the page."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from ui.contract import Language
from ui.i18n import Translator

PATIENCE = 60.0
"""Seconds for a turn, on a machine that is busy with other things."""
expect.set_options(timeout=PATIENCE * 1000)


@dataclass
class Clinician:
    """One person with one page, in one language."""

    page: Page
    site: str
    language: Language

    def __post_init__(self) -> None:
        self.t = Translator(self.language)

    def arrive(self) -> None:
        """Open the site by its bare address: the browser's language is what they read."""
        self.page.goto(self.site)
        self.sees_heading(self.t("library.title"))
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)

    def sees_heading(self, name: str) -> None:
        """A heading of that name is on the page."""
        expect(self.page.get_by_role("heading", name=name, exact=True).first).to_be_visible()

    def filter_by(self, words: str, jurisdiction: str) -> None:
        """Narrow the library down by words and by jurisdiction."""
        box = self.page.get_by_label(self.t("filter.text"), exact=True)
        box.fill(words)
        box.press("Enter")
        self.page.get_by_role("combobox", name=self.t("filter.jurisdiction")).click()
        self.page.get_by_role("option", name=jurisdiction).click()
        expect(self.page.get_by_text(self.t("library.count", count=1))).to_be_visible()

    def open_case(self, title: str) -> None:
        """From the library to the case."""
        self.sees_heading(title)
        # The cards that were filtered out stand there until the page has been drawn whole.
        links = self.page.get_by_role("link", name=self.t("library.open"))
        expect(links).to_have_count(1)
        links.click()
        self.sees_heading(self.t("case.road"))
        self.sees_heading(title)

    def begin(self) -> None:
        """Start the dialogue; an unfinished session of before does not matter."""
        names = (self.t("case.begin"), self.t("case.begin_again"))
        either = re.compile("^(" + "|".join(map(re.escape, names)) + ")$")
        self.page.get_by_role("button", name=either).click()
        expect(self.box).to_be_visible()

    @property
    def box(self) -> Locator:
        """Where the answer is written."""
        return self.page.get_by_placeholder(self.t("composer.placeholder"))

    @property
    def reflecting(self) -> bool:
        """Whether the synthesis is there and the reflection is asked for."""
        return self.page.get_by_placeholder(self.t("composer.reflect")).count() > 0

    def heard(self) -> str:
        """What a screen reader was told last of the tutor's replies."""
        stem = self.t("transcript.replied", seq="~").split("~")[0]
        said = self.page.get_by_role("status").filter(has_text=re.compile(f"^{re.escape(stem)}"))
        return said.last.inner_text() if said.count() else ""

    def say(self, text: str) -> None:
        """Answer, and wait for what the tutor says to it."""
        before = self.heard()
        self.box.fill(text)
        self.box.press("Enter")
        self._until(lambda: self.heard() not in {"", before}, f"no reply to: {text}")
        # The reply is drawn before the box under it: what was the answer's box may yet
        # become the reflection's, so nothing is read off the page while it is being drawn.
        self.is_drawn()
        expect(self.page.get_by_text(text, exact=True).first).to_be_visible()

    def hears(self, move: str) -> None:
        """A message of the tutor that is marked as this kind of move."""
        marked = f"{self.t('transcript.tutor')} · {self.t(f'move.{move}')}"
        expect(self.page.get_by_text(marked, exact=True).last).to_be_visible()

    def opens_citation(self, title: str) -> tuple[str, str]:
        """Open the first source of that title; returns the quote and all the dialog says."""
        self.page.get_by_role("button", name=re.compile(re.escape(title))).first.click()
        dialog = self.page.get_by_role("dialog")
        expect(dialog.get_by_role("heading", name=title)).to_be_visible()
        quote = dialog.locator("mark").first
        expect(quote).to_be_visible()
        told = quote.inner_text(), dialog.inner_text()
        self.page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        # The page is drawn once more without it; nobody types before that has begun.
        self.settles()
        return told

    def contests(self, note: str) -> None:
        """Did I not say that? Under the newest message that offers it."""
        self.page.get_by_role("button", name=self.t("contest.label")).last.click()
        self.page.get_by_label(self.t("contest.note")).last.fill(note)
        self.page.get_by_role("button", name=self.t("contest.send")).last.click()
        expect(self.page.get_by_text(self.t("contest.done")).first).to_be_visible()

    def pauses(self) -> None:
        """Put the session aside."""
        self.page.get_by_role("button", name=self.t("menu.label"), exact=True).click()
        self.page.get_by_role("menuitem", name=self.t("menu.pause")).click()
        expect(self.page.get_by_text(self.t("paused.title"))).to_be_visible()

    def comes_back(self) -> None:
        """Load the address of the session anew, as from a bookmark, and go on."""
        address = self.page.url
        assert "session=" in address
        self.page.goto("about:blank")
        self.page.goto(address)
        expect(self.page.get_by_text(self.t("paused.title"))).to_be_visible()
        self.page.get_by_role("button", name=self.t("paused.resume"), exact=True).click()
        expect(self.box).to_be_enabled()

    def gives_up_until_the_end(self, words: str, most: int = 14) -> None:
        """Say that they do not know until the synthesis comes; there is always a way out."""
        for _ in range(most):
            if self.reflecting:
                return
            self.say(words)
        assert self.reflecting, "the case has no end"

    def reflects(self, text: str) -> None:
        """Write the reflection; the session is over then."""
        box = self.page.get_by_placeholder(self.t("composer.reflect"))
        box.fill(text)
        box.press("Enter")
        self.sees_heading(self.t("outcome.stages"))

    def outcome(self) -> str:
        """What the page calls the way the session ended."""
        names = [self.t(f"outcome.{o}") for o in ("completed", "completed_with_help")]
        shown = [n for n in names if self.page.get_by_text(n, exact=True).count()]
        assert len(shown) == 1, shown
        return shown[0]

    def is_drawn(self) -> None:
        """The page has been drawn whole, with one box to write in."""
        self._has_run()
        reflection = self.page.get_by_placeholder(self.t("composer.reflect"))
        expect(self.box.or_(reflection)).to_have_count(1)

    def settles(self) -> None:
        """The page has been drawn whole, and has scrolled to where it begins."""
        self._has_run()
        self.page.wait_for_timeout(500)

    def downloads_transcript(self) -> str:
        """The transcript as it lies on the disk afterwards."""
        self.settles()
        with self.page.expect_download() as waiting:
            self.page.get_by_role("button", name=self.t("menu.download")).first.click()
        assert waiting.value.suggested_filename.endswith(".md")
        return Path(waiting.value.path()).read_text(encoding="utf-8")

    def goes_to_sessions(self) -> None:
        """My sessions, by the navigation at the top."""
        self.page.get_by_role("link", name=self.t("nav.sessions")).first.click()
        self.sees_heading(self.t("sessions.title"))

    def _has_run(self) -> None:
        app = self.page.get_by_test_id("stApp")
        expect(app).to_have_attribute("data-test-script-state", "notRunning")

    def _until(self, come: object, complaint: str) -> None:
        assert callable(come)
        until = time.monotonic() + PATIENCE
        while not come():
            assert time.monotonic() < until, complaint
            self.page.wait_for_timeout(100)
