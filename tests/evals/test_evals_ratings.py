"""Two raters: the real files, and files that cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.answers import AnswersError, read_answers
from evals.log import read_log
from evals.ratings import (
    read_ratings,
    read_settled,
    targets_in,
)
from evals.resources import Resources
from evals.tasks.agreement import TASK
from tests.evals.running import run
from tutor.settings import Settings


def test_every_answer_has_two_ratings_and_its_label_follows_from_them() -> None:
    first, second = read_ratings("first"), read_ratings("second")
    settled = {(s.id, s.target): s for s in read_settled()}
    wrong = []
    for answer in read_answers():
        one, two = first[answer.id], second[answer.id]
        case = answer.id.split("-", 1)[0]
        for target in {*targets_in(first, case), *targets_in(second, case)}:
            label = (
                "said"
                if answer.label(target)
                else "partial"
                if target in answer.partial
                else "none"
            )
            a, b = one.category(target), two.category(target)
            decided = settled.get((answer.id, target))
            if a == b:
                agreed = label == a and decided is None
            else:
                agreed = (
                    decided is not None
                    and (decided.first, decided.second, decided.label) == (a, b, label)
                    and len(decided.reason) > 10
                )
            if not agreed:
                wrong.append((answer.id, target, a, b, label))
    assert wrong == []


def test_the_agreement_of_the_shipped_ratings(real_settings: Settings, tmp_path: Path) -> None:
    found = run(TASK, Resources(real_settings), tmp_path)
    kappa = {f.group: f for f in found.report.figures if f.name == "kappa"}
    assert kappa["all all"].value >= 0.75
    assert kappa["all all"].low < kappa["all all"].value < kappa["all all"].high
    records = read_log(found.log).records
    assert len(records) == len(read_answers())
    differ = [r.id for r in records if any("settled" in told for told in TASK.failures(r))]
    assert set(differ) == {s.id for s in read_settled()}


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["{"], "not JSON"),
        (["[]"], "not a JSON object"),
        ([json.dumps({"id": "x"})], "not a rating"),
        (
            [
                json.dumps(
                    {
                        "id": "x-en-001",
                        "act": "assertion",
                        "covered": [],
                        "partial": [],
                        "misconceptions": [],
                        "repaired": [],
                    }
                )
            ]
            * 2,
            "rated twice",
        ),
    ],
)
def test_a_broken_file_of_ratings_names_the_line(
    lines: list[str], words: str, tmp_path: Path
) -> None:
    path = tmp_path / "x.en.first.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(AnswersError, match=words) as caught:
        read_ratings("first", tmp_path)
    assert "x.en.first.jsonl:" in str(caught.value)


def test_an_empty_folder_has_no_ratings(tmp_path: Path) -> None:
    assert read_ratings("first", tmp_path) == {}
    assert read_settled(tmp_path) == []
