"""`maieutic eval gate`: whether a change lowers a figure that must not fall."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from evals.commands.common import Json, Runs, interval, number, remarks, runs_folder, told, tracked
from evals.gates import (
    GATES,
    Gate,
    Verdict,
    read_baseline,
    read_gates,
    write_baseline,
)
from evals.log import plain
from evals.report.reading import read_run
from evals.report.view import verdicts_of
from evals.resources import Resources
from evals.run import run_task
from evals.runs import RunFolder, begin_run, run_named
from evals.task import DataError, Options, find_tasks
from evals.work import Workers, context_of
from tutor.settings import get_settings


def gate(
    run: Annotated[
        str | None,
        typer.Argument(help="A finished run; without it the fast subset is run now."),
    ] = None,
    gates: Annotated[Path, typer.Option(help="The file of the gates.")] = GATES,
    only: Annotated[str | None, typer.Option(help="Only the gates of this task.")] = None,
    out: Runs = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes that share the samples.")] = 1,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Ask the tutor everything.")] = False,
    accept: Annotated[
        bool, typer.Option("--accept", help="Keep these figures as the baseline of later ones.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Check every gate of evals/gates.toml; exit code 1 where one does not hold."""
    settings = get_settings()
    began = time.monotonic()
    with told():
        bounds = [g for g in read_gates(gates) if only in {None, g.task}]
        if not bounds:
            raise DataError(f"{gates} has no gate for {only or 'anything'}.")
        baseline = read_baseline()
        names = list(dict.fromkeys(bound.task for bound in bounds))
        if run is None:
            folder = run_fast(names, Resources(settings), out, jobs=jobs, use_cache=not no_cache)
        else:
            folder = run_named(runs_folder(settings, out), run)
        verdicts = judged(folder, bounds)
    _show(verdicts, baseline, folder, as_json=as_json)
    failed = [verdict for verdict in verdicts if not verdict.passed]
    remarks.print(
        f"{len(verdicts) - len(failed)} of {len(verdicts)} gates hold "
        f"({time.monotonic() - began:.0f} s)."
    )
    if accept:
        write_baseline(baseline, verdicts)
        remarks.print("These figures are the baseline now.")
    if failed:
        raise typer.Exit(1)


def run_fast(
    names: list[str],
    resources: Resources,
    out: Path | None,
    *,
    jobs: int = 1,
    use_cache: bool = True,
) -> RunFolder:
    """A run of the fast subsets of some tasks, with the fault that is planted in the tutor."""
    fault = resources.fault.name if resources.fault else None
    options = Options(fast=True, fault=fault)
    settings = resources.settings
    folder = begin_run(runs_folder(settings, out), names, options, settings.llm)
    tasks = find_tasks()
    with Workers(context_of(resources, options), options, jobs) as workers:
        for name in names:
            run_task(tasks[name], workers, folder, tracked, use_cache=use_cache)
    return folder


def judged(folder: RunFolder, gates: Sequence[Gate]) -> list[Verdict]:
    """The gates, checked against a run; a log that cannot be read fails the gates of its task."""
    found, _ = read_run(folder)
    return verdicts_of(found, gates)


def _show(
    verdicts: list[Verdict],
    baseline: dict[str, dict[str, Any]],
    folder: RunFolder,
    *,
    as_json: bool,
) -> None:
    if as_json:
        for verdict in verdicts:
            held = {
                "gate": verdict.gate.name,
                "bound": verdict.gate.bound,
                "passed": verdict.passed,
                "figure": plain(verdict.figure) if verdict.figure else None,
                "why": verdict.why,
            }
            typer.echo(json.dumps(held, ensure_ascii=False))
        return
    console = Console(highlight=False)
    for verdict in verdicts:
        figure = verdict.figure
        found = "no such figure"
        if figure is not None:
            found = f"{number(figure.value)} ({interval(figure.low, figure.high)}, n = {figure.n})"
        console.print(
            f"{'holds' if verdict.passed else 'FAILS'}  {verdict.gate.name}: {found}, "
            f"has to be {verdict.gate.bound}",
            soft_wrap=True,
        )
    for verdict in verdicts:
        if not verdict.passed:
            _explain(console, verdict, baseline.get(verdict.gate.name), folder)


def _explain(
    console: Console, verdict: Verdict, was: dict[str, Any] | None, folder: RunFolder
) -> None:
    """A failure, as a reader of the CI's output needs it."""
    console.print()
    console.print(f"FAILS: {verdict.gate.name}")
    console.print(f"  {verdict.why}", soft_wrap=True)
    if was is not None and was.get("value") is not None:
        console.print(f"- {_was(was)} (n = {was['n']}), in the baseline")
    if verdict.figure is not None:
        f = verdict.figure
        console.print(f"+ {number(f.value)} ({interval(f.low, f.high)}, n = {f.n}), now")
    console.print(f"  Why it matters: {verdict.gate.reason}", soft_wrap=True)
    for sample in verdict.failing:
        console.print(f"  maieutic eval show {folder.name} --sample {sample}", soft_wrap=True)


def _was(figure: dict[str, Any] | None) -> str:
    if figure is None or figure.get("value") is None:
        return "–"
    low, high = figure.get("low"), figure.get("high")
    told_ = f" ({number(low)} to {number(high)})" if low is not None and high is not None else ""
    return f"{number(figure['value'])}{told_}"
