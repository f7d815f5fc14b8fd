"""`maieutic eval run` and `resume`: measuring, and going on after a kill."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from evals.answers import AnswersError
from evals.commands.common import (
    Json,
    RunName,
    Runs,
    remarks,
    runs_folder,
    table,
    told,
    tracked,
)
from evals.run import Run, run_task
from evals.runs import RunFolder, begin_run, drop_empty, run_named
from evals.task import DataError, Options, Skipped, Task, find_tasks
from evals.work import Workers, context_of, resources_of
from tutor.settings import Settings, get_settings

EVERY = "all"
FEW = 3
"""Tasks up to which a second process is not worth its start."""
Jobs = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Processes that share the samples, each of some 2 GiB; by default two for many tasks "
        "where there are two cores, else one.",
    ),
]
NoCache = Annotated[
    bool, typer.Option("--no-cache", help="Ask the tutor again what is known from earlier runs.")
]


def run(
    names: Annotated[
        list[str], typer.Argument(help="Tasks of `maieutic eval list`, or all.", metavar="TASK...")
    ],
    data: Annotated[
        Path | None,
        typer.Option(
            help="A folder of published data: BEIR layout for `retrieval`, files for `readers`, "
            "public sets for `safety`, `screening` and `semeval`."
        ),
    ] = None,
    out: Runs = None,
    as_json: Json = False,
    seed: Annotated[
        int, typer.Option(help="Of the scripted learners, the typing slips and the bootstrap.")
    ] = 0,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Stop after so many samples, to try a task out.")
    ] = None,
    fast: Annotated[bool, typer.Option("--fast", help="The fast subset of each task.")] = False,
    jobs: Jobs = None,
    no_cache: NoCache = False,
    url: Annotated[
        str | None,
        typer.Option(
            help="Address of a running service to measure, such as http://127.0.0.1:8600; "
            "EVAL_TOKEN holds a bearer token where it asks for one."
        ),
    ] = None,
    llm: Annotated[
        str | None,
        typer.Option(help="provider:model of a chat model, as MAIEUTIC_LLM; `none` for none."),
    ] = None,
    fault: Annotated[
        str | None, typer.Option(help="Plant a fault of `maieutic eval faults`.")
    ] = None,
) -> None:
    """Run tasks, write a log each and print their figures."""
    settings = _with_model(get_settings(), llm)
    tasks = _chosen(names, fast=fast)
    options = Options(seed, data, limit, fast, url, fault)
    folder = begin_run(
        runs_folder(settings, out), [task.name for task in tasks], options, settings.llm
    )
    _all(folder, tasks, settings, as_json=as_json, jobs=jobs, use_cache=not no_cache)


def resume(
    name: RunName,
    out: Runs = None,
    as_json: Json = False,
    jobs: Jobs = None,
    no_cache: NoCache = False,
) -> None:
    """Go on with a run that was cut short; what it has is kept, and the logs come out the same."""
    settings = get_settings()
    with told():
        folder = run_named(runs_folder(settings, out), name)
    tasks = _chosen(list(folder.tasks), fast=False)
    settings = _with_model(settings, folder.llm or "none")
    _all(folder, tasks, settings, as_json=as_json, jobs=jobs, use_cache=not no_cache)


def _all(
    folder: RunFolder,
    tasks: list[Task],
    settings: Settings,
    *,
    as_json: bool,
    jobs: int | None,
    use_cache: bool,
) -> None:
    shared = jobs or (min(2, os.cpu_count() or 1) if len(tasks) > FEW else 1)
    with told():
        context = context_of(resources_of(settings, folder.options), folder.options)
    done, failed = 0, False
    with Workers(context, folder.options, shared) as workers:
        for task in tasks:
            began = time.monotonic()
            try:
                finished = run_task(task, workers, folder, tracked, use_cache=use_cache)
            except Skipped as reason:
                remarks.print(f"{task.name} skipped: {reason}", soft_wrap=True)
            except (DataError, AnswersError) as error:
                if len(tasks) == 1:
                    drop_empty(folder)
                    raise typer.BadParameter(str(error)) from error
                failed = True
                remarks.print(f"{task.name} could not be run: {error}", soft_wrap=True)
            else:
                done += 1
                _show(finished, time.monotonic() - began, as_json=as_json)
    if not done:
        drop_empty(folder)
        remarks.print("Nothing was measured.")
    else:
        remarks.print(
            f"Run {folder.name}; maieutic eval report {folder.name} draws it.", soft_wrap=True
        )
    if failed or not done:
        raise typer.Exit(1)


def _chosen(names: list[str], *, fast: bool) -> list[Task]:
    tasks = find_tasks()
    if EVERY in names:
        return [task for task in tasks.values() if task.fast is not None or not fast]
    unknown = sorted(set(names) - tasks.keys())
    if unknown:
        known = ", ".join([*tasks, EVERY])
        raise typer.BadParameter(f"There is no task {unknown[0]!r}. The tasks are: {known}.")
    slow = sorted(name for name in names if fast and tasks[name].fast is None)
    if slow:
        raise typer.BadParameter(f"{slow[0]} has no fast subset; leave out --fast.")
    return [tasks[name] for name in dict.fromkeys(names)]


def _with_model(settings: Settings, llm: str | None) -> Settings:
    """The settings with another chat model, or with none."""
    if llm is None or llm == settings.llm:
        return settings
    chosen = None if llm == "none" else llm
    update = {"llm": chosen} if chosen else {"llm": None, "llm_base_url": None}
    return Settings.model_validate(settings.model_dump() | update)


def _show(finished: Run, seconds: float, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(finished.as_json(), ensure_ascii=False))
        return
    console = Console(highlight=False)
    console.print(table(finished.task, finished.report.figures))
    for note in finished.report.notes:
        console.print(f"• {note}", soft_wrap=True)
    known = f", {finished.cached} known from earlier runs" if finished.cached else ""
    went_on = f", {finished.resumed} kept from before" if finished.resumed else ""
    console.print(
        f"{finished.samples} samples in {seconds:.0f} s{known}{went_on}. Log: {finished.log}",
        soft_wrap=True,
    )
