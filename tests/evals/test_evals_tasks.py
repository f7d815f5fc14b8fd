"""The tasks on the real tutor, cut short: that they run, and that their figures hang together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.judged import Row, figures_of
from evals.log import read_log
from evals.remote import Remote
from evals.resources import Resources
from evals.stats import Estimate
from evals.task import Context, DataError
from evals.tasks import dialogue
from tests.evals.running import figure, run


def test_judging_warns_that_its_labels_are_its_makers_own(
    resources: Resources, tmp_path: Path
) -> None:
    found = run("judging", resources, tmp_path, limit=6)
    assert "no clinician has labelled them" in found.report.notes[0]
    assert {f.name for f in found.report.figures} >= {"precision", "recall", "F1", "AUC", "unsure"}
    assert len(read_log(found.log).records) == 6
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


def test_a_dialogue_is_logged_with_its_truth(resources: Resources, tmp_path: Path) -> None:
    found = run("dialogue", resources, tmp_path, limit=1)
    (record,) = read_log(found.log).records
    assert (record["persona"], record["truth"]) == ("knows_most", "exact")
    assert record["talk"][0]["move"] == "open"
    assert record["measures"]["turns"] > 3
    assert figure(found, "all", "turns with exactly one question") == 1.0
    # Every figure rests on the one line.
    assert {f.samples for f in found.report.figures if f.n} == {(record.id,)}
    assert json.dumps(record.output)


def test_a_dialogue_over_http_is_the_same(resources: Resources, remote: Remote) -> None:
    here, there = Context(resources), Context(resources, remote=remote)
    sample = dialogue.samples(here)[1]
    assert dialogue.solve_remote(there, sample) == dialogue.solve(here, sample)
    assert remote.get("/sessions") == []


def test_a_service_that_is_not_there_is_a_sentence() -> None:
    with pytest.raises(DataError, match="Start maieutic serve, or mend --url"):
        Remote("http://127.0.0.1:9").get("/sessions")


def test_a_refusal_of_the_service_is_told(remote: Remote) -> None:
    with pytest.raises(DataError, match="refuses GET /sessions/nothing"):
        remote.get("/sessions/nothing")
