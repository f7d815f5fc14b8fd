"""`maieutic eval`: what can be measured, and measuring it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from evals.answers import AnswersError
from evals.peers.command import peers
from evals.run import Options, Run, run_task, table
from evals.task import DataError, Resources, Skipped, Task, find_tasks
from tutor.settings import get_settings

T = TypeVar("T")
EVERY = "all"
app = typer.Typer(
    name="eval",
    help="Measure the tutor: every figure with its n and a 95 % interval.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
remarks = Console(stderr=True, highlight=False)
"""Progress and skipped tasks; standard output holds the figures alone."""


@app.command("list")
def list_tasks() -> None:
    """The tasks there are."""
    shown = Table(box=None)
    shown.add_column("task")
    shown.add_column("what it measures")
    for task in find_tasks().values():
        shown.add_row(task.name, task.description)
    Console().print(shown)


@app.command("run")
def run(
    name: Annotated[str, typer.Argument(help="A task of `maieutic eval list`, or all.")],
    data: Annotated[
        Path | None,
        typer.Option(
            help="A folder in BEIR layout for `retrieval`, of files for `readers`, of public sets "
            "for `screening`."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the logs; by default evals/ in MAIEUTIC_HOME.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON a task.")] = False,
    seed: Annotated[int, typer.Option(help="Of the scripted learners and the bootstrap.")] = 0,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Stop after so many samples, to try a task out.")
    ] = None,
) -> None:
    """Run a task, write its log and print its figures."""
    settings = get_settings()
    options = Options(out or settings.home / "evals", seed, data, limit)
    resources = Resources(settings)
    for task in _chosen(name):
        try:
            finished = run_task(task, resources, options, _track)
        except Skipped as reason:
            remarks.print(f"{task.name} skipped: {reason}", soft_wrap=True)
        except (DataError, AnswersError) as error:
            raise typer.BadParameter(str(error)) from error
        else:
            _show(finished, as_json=as_json)


app.command("peers")(peers)


def _chosen(name: str) -> list[Task]:
    tasks = find_tasks()
    if name == EVERY:
        return list(tasks.values())
    if name not in tasks:
        known = ", ".join([*tasks, EVERY])
        raise typer.BadParameter(f"There is no task {name!r}. The tasks are: {known}.")
    return [tasks[name]]


def _show(finished: Run, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(finished.as_json(), ensure_ascii=False))
        return
    console = Console(highlight=False)
    console.print(table(finished.task, finished.report.figures))
    for note in finished.report.notes:
        console.print(f"• {note}", soft_wrap=True)
    console.print(f"Log: {finished.log}", soft_wrap=True)


def _track(items: Iterable[T], description: str, total: int) -> Iterable[T]:
    return track(items, description, total=total, console=remarks, transient=True)


if __name__ == "__main__":
    app()
