"""The task on a public set in BEIR layout."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.resources import Resources
from evals.task import Context, Record, Sample, Skipped
from evals.tasks.retrieval import FUSED, TASK
from tests.evals.beir_folder import make
from tests.evals.running import figure, run


def test_each_leg_is_scored_and_all(resources: Resources, tmp_path: Path) -> None:
    found = run(TASK, resources, tmp_path / "out", data=make(tmp_path / "set"))
    groups = list(dict.fromkeys(f.group for f in found.report.figures))
    assert groups == ["dense", "english", "lexical", "fused"]
    assert figure(found, "fused", "nDCG@10") == 1.0
    assert figure(found, "lexical", "MRR") == 1.0
    header = json.loads(found.log.read_text(encoding="utf-8").splitlines()[0])
    assert header["data"]["hash"]


def test_without_a_folder_it_is_skipped(resources: Resources) -> None:
    with pytest.raises(Skipped, match="--data"):
        TASK.samples(Context(resources))


@pytest.mark.parametrize(
    ("ten", "hundred", "says"),
    [(1.0, 1.0, []), (0.0, 0.5, ["nothing relevant among 10"]), (0.0, 0.0, ["among 100"])],
)
def test_what_was_not_found_is_a_failure(ten: float, hundred: float, says: list[str]) -> None:
    record = Record(Sample("q", {}), {"scores": {FUSED: [0.0, ten, hundred, 0.0]}})
    found = TASK.failures(record)
    assert len(found) == len(says)
    assert all(part in whole for part, whole in zip(says, found, strict=True))
