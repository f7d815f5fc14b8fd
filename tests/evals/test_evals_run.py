from __future__ import annotations

import math
from pathlib import Path

from rich.console import Console

from evals.log import read_log
from evals.run import Options, run_task, table
from evals.stats import Figure
from evals.task import Context, Report, Resources, task
from tutor.settings import get_settings


@task("even", "Which numbers are even")
def even(context: Context) -> Report:
    hits = []
    for number in context.samples(list(range(10)), "numbers"):
        hits.append(number % 2 == 0)
        context.write({"number": number, "even": hits[-1]})
    share = context.estimate.share("all", "even", hits)
    return Report([share, Figure("none", "undefined", math.nan, math.nan, math.nan, 0)], ("So.",))


def test_a_run_leaves_a_log_that_says_what_it_was_measured_on(tmp_path: Path) -> None:
    resources = Resources(get_settings())
    run = run_task(even, resources, Options(tmp_path, seed=5))
    header, *samples, last = read_log(run.log)
    assert header["seed"] == 5
    known = {"versions", "machine", "corpus", "models", "heads", "answers", "questions"}
    assert known <= header.keys()
    assert len(samples) == last["samples"] == 10
    assert last["notes"] == ["So."]
    assert last["figures"] == run.as_json()["figures"]
    again = run_task(even, resources, Options(tmp_path, seed=5))
    assert again.as_json()["figures"] == run.as_json()["figures"]


def test_a_cut_run_says_so(tmp_path: Path) -> None:
    run = run_task(even, Resources(get_settings()), Options(tmp_path, limit=4))
    assert run.report.figures[0].n == 4
    assert run.report.notes[-1] == "Cut to 4 samples: not for quoting."


def test_the_table_shows_n_and_interval_of_every_figure(tmp_path: Path) -> None:
    run = run_task(even, Resources(get_settings()), Options(tmp_path))
    console = Console(width=100, record=True, file=(tmp_path / "out").open("w"))
    console.print(table(run.task, run.report.figures))
    shown = console.export_text()
    console.file.close()
    assert "0.500" in shown
    assert " to " in shown
    assert "–" in shown
