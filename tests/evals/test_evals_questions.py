from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from evals.questions import read_questions
from evals.task import DataError
from ingest import LANGUAGES
from tutor.settings import get_settings


def test_the_shipped_questions_name_digests_that_exist() -> None:
    questions = read_questions()
    digests = {path.name.split(".")[0] for path in (get_settings().corpus / "guidelines").iterdir()}
    assert {key for q in questions for key in q.digests} <= digests
    assert len({q.id for q in questions}) == len({q.text for q in questions}) == len(questions)


def test_both_kinds_are_there_in_every_language_and_split() -> None:
    count = Counter((q.language, q.answerable, q.split) for q in read_questions())
    for language in LANGUAGES:
        for answerable in (True, False):
            assert min(count[language, answerable, s] for s in ("dev", "test")) >= 8


def test_a_line_that_is_no_question_is_named(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    good = '{"id": "a", "language": "en", "question": "Why?", "digests": []}\n'
    path.write_text(good, encoding="utf-8")
    assert not read_questions(path)[0].answerable
    for bad in (good.replace("en", "fr"), good.replace('"id"', '"name"'), "{"):
        path.write_text(f"{good}\n{bad}", encoding="utf-8")
        with pytest.raises(DataError, match=r"questions\.jsonl:3"):
            read_questions(path)
