"""SemEval-2013 Task 7, "Joint Student Response Analysis", read in its own format.

A zip of XML files, one a question, in `training/<ways>/<corpus>/` and
`test/<ways>/<corpus>/test-<split>/`. See Dzikovska et al. (2013).
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from evals.task import DataError

CORPORA = ("beetle", "sciEntsBank")
WAYS = ("2way", "3way")
TRAINING = "training"
_SPLITS = "test-"


@dataclass(frozen=True, slots=True)
class GradedAnswer:
    """A pupil's answer to a question, and its grade."""

    id: str
    question: str
    text: str
    grade: str
    """`correct`, `contradictory` or `incorrect`."""

    def grade_of(self, ways: str) -> str:
        """The grade of three ways, or of two, where what contradicts is incorrect too."""
        return self.grade if ways == WAYS[-1] or self.grade == "correct" else "incorrect"


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what counts as its answer."""

    id: str
    text: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GradedSet:
    """The answers of one corpus and split, with their questions by id."""

    questions: dict[str, Question]
    answers: tuple[GradedAnswer, ...]


def find_archive(folder: Path | None) -> Path | None:
    """The archive in a folder or in one of the folders in it."""
    if folder is None or not folder.is_dir():
        return None
    return next((p for p in sorted(folder.rglob("semeval*3way*.zip")) if p.is_file()), None)


def splits(archive: Path, corpus: str) -> list[str]:
    """Names of the test splits of a corpus: `unseen-answers`, ...

    Raises:
        DataError: the file is no zip archive.
    """
    found = {
        part.removeprefix(_SPLITS)
        for name in _names(archive)
        for part in name.split("/")
        if f"/{corpus}/" in name and part.startswith(_SPLITS)
    }
    return sorted(found)


def read_graded(archive: Path, ways: str, corpus: str, split: str = TRAINING) -> GradedSet:
    """One corpus and split: `training`, or one that `splits` names.

    Raises:
        DataError: the archive holds no such split, or a file in it cannot be read.
    """
    start = (
        f"{TRAINING}/{ways}/{corpus}/"
        if split == TRAINING
        else f"test/{ways}/{corpus}/{_SPLITS}{split}/"
    )
    names = [n for n in _names(archive) if n.startswith(start) and n.endswith(".xml")]
    if not names:
        raise DataError(f"{archive}: it holds no {start}*.xml.")
    questions: dict[str, Question] = {}
    answers: list[GradedAnswer] = []
    with zipfile.ZipFile(archive) as held:
        for name in names:
            root = _root(held.read(name), f"{archive}:{name}")
            question = _question(root, f"{archive}:{name}")
            questions[question.id] = question
            answers += _answers(root, question.id)
    return GradedSet(questions, tuple(answers))


def _names(archive: Path) -> list[str]:
    try:
        with zipfile.ZipFile(archive) as held:
            return sorted(held.namelist())
    except zipfile.BadZipFile as error:
        raise DataError(f"{archive}: it is no zip archive.") from error


def _root(raw: bytes, where: str) -> etree._Element:
    try:
        return etree.fromstring(raw, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise DataError(f"{where}: it is no XML: {error}.") from error


def _question(root: etree._Element, where: str) -> Question:
    references = tuple(_text(e) for e in root.iter("referenceAnswer") if _text(e))
    if not references:
        raise DataError(f"{where}: it has no reference answer.")
    asked = root.find("questionText")
    text = _text(asked) if asked is not None else ""
    return Question(f"{root.get('module', '')}/{root.get('id', '')}", text, references)


def _answers(root: etree._Element, question: str) -> Iterator[GradedAnswer]:
    for element in root.iter("studentAnswer"):
        text, grade = _text(element), element.get("accuracy", "")
        if text and grade:
            yield GradedAnswer(element.get("id", ""), question, text, grade)


def _text(element: etree._Element) -> str:
    return " ".join((element.text or "").split())
