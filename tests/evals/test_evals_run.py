from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from evals.commands.common import table
from evals.log import read_log
from evals.resources import Resources
from evals.run import chosen, run_task
from evals.runs import RunFolder, begin_run
from evals.stats import Estimate
from evals.task import Context, DataError, Options, Sample, Task
from evals.work import Workers
from tests.evals.toy import COUNT, EVEN, samples, solve
from tutor.settings import Settings, get_settings


@pytest.fixture
def resources(tmp_path: Path) -> Resources:
    return Resources(get_settings().model_copy(update={"home": tmp_path / "home"}))


def go(resources: Resources, folder: RunFolder, task: Task = EVEN, *, cache: bool = False) -> Any:
    context = Context(resources, folder.options.seed)
    return run_task(task, Workers(context, folder.options), folder, use_cache=cache)


def begin(tmp_path: Path, options: Options | None = None) -> RunFolder:
    return begin_run(tmp_path / "runs", ["even"], options or Options())


def test_a_run_leaves_a_log_that_says_what_it_was_measured_on(
    resources: Resources, tmp_path: Path
) -> None:
    found = go(resources, begin(tmp_path, Options(seed=5)))
    log = read_log(found.log)
    known = {"versions", "machine", "source", "corpus", "models", "heads", "answers", "questions"}
    assert known <= log.header.keys()
    assert log.header["options"]["seed"] == 5
    assert len(log.records) == found.samples == COUNT
    assert log.notes == ("So.",)
    assert [(f.name, f.value) for f in log.figures] == [
        (f.name, f.value) for f in found.report.figures
    ]


def test_two_runs_are_equal_byte_for_byte(resources: Resources, tmp_path: Path) -> None:
    first, second = (go(resources, begin(tmp_path)) for _ in range(2))
    assert first.log != second.log
    assert first.log.read_bytes() == second.log.read_bytes()


def test_figures_follow_from_the_lines_alone(resources: Resources, tmp_path: Path) -> None:
    found = go(resources, begin(tmp_path))
    again = EVEN.report(read_log(found.log).records, Estimate(0, widened=True))
    assert again == found.report


@pytest.mark.parametrize("at", [0, 1, 7, 200, 3000, -1])
def test_a_run_that_was_cut_anywhere_ends_as_if_it_had_not_been(
    resources: Resources, tmp_path: Path, at: int
) -> None:
    whole = go(resources, begin(tmp_path)).log.read_bytes()
    folder = begin(tmp_path)
    folder.log_of("even").write_bytes(whole[:at])
    found = go(resources, folder)
    assert found.log.read_bytes() == whole


def test_a_finished_run_is_left_as_it_is(resources: Resources, tmp_path: Path) -> None:
    folder = begin(tmp_path)
    first = go(resources, folder)
    before = first.log.stat().st_mtime_ns
    again = go(resources, folder)
    assert (again.samples, again.resumed) == (COUNT, COUNT)
    assert again.log.stat().st_mtime_ns == before


def test_a_log_of_another_state_is_not_gone_on_with(resources: Resources, tmp_path: Path) -> None:
    folder = begin(tmp_path)
    lines = go(resources, folder).log.read_text(encoding="utf-8").splitlines(keepends=True)
    header = json.loads(lines[0]) | {"corpus": "another"}
    folder.log_of("even").write_text(json.dumps(header) + "\n" + "".join(lines[1:3]), "utf-8")
    with pytest.raises(DataError, match="corpus changed"):
        go(resources, folder)


def test_a_log_of_other_samples_is_not_gone_on_with(resources: Resources, tmp_path: Path) -> None:
    folder = begin(tmp_path)
    lines = go(resources, folder).log.read_text(encoding="utf-8").splitlines(keepends=True)
    folder.log_of("even").write_text(lines[0] + lines[2], encoding="utf-8")
    with pytest.raises(DataError, match="other samples"):
        go(resources, folder)


def test_what_is_known_is_not_asked_again(resources: Resources, tmp_path: Path) -> None:
    asked: list[str] = []

    def counted(context: Context, sample: Sample) -> dict[str, Any]:
        asked.append(sample.id)
        return solve(context, sample)

    task = replace(EVEN, solve=counted)
    first = go(resources, begin(tmp_path), task, cache=True)
    assert (len(asked), first.cached) == (COUNT, 0)
    fast = go(resources, begin(tmp_path, Options(fast=True)), task, cache=True)
    again = go(resources, begin(tmp_path), task, cache=True)
    assert (len(asked), fast.cached, again.cached) == (COUNT, 10, COUNT)
    assert again.log.read_bytes() == first.log.read_bytes()
    other = go(resources, begin(tmp_path, Options(seed=1)), task, cache=True)
    assert (len(asked), other.cached) == (2 * COUNT, 0)


def test_a_damaged_cache_is_put_aside(resources: Resources, tmp_path: Path) -> None:
    folder = resources.settings.home / "cache" / "evals"
    folder.mkdir(parents=True)
    (folder / "evals.sqlite3").write_bytes(b"no database" * 1000)
    found = go(resources, begin(tmp_path), cache=True)
    assert found.samples == COUNT
    assert (folder / "evals.damaged").is_file()


def test_a_cut_run_says_so(resources: Resources, tmp_path: Path) -> None:
    found = go(resources, begin(tmp_path, Options(limit=4)))
    assert found.report.figures[0].n == 4
    assert found.report.notes[-1] == "Cut to 4 samples: not for quoting."


def test_the_fast_subset_takes_turns_among_the_clusters(resources: Resources) -> None:
    every = samples(Context(resources))
    some = chosen(every, EVEN, Options(fast=True))
    assert sorted(s.cluster for s in some) == sorted(2 * [f"c{i}" for i in range(5)])
    assert [s for s in every if s in some] == some
    assert chosen(every[::-1], EVEN, Options(fast=True)) == some[::-1]


def test_two_samples_of_one_name_are_refused() -> None:
    doubled = [Sample("a", {}), Sample("a", {})]
    with pytest.raises(DataError, match="two samples"):
        chosen(doubled, EVEN, Options())


def test_many_processes_leave_the_log_of_one(tmp_path: Path, real_settings: Settings) -> None:
    from evals.task import find_tasks

    task = find_tasks()["guard"]
    logs = []
    for jobs in (1, 2):
        folder = begin_run(tmp_path / "runs", ["guard"], Options(limit=30))
        context = Context(Resources(real_settings))
        with Workers(context, folder.options, jobs) as workers:
            found = run_task(task, workers, folder, use_cache=False)
        logs.append(found.log.read_bytes())
    assert logs[0] == logs[1]


def test_the_table_shows_n_and_interval_of_every_figure(
    resources: Resources, tmp_path: Path
) -> None:
    found = go(resources, begin(tmp_path))
    console = Console(width=100, record=True, file=(tmp_path / "out").open("w"))
    console.print(table(found.task, found.report.figures))
    shown = console.export_text()
    console.file.close()
    assert "0.500" in shown
    assert " to " in shown
    assert "share" in shown
