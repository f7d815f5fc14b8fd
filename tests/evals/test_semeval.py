"""Short-answer grading: the published format, and a grader that learns what it is shown."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

from evals.grading import grader, judged, lexical, macro_f1, rarity_of
from evals.log import read_log
from evals.resources import Resources
from evals.semeval import GradedSet, find_archive, read_graded, splits
from evals.task import Context, DataError, Skipped
from evals.tasks.semeval import HEADS, TASK
from ingest import HashingEncoder
from tests.evals import running
from tutor.settings import Settings

QUESTION = """<question id="Q{number}" module="M">
<questionText>Why does bulb {number} not light?</questionText>
<referenceAnswers><referenceAnswer id="r">There is a gap in path {number}.</referenceAnswer>
</referenceAnswers><studentAnswers>{answers}</studentAnswers></question>"""
ANSWER = '<studentAnswer id="{id}" accuracy="{grade}">{text}</studentAnswer>'
TEXTS = {
    "correct": ("there is a gap in path {n}", "path {n} has a gap in it, so it is open"),
    "incorrect": ("because the bulb is old", "the battery is empty I think"),
    "contradictory": ("there is no gap in path {n}", "path {n} is closed and whole"),
}


def archive(folder: Path, questions: int = 6) -> Path:
    path = folder / "semeval-3way.zip"
    with zipfile.ZipFile(path, "w") as held:
        for part in ("training/3way/beetle", "test/3way/beetle/test-unseen-answers"):
            for number in range(questions):
                answers = "".join(
                    ANSWER.format(
                        id=f"{number}.{grade}.{i}", grade=grade, text=text.format(n=number)
                    )
                    for grade, texts in TEXTS.items()
                    for i, text in enumerate(texts)
                )
                held.writestr(
                    f"{part}/Q{number}.xml", QUESTION.format(number=number, answers=answers)
                )
    return path


def test_the_archive_is_found_and_read(tmp_path: Path) -> None:
    path = archive(tmp_path)
    assert find_archive(tmp_path.parent) == path
    assert splits(path, "beetle") == ["unseen-answers"]
    held = read_graded(path, "3way", "beetle")
    assert len(held.questions) == 6 and len(held.answers) == 36
    assert held.answers[0].grade_of("2way") == "correct"
    assert {a.grade_of("2way") for a in held.answers} == {"correct", "incorrect"}
    assert held.questions["M/Q0"].references == ("There is a gap in path 0.",)


@pytest.mark.parametrize("raw", [b"", b"<question", b"<question><studentAnswers/></question>"])
def test_a_file_that_is_no_question_is_named(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "semeval-3way.zip"
    with zipfile.ZipFile(path, "w") as held:
        held.writestr("training/3way/beetle/odd.xml", raw)
    with pytest.raises(DataError, match=r"odd\.xml"):
        read_graded(path, "3way", "beetle")


def test_no_archive_and_no_split_are_told_of(tmp_path: Path) -> None:
    (tmp_path / "semeval-3way.zip").write_bytes(b"nothing")
    with pytest.raises(DataError, match="no zip"):
        splits(tmp_path / "semeval-3way.zip", "beetle")
    with pytest.raises(DataError, match="sciEntsBank"):
        read_graded(archive(tmp_path), "3way", "sciEntsBank")
    assert find_archive(None) is None and find_archive(tmp_path / "absent") is None


def both(held: GradedSet) -> np.ndarray:
    words = lexical(held, rarity_of([a.text for a in held.answers]))
    return np.hstack([judged(held, [HashingEncoder(), HashingEncoder(64)]), words])


def test_a_grader_learns_what_it_is_shown(tmp_path: Path) -> None:
    held = read_graded(archive(tmp_path), "3way", "beetle")
    values = both(held)
    assert np.isfinite(values).all()
    grades = [a.grade_of("2way") for a in held.answers]
    questions = [a.question for a in held.answers]
    learnt = grader(values, grades, questions).predict(values)
    assert macro_f1(grades, learnt) > 0.8
    swapped = ["incorrect" if g == "correct" else "correct" for g in grades]
    assert macro_f1(grades, grader(values, swapped, questions).predict(values)) < 0.3


def test_words_of_the_question_earn_nothing(tmp_path: Path) -> None:
    held = read_graded(archive(tmp_path), "3way", "beetle")
    first = next(a for a in held.answers if a.grade == "correct")
    echo = GradedSet(
        held.questions,
        (
            type(first)("echo", first.question, "why does the bulb not light", "incorrect"),
            type(first)("own", first.question, "a gap in the path", "correct"),
        ),
    )
    rows = lexical(echo, rarity_of(["a gap in the path", "why"]))
    assert rows[0, 5] == pytest.approx(5 / 6)
    assert rows[1, 3] > rows[0, 3]


def test_the_task_grades_a_split_with_either_head(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive(tmp_path)
    monkeypatch.setattr("evals.tasks.semeval.CORPORA", ("beetle",))
    resources = Resources(Settings(home=tmp_path / "home", corpus=tmp_path))
    resources.encoder, resources.english = HashingEncoder(), HashingEncoder(64)
    samples = TASK.samples(Context(resources, data=tmp_path))
    ids = [f"beetle/unseen-answers/{w}/{h}" for w in ("2way", "3way") for h in HEADS]
    assert [s.id for s in samples] == ids
    found = running.run(TASK, resources, tmp_path / "out", data=tmp_path, limit=2)
    value = {(f.group, f.name): f for f in found.report.figures}
    for head in HEADS:
        figure = value["beetle unseen-answers, 2way", f"macro-F1, {head}"]
        assert figure.value > 0.6 and figure.n == 36
    for record in read_log(found.log).records:
        wrong = [a for a in record["answers"] if a[2] != a[3]]
        told = [int(line.split()[0]) for line in TASK.failures(record)]
        assert sum(told) == len(wrong)


def test_without_the_archive_the_task_says_what_it_needs(tmp_path: Path) -> None:
    resources = Resources(Settings(home=tmp_path / "home", corpus=tmp_path))
    with pytest.raises(Skipped, match="semeval-3way"):
        running.run(TASK, resources, tmp_path, data=tmp_path)
