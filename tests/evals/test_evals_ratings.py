"""Two raters and their agreement: against scikit-learn, a published example, and the real files."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from evals.answers import AnswersError, read_answers
from evals.log import read_log
from evals.ratings import (
    CATEGORIES,
    cohen_kappa,
    confusion,
    read_ratings,
    read_settled,
    targets_in,
)
from evals.run import Options, run_task
from evals.task import Resources, find_tasks
from tutor.settings import Settings


def test_kappa_of_a_published_example() -> None:
    # The worked example of many textbooks: two readers of 50 proposals, 35 judged alike.
    assert cohen_kappa(np.asarray([[20, 5], [10, 15]])) == pytest.approx(0.4)


def test_kappa_is_that_of_scikit_learn() -> None:
    draw = random.Random(3)
    pairs = [(draw.choice(CATEGORIES), draw.choice(CATEGORIES)) for _ in range(400)]
    ours = cohen_kappa(confusion(pairs, CATEGORIES))
    assert ours == pytest.approx(cohen_kappa_score(*zip(*pairs, strict=True)))


def test_kappa_is_undefined_where_nothing_varies() -> None:
    assert math.isnan(cohen_kappa(confusion([("none", "none")] * 3, CATEGORIES)))
    assert math.isnan(cohen_kappa(confusion([], CATEGORIES)))


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
    found = run_task(find_tasks()["agreement"], Resources(real_settings), Options(tmp_path))
    kappa = {f.group: f for f in found.report.figures if f.name == "kappa"}
    assert kappa["all all"].value >= 0.75
    assert kappa["all all"].low < kappa["all all"].value < kappa["all all"].high
    assert len(read_log(found.log)) == len(read_answers()) + 2


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
