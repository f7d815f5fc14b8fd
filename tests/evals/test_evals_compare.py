from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evals.cli import app
from evals.compare import compare_logs, compare_runs
from evals.log import Log, read_log
from evals.resources import Resources
from evals.run import run_task
from evals.runs import begin_run
from evals.stats import Estimate
from evals.stats.power import samples_for_share
from evals.task import Context, Options, Record, Report, Sample, Task
from evals.work import Workers
from tests.evals.running import run
from tutor.settings import get_settings

LOSS, CHANGED = 0.03, 0.05
"""Share of hits that is lost, and share of samples whose verdict changes."""
RIGHT = 0.8
SEEDS = 20


def task_of(hits: Sequence[bool]) -> Task:
    def samples(context: Context) -> list[Sample]:
        del context
        return [Sample(f"s{i}", {"number": i}) for i in range(len(hits))]

    def solve(context: Context, sample: Sample) -> dict[str, Any]:
        del context
        return {"hit": hits[sample.input["number"]]}

    def report(records: Sequence[Record], estimate: Estimate) -> Report:
        ids = [r.id for r in records]
        return Report([estimate.share("all", "hits", [r["hit"] for r in records], ids=ids)])

    return Task("hits", "Hits", samples, solve, report)


def log_of(hits: Sequence[bool]) -> Log:
    records = [Record(Sample(f"s{i}", {"number": i}), {"hit": hit}) for i, hit in enumerate(hits)]
    return Log(Path("x"), {"task": "hits", "options": Options().as_json()}, records, finished=True)


def worse(hits: list[bool], seed: int) -> list[bool]:
    """The same verdicts but that some are lost and fewer are won: three points less in all."""
    draw = random.Random(seed)
    lost, won = (CHANGED + LOSS) / 2, (CHANGED - LOSS) / 2
    return [
        draw.random() >= lost / RIGHT if hit else draw.random() < won / (1 - RIGHT) for hit in hits
    ]


def test_two_equal_runs_show_no_difference(tmp_path: Path) -> None:
    resources = Resources(get_settings())
    hits = [i % 3 > 0 for i in range(60)]
    first, second = (run(task_of(hits), resources, tmp_path) for _ in range(2))
    found = compare_logs(read_log(first.log), read_log(second.log), task_of(hits))
    assert (found.identical, found.same, found.state) == (True, 60, ())
    assert [(d.difference, d.low, d.high, d.p) for d in found.differences] == [(0.0, 0.0, 0.0, 1.0)]


def test_a_loss_of_three_points_is_found_at_the_size_that_power_promises() -> None:
    n = samples_for_share(LOSS, CHANGED)
    found = 0
    for seed in range(SEEDS):
        draw = random.Random(1000 + seed)
        hits = [draw.random() < RIGHT for _ in range(n)]
        comparison = compare_logs(log_of(hits), log_of(worse(hits, seed)), task_of(hits))
        (difference,) = comparison.differences
        found += difference.significant and difference.difference < 0
        promised = comparison.power["all", "hits"].difference
        assert promised == pytest.approx(LOSS, abs=0.008)
    # Four in five are promised; of twenty, twelve or fewer would come once in a hundred times.
    assert found > 12


def test_what_was_measured_on_and_which_samples_changed_are_told() -> None:
    first, second = log_of([True, True, False]), log_of([True, False, False, True])
    second = Log(second.path, {**second.header, "corpus": "b"}, second.records[1:], finished=True)
    found = compare_logs(first, second, task_of([True] * 4))
    assert (found.changed, found.same) == (("s1",), 1)
    assert (found.only_first, found.only_second) == (("s0",), ("s3",))
    assert found.state == (("corpus", "–", "b"),)


def test_the_command_says_that_nothing_differs(tmp_path: Path) -> None:
    runner = CliRunner()
    for _ in range(2):
        words = ["run", "agreement", "--limit", "40", "--no-cache", "--out", str(tmp_path)]
        assert runner.invoke(app, words).exit_code == 0
    first, second = sorted(path.name for path in tmp_path.iterdir())
    result = runner.invoke(app, ["compare", first, second, "--out", str(tmp_path)])
    assert result.exit_code == 0
    assert "No difference: all 40 samples came out alike." in result.stdout
    nothing = runner.invoke(app, ["compare", first, "another", "--out", str(tmp_path)])
    assert nothing.exit_code == 2


def test_only_what_both_have_finished_is_compared(tmp_path: Path) -> None:
    folders = [begin_run(tmp_path, ["guard", "agreement"], Options(limit=5)) for _ in range(2)]
    from evals.task import find_tasks

    for folder in folders:
        context = Context(Resources(get_settings()))
        run_task(find_tasks()["agreement"], Workers(context, folder.options), folder)
    assert [c.task for c in compare_runs(*folders)] == ["agreement"]
