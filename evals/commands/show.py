"""`maieutic eval show`: the runs there are, and the figures of one."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from evals.commands.common import Json, Runs, runs_folder, show_left_out, table, told
from evals.log import plain
from evals.report.reading import clock_of, read_run
from evals.runs import RunFolder, find_runs, run_named
from tutor.settings import get_settings


def show(
    name: Annotated[
        str | None,
        typer.Argument(help="A run; without it, the runs there are are listed."),
    ] = None,
    sample: Annotated[
        str | None, typer.Option(help="Only this sample: what went in and what came of it.")
    ] = None,
    out: Runs = None,
    as_json: Json = False,
) -> None:
    """The runs there are; the figures of one; or one sample of it."""
    folder = runs_folder(get_settings(), out)
    with told():
        if name is None:
            _list(find_runs(folder), as_json=as_json)
        elif sample is None:
            _figures(run_named(folder, name), as_json=as_json)
        else:
            _sample(run_named(folder, name), sample)


def _list(runs: list[RunFolder], *, as_json: bool) -> None:
    shown = Table(box=None)
    for column in ("run", "tasks", "finished", "options"):
        shown.add_column(column)
    rows = []
    for run in runs:
        # From the clock times: the logs of many runs take long to read.
        finished = [task for task in run.tasks if clock_of(run.times_of(task))[1]]
        rows.append({"run": run.name, "tasks": list(run.tasks), "finished": finished})
        said = {k: v for k, v in run.options.as_json().items() if v not in (None, False, 0)}
        told_options = " ".join(f"{k}={v}" for k, v in said.items())
        shown.add_row(run.name, ", ".join(run.tasks), f"{len(finished)}", told_options)
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
    elif rows:
        Console(highlight=False).print(shown)
    else:
        Console(highlight=False).print("There is no run yet; maieutic eval run makes one.")


def _figures(run: RunFolder, *, as_json: bool) -> None:
    console = Console(highlight=False)
    found, left = read_run(run)
    for task, read in found.items():
        log = read.log
        if as_json:
            held = {"task": task, "finished": log.finished, "figures": [*map(plain, log.figures)]}
            typer.echo(json.dumps(held, ensure_ascii=False))
            continue
        if not log.finished:
            console.print(
                f"{task}: cut short after {len(log.records)} samples; "
                f"maieutic eval resume {run.name} goes on.",
                soft_wrap=True,
            )
            continue
        console.print(table(task, log.figures))
        if read.failing:
            some = ", ".join(list(read.failing)[:3])
            told_ = f"{len(read.failing)} samples with failures, such as {some}."
            console.print(told_, soft_wrap=True)
    show_left_out(left, as_json=as_json)


def _sample(run: RunFolder, sample: str) -> None:
    found, left = read_run(run)
    for read in found.values():
        log = read.log
        for record in log.records:
            if record.id == sample:
                held = {
                    "log": f"{log.path}:{log.lines[sample]}",
                    "failures": list(read.failing.get(sample, ())),
                    "input": record.sample.input,
                    "output": record.output,
                }
                typer.echo(json.dumps(held, ensure_ascii=False, indent=2))
                return
    unread = "".join(f" {one.task} was left out: {one.reason}" for one in left)
    raise typer.BadParameter(f"The run {run.name} has no sample {sample!r}.{unread}")
