from __future__ import annotations

import json
import math
import random
import shutil
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evals.cli import app
from evals.compare import compare_logs, compare_runs, differs
from evals.log import Log, read_log
from evals.report import page
from evals.resources import Resources
from evals.run import run_task
from evals.runs import RunFolder, begin_run, open_run
from evals.stats import Estimate
from evals.stats.paired import Difference
from evals.stats.power import samples_for_share
from evals.task import Context, DataError, Options, Record, Report, Sample, Task, find_tasks
from evals.work import Workers
from tests.evals.running import run
from tests.evals.toy import EVEN
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


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        (0.5, 0.5, False),
        (0.5, 0.4, True),
        (math.nan, math.nan, False),
        (math.nan, 0.4, True),
        (0.5, math.nan, True),
    ],
)
def test_a_figure_that_is_not_defined_in_either_run_does_not_differ(
    first: float, second: float, found: bool
) -> None:
    blank = {f.name: math.nan for f in fields(Difference)}
    held = Difference(**blank | {"first": first, "second": second, "difference": second - first})
    assert differs(held) is found


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
    for folder in folders:
        context = Context(Resources(get_settings()))
        run_task(find_tasks()["agreement"], Workers(context, folder.options), folder)
    assert [c.task for c in compare_runs(*folders).tasks] == ["agreement"]
    assert compare_runs(*folders).left_out == []


KNOWN = {"even": EVEN, "whole": replace(EVEN, name="whole")}


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two equal runs of two tasks."""
    folder = tmp_path_factory.mktemp("measured")
    context = Context(Resources(get_settings()))
    for _ in range(2):
        run = begin_run(folder, list(KNOWN), Options(limit=12))
        for task in KNOWN.values():
            run_task(task, Workers(context, run.options), run, use_cache=False)
    return folder


@pytest.fixture
def two(measured: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[RunFolder]:
    """The same two, to be damaged."""
    for module in ("evals.compare", "evals.report.reading"):
        monkeypatch.setattr(f"{module}.find_tasks", lambda: KNOWN)
    shutil.copytree(measured, tmp_path, dirs_exist_ok=True)
    return [open_run(path) for path in sorted(tmp_path.iterdir())]


def damage(run: RunFolder, how: str) -> None:
    """Make the log of `even` one that cannot be read, in one way or another."""
    path = run.log_of("even")
    if how == "a folder":
        path.unlink()
        path.mkdir()
        return
    lines = path.read_text("utf-8").splitlines(keepends=True)
    if how == "no JSON":
        lines[3] = "{\n"
    elif how == "no samples":
        lines[3] = '{"type": "sample", "id": "x"}\n'
    elif how == "other figures":
        lines[-1] = lines[-1].replace('"figures": [', '"values": [')
    elif how == "other fields":
        lines[-1] = lines[-1].replace('"value":', '"mean":')
    elif how == "other options":
        lines[0] = lines[0].replace('"options":', '"choices":')
    elif how == "other records":
        lines = [line.replace('"even":', '"odd":') for line in lines]
    elif how == "no objects":
        held = [json.loads(line) for line in lines]
        lines = [json.dumps(h | {"output": 3} if "output" in h else h) + "\n" for h in held]
    path.write_text("".join(lines), "utf-8")


DAMAGE = (
    "a folder",
    "no JSON",
    "no samples",
    "other figures",
    "other fields",
    "other options",
    "other records",
    "no objects",
)


@pytest.mark.parametrize("how", DAMAGE)
def test_one_log_that_cannot_be_read_hides_no_other(
    tmp_path: Path, two: list[RunFolder], how: str
) -> None:
    first, second = two
    damage(first, how)
    found = compare_runs(first, second)
    assert [c.task for c in found.tasks] == ["whole"]
    assert [one.task for one in found.left_out] == ["even"]
    assert str(first.log_of("even")) in found.left_out[0].reason
    names = [first.name, second.name, "--out", str(tmp_path)]
    told = CliRunner().invoke(app, ["compare", *names])
    assert told.exit_code == 0, told.output
    assert "No difference: all 12 samples came out alike." in told.stdout
    assert "even was left out:" in told.stderr
    rows = CliRunner().invoke(app, ["compare", *names, "--json"]).stdout.splitlines()
    assert [set(json.loads(row)) >= {"task", "left_out"} for row in rows] == [False, True]
    told_by = page(second, first)
    assert "<b>even</b>" in told_by
    assert "Not compared with the baseline:" in told_by
    if how != "other options":  # the seed of the earlier run counts, and no other
        assert "<b>even</b>" in page(first, second)


@pytest.mark.parametrize("how", DAMAGE[:5])
def test_show_leaves_out_what_it_cannot_read(
    tmp_path: Path, two: list[RunFolder], how: str
) -> None:
    run, _ = two
    damage(run, how)
    told = CliRunner().invoke(app, ["show", run.name, "--out", str(tmp_path)])
    assert told.exit_code == 0, told.output
    assert "root" in told.stdout
    assert "even was left out:" in told.stderr
    arguments = ["show", run.name, "--out", str(tmp_path), "--sample"]
    assert CliRunner().invoke(app, [*arguments, "n3"]).exit_code == 0
    gone = CliRunner().invoke(app, [*arguments, "n99"])
    assert gone.exit_code == 2
    assert "even was left out" in " ".join(gone.output.replace("│", " ").split())


def test_when_nothing_can_be_read_it_is_an_error(tmp_path: Path, two: list[RunFolder]) -> None:
    first, second = two
    damage(first, "no JSON")
    first.log_of("whole").write_text('{"type": "other"}\n')
    with pytest.raises(DataError, match="Nothing of .* can be compared. even: .* whole: "):
        compare_runs(first, second)
    for words in (["compare", first.name, second.name], ["show", first.name], ["report", "last"]):
        told = CliRunner().invoke(app, [*words, "--out", str(tmp_path)])
        assert (told.exit_code, "Traceback" in told.output) == (
            (0 if words[1] == "last" else 2),
            False,
        )


def test_what_is_cut_short_or_unknown_is_left_out_by_name(
    two: list[RunFolder], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = two
    path = second.log_of("even")
    path.write_bytes(path.read_bytes().rsplit(b"\n", 2)[0] + b"\n")
    (left,) = compare_runs(first, second).left_out
    assert (left.task, left.reason) == ("even", f"Cut short in {second.name}: no figures yet.")
    known = {"whole": KNOWN["whole"]}
    monkeypatch.setattr("evals.compare.find_tasks", lambda: known)
    (left,) = compare_runs(first, second).left_out
    assert left.reason == "This version has no task even."
