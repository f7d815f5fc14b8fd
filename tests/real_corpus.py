"""The real corpus: where it lies, what of it is taught as true, and copies to break."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from ingest import Language
from tutor.cases.load import Fault

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
CASES = sorted(path.parent for path in (CORPUS / "cases").glob("*/case.yaml"))
DIGESTS = sorted((CORPUS / "guidelines").glob("*.md"))
SLUG = "g1-sister-not-told"
"""The case that tests break."""


@dataclass(frozen=True)
class Taught:
    """A text of the corpus that a reader takes as true, and where it stands."""

    where: str
    language: Language
    text: str


class Copy:
    """A copy of a case, and changes to it by the words of its files."""

    def __init__(self, corpus: Path, slug: str, *files: str) -> None:
        self.corpus = corpus
        self.folder = corpus / "cases" / slug
        self.folder.mkdir(parents=True)
        for shared in ("guidelines", "terminology.yaml"):
            (corpus / shared).symlink_to(CORPUS / shared)
        for name in files or ("case.yaml", "zh-Hant.yaml", "zh-Hans.yaml"):
            shutil.copy(CORPUS / "cases" / slug / name, self.folder)

    def edit(self, old: str, new: str, file: str = "case.yaml") -> None:
        """Replace words that stand in the file; only their first occurrence."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def line(self, words: str, file: str = "case.yaml") -> int:
        """The line on which words first stand."""
        lines = (self.folder / file).read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, 1) if words in line)


def only(faults: list[Fault], rule: str) -> list[Fault]:
    """The faults of one rule."""
    return [fault for fault in faults if fault.rule == rule]
