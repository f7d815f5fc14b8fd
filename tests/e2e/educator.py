"""An educator in front of the browser: does what can be seen and named on the documents page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from ui.contract import Language
from ui.i18n import Translator

PATIENCE = 90_000
"""Milliseconds for a document, on a machine that is busy with other things."""


@dataclass
class Educator:
    """One person with one page, in one language."""

    page: Page
    site: str
    language: Language

    def __post_init__(self) -> None:
        self.t = Translator(self.language)

    def arrive(self) -> None:
        """Open the site, and from there the page by its name in the navigation."""
        self.page.goto(self.site)
        self.page.get_by_role("link", name=self.t("nav.documents")).first.click()
        self.sees_heading(self.t("documents.title"))

    def sees_heading(self, name: str) -> None:
        """A heading of that name is on the page."""
        expect(self.page.get_by_role("heading", name=name, exact=True).first).to_be_visible(
            timeout=PATIENCE
        )

    def sees(self, text: str | re.Pattern[str]) -> None:
        """A text is on the page."""
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=PATIENCE)

    def sees_no(self, text: str) -> None:
        """A text is not on the page, once it is drawn."""
        expect(self.page.get_by_text(text)).to_have_count(0, timeout=PATIENCE)

    def sends(self, files: Sequence[Path]) -> None:
        """Put files into the box and send them."""
        box = self.page.get_by_test_id("stFileUploaderDropzoneInput").first
        box.set_input_files(list(files))
        for file in files:
            expect(self.page.get_by_text(file.name).first).to_be_visible(timeout=PATIENCE)
        self.page.get_by_role("button", name=self.t("upload.submit"), exact=True).click()

    def job(self, name: str, words: str) -> Locator:
        """The box of an upload that says so; one drawn before may still stand beside it."""
        boxes = self.page.locator('[class*="st-key-mx-job-"]')
        named = boxes.filter(has=self.page.get_by_text(name, exact=True))
        return named.filter(has_text=words).last

    def sees_ended(self, name: str, state: str, *also: str) -> None:
        """The upload has ended in that state, and says this of it."""
        box = self.job(name, self.t(f"jobs.{state}"))
        expect(box).to_be_visible(timeout=PATIENCE)
        for words in also:
            expect(box).to_contain_text(words)

    def opens_upload(self, name: str) -> None:
        """From its upload to the page of the document."""
        box = self.job(name, self.t("jobs.done"))
        box.get_by_role("link", name=self.t("documents.open")).click()

    def turns_to(self, tab: str, **blanks: int) -> None:
        """One of the document's tabs."""
        self.page.get_by_role("tab", name=self.t(tab, **blanks)).click()

    def tries(self, query: str) -> None:
        """A query against the document."""
        box = self.page.get_by_label(self.t("trial.query"), exact=True)
        box.fill(query)
        box.press("Enter")
        self.sees(query)

    def replaces(self, file: Path) -> None:
        """The next version of the document."""
        self.page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(file)
        expect(self.page.get_by_text(file.name).first).to_be_visible(timeout=PATIENCE)
        self.page.get_by_role("button", name=self.t("history.replace_submit")).click()

    def deletes(self) -> None:
        """The document that is open."""
        self.page.locator(".st-key-remove-delete button").click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_role("button", name=self.t("removal.delete_yes"), exact=True).click()

    def erases(self, title: str, button: str) -> None:
        """With a slip of the pen first."""
        self.page.locator(f".st-key-{button} button").click()
        dialog = self.page.get_by_role("dialog")
        box = dialog.get_by_role("textbox")
        sure = dialog.get_by_role("button", name=self.t("removal.erase_yes"))
        box.fill("?")
        sure.click()
        expect(dialog.get_by_text(self.t("removal.other_title"))).to_be_visible(timeout=PATIENCE)
        box.fill(title)
        sure.click()

    def sees_proof(self, title: str, figures: str) -> None:
        """The proof that a document is gone, with these figures."""
        box = self.page.locator(".st-key-mx-proof")
        expect(box).to_contain_text(figures, timeout=PATIENCE)
        expect(box).to_contain_text(self.t("proof.gone", title=title))
