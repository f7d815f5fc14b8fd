"""The tasks on the real tutor, cut short: that they run, and that their figures hang together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.judged import Row, figures_of
from evals.log import read_log
from evals.run import Options, Run, run_task
from evals.stats import Estimate
from evals.task import Resources, Skipped, find_tasks
from tests.evals.beir_folder import make
from tutor.runtime import Runtime
from tutor.settings import Settings


@pytest.fixture
def resources(real_settings: Settings, runtime: Runtime) -> Resources:
    return Resources(real_settings, runtime)


def run(name: str, resources: Resources, out: Path, limit: int | None = None) -> Run:
    return run_task(find_tasks()[name], resources, Options(out, limit=limit))


def figure(found: Run, group: str, name: str) -> float:
    return next(f.value for f in found.report.figures if (f.group, f.name) == (group, name))


def test_judging_warns_that_its_labels_are_its_makers_own(
    resources: Resources, tmp_path: Path
) -> None:
    found = run("judging", resources, tmp_path, limit=6)
    assert "no clinician has labelled them" in found.report.notes[0]
    assert {f.name for f in found.report.figures} >= {"precision", "recall", "F1", "AUC", "unsure"}
    assert len(read_log(found.log)) == 8
    assert figure(found, "all expectation", "AUC") > 0.7


def test_judging_figures_of_a_worked_example() -> None:
    rows = [
        Row("c", "en", f"a{i}", "expectation", "reversed", said, heard, unsure, chance)
        for i, (said, heard, unsure, chance) in enumerate(
            [
                (True, True, False, 0.9),
                (True, False, True, 0.4),
                (False, False, False, 0.1),
                (False, True, False, 0.6),
            ]
        )
    ]
    found = {f.name: f.value for f in figures_of(Estimate(), "all", rows)}
    assert found["precision"] == found["recall"] == found["F1"] == 0.5
    assert found["AUC"] == 0.75
    assert found["unsure"] == 0.25
    assert found["right where sure"] == pytest.approx(2 / 3)
    # Of the two that say the contrary of the idea, one was given credit.
    assert found["reversed, credited"] == found["reversed answers with a credit"] == 0.5


def test_speech_acts_are_counted_by_act(resources: Resources, tmp_path: Path) -> None:
    found = run("speech_acts", resources, tmp_path, limit=12)
    assert figure(found, "all", "treated alike") >= figure(found, "all", "recognised") > 0.5
    assert any(f.group == "act: assertion" for f in found.report.figures)


def test_asking_declines_cites_and_quotes(resources: Resources, tmp_path: Path) -> None:
    found = run("ask", resources, tmp_path, limit=40)
    for sample in read_log(found.log)[1:-1]:
        assert all(sample["quotes_verbatim"])
        assert sample["found"] == bool(sample["cited"])
    assert figure(found, "test, en", "quotes that occur in their passage") == 1.0


def test_a_dialogue_is_logged_with_its_truth(resources: Resources, tmp_path: Path) -> None:
    found = run("dialogue", resources, tmp_path, limit=1)
    (sample,) = read_log(found.log)[1:-1]
    assert sample["persona"] == "knows_most"
    assert sample["talk"][0][0] == "open"
    assert sample["measures"]["turns"] > 3
    assert figure(found, "all", "turns with exactly one question") == 1.0


def test_retrieval_scores_each_leg_and_both(resources: Resources, tmp_path: Path) -> None:
    options = Options(tmp_path / "out", data=make(tmp_path / "set"))
    found = run_task(find_tasks()["retrieval"], resources, options)
    groups = list(dict.fromkeys(f.group for f in found.report.figures))
    assert groups == ["dense", "english", "lexical", "fused", "speed"]
    assert figure(found, "speed", "ms a query, p95") > 0
    assert figure(found, "fused", "nDCG@10") == 1.0
    assert figure(found, "lexical", "MRR") == 1.0
    header = json.loads(found.log.read_text(encoding="utf-8").splitlines()[0])
    assert header["data"]["hash"]


def test_retrieval_without_a_folder_is_skipped(resources: Resources, tmp_path: Path) -> None:
    with pytest.raises(Skipped, match="--data"):
        run("retrieval", resources, tmp_path)
    assert not list(tmp_path.iterdir())
