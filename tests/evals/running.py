"""Runs one task as the command does, into a folder of a test's own."""

from __future__ import annotations

from pathlib import Path

from evals.resources import Resources
from evals.run import Run, run_task
from evals.runs import begin_run
from evals.task import Context, Options, Task, find_tasks
from evals.work import Workers


def run(
    task: str | Task,
    resources: Resources,
    out: Path,
    *,
    limit: int | None = None,
    data: Path | None = None,
    fast: bool = False,
    seed: int = 0,
) -> Run:
    """A finished run of one task, nothing taken from the cache."""
    task = find_tasks()[task] if isinstance(task, str) else task
    folder = begin_run(out, [task.name], Options(seed, data, limit, fast))
    context = Context(resources, seed, data)
    return run_task(task, Workers(context, folder.options), folder, use_cache=False)


def figure(found: Run, group: str, name: str) -> float:
    """The value of a figure."""
    return next(f.value for f in found.report.figures if (f.group, f.name) == (group, name))
