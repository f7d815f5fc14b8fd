"""The task on educators' decisions, on one case with encoders that know letters alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from evals.answers import read_answers
from evals.log import read_log
from evals.resources import Resources
from evals.stats import Estimate
from evals.task import Record, Sample
from evals.tasks.learning_curve import DECISIONS, STARTS, TASK
from ingest import E5, MINILM, HashingEncoder
from tests.evals import running
from tests.evals.hearing import make_hearing
from tutor.cases import LoadedCase
from tutor.cases.load import read_case
from tutor.settings import Settings

CASE = "a1-quiet-alert"
FOLDER = Path(__file__).resolve().parents[2] / "corpus" / "cases" / CASE


@pytest.fixture
def resources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Resources:
    answers = [a for a in read_answers() if (a.case, a.language) == (CASE, "en")]
    monkeypatch.setattr("evals.tasks.learning_curve.read_answers", lambda: answers[:24])
    runtime = replace(
        make_hearing(tmp_path / "hearing"),
        cases={CASE: LoadedCase(read_case(FOLDER))},
        encoders={E5: HashingEncoder(384), MINILM: HashingEncoder(384)},
    )
    return Resources(Settings(home=tmp_path / "home", corpus=tmp_path / "corpus"), runtime)


def test_decisions_add_up_and_the_same_answers_are_judged_each_time(
    resources: Resources, tmp_path: Path
) -> None:
    found = running.run(TASK, resources, tmp_path / "out", limit=2)
    records = read_log(found.log).records
    assert [r.id for r in records] == [f"{CASE}/en/{start}" for start in STARTS]
    for record in records:
        assert list(record["steps"]) == [str(n) for n in DECISIONS]
        totals = [sum(step["decisions"]) for step in record["steps"].values()]
        assert totals == sorted(totals) and totals[0] == 0 < totals[-1]
        for step in record["steps"].values():
            assert len(step["heard"]) == len(step["probability"]) == len(record["pairs"]) > 0
            assert all(0 <= p <= 1 for p in step["probability"])
    again = running.run(TASK, resources, tmp_path / "again", limit=1)
    assert read_log(again.log).records == records[:1]


def test_figures_of_a_worked_example() -> None:
    pairs = [["a", "E1", "expectation", True], ["b", "E1", "expectation", False]]
    steps = {
        str(n): {
            "decisions": [n],
            "heard": [0, 1] if n == 0 else [1, 0],
            "probability": [0.2, 0.8] if n == 0 else [0.8, 0.2],
        }
        for n in DECISIONS
    }
    sample = Sample("c/en/as authored", {"case": "c", "start": "as authored"}, "c")
    report = TASK.report([Record(sample, {"pairs": pairs, "steps": steps})], Estimate())
    found = {(f.group, f.name): f.value for f in report.figures}
    assert found["as authored, 0", "expectation F1"] == 0.0
    assert found["as authored, 4", "expectation F1"] == 1.0
    assert found["as authored, 4", "expectation F1 gained"] == 1.0
    assert found["as authored, 0", "expectation AUC"] == 0.0
    assert found["as authored, 8", "decisions an idea"] == 8.0
    assert ("as authored, 0", "expectation F1 gained") not in found
    assert all(name.startswith(("expectation", "decisions")) for _, name in found)
    assert all(f.samples == ("c/en/as authored",) for f in report.figures)
