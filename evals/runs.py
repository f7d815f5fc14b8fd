"""Runs on disk: a folder each, with a plan and one log a task.

`run.json` names the tasks and options before anything is measured, so that a run that was killed at
any moment can be taken up again; it is written once. Runs are named by the time they began.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from evals.log import Log, read_log
from evals.task import DataError, Options

PLAN = "run.json"
SUFFIX = ".jsonl"
TIMES = ".times.jsonl"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RunFolder:
    """A run, finished or not."""

    path: Path
    tasks: tuple[str, ...]
    options: Options
    llm: str | None = None
    """The chat model that judged and worded; none is the embedded default."""

    @property
    def name(self) -> str:
        """Of the run."""
        return self.path.name

    def log_of(self, task: str) -> Path:
        """Where the log of a task is, or will be."""
        return self.path / f"{task}{SUFFIX}"

    def times_of(self, task: str) -> Path:
        """Where the clock times of a task are."""
        return self.path / f"{task}{TIMES}"

    @property
    def begun(self) -> tuple[str, ...]:
        """The tasks whose log has a whole first line, in the order of the plan."""
        return tuple(task for task in self.tasks if begun(self.log_of(task)))

    def logs(self) -> dict[str, Log]:
        """The logs there are, by task, in the order of the plan.

        Raises:
            DataError: one of them is damaged.
        """
        return {task: read_log(self.log_of(task)) for task in self.begun}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A task of a run that could not be read, or compared."""

    task: str
    reason: str
    """A sentence."""


def each_log(run: RunFolder, read: Callable[[Path], T]) -> tuple[dict[str, T], list[LeftOut]]:
    """What the logs of a run say, by task in the order of the plan, and which cannot be read.

    Args:
        run: finished or not; a task without a log is in neither.
        read: makes something of the path of a log; raises `DataError`.
    """
    found: dict[str, T] = {}
    left: list[LeftOut] = []
    for task in run.tasks:
        path = run.log_of(task)
        try:
            if begun(path):
                found[task] = read(path)
        except DataError as error:
            left.append(LeftOut(task, str(error)))
        except OSError as error:
            left.append(LeftOut(task, f"{path} cannot be read ({error.strerror})."))
    return found, left


def begin_run(
    folder: Path, tasks: Sequence[str], options: Options, llm: str | None = None
) -> RunFolder:
    """A new run in a folder of runs; an existing one is never touched.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    what = tasks[0] if len(tasks) == 1 else "all"
    stem = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{what}"
    number = 1
    while True:
        path = folder / (stem if number == 1 else f"{stem}-{number}")
        try:
            path.mkdir()
        except FileExistsError:
            number += 1
        else:
            break
    plan = {"tasks": list(tasks), "options": options.as_json(), "llm": llm}
    written = path / f"{PLAN}.part"
    written.write_text(json.dumps(plan, indent=2) + "\n", encoding="utf-8")
    written.replace(path / PLAN)
    return RunFolder(path, tuple(tasks), options, llm)


def drop_empty(folder: RunFolder) -> None:
    """Forget a run that measured nothing; one that holds anything but its plan is left alone."""
    if [path.name for path in folder.path.iterdir()] == [PLAN]:
        (folder.path / PLAN).unlink()
        folder.path.rmdir()


def open_run(path: Path) -> RunFolder:
    """A run by its folder.

    Raises:
        DataError: it is none.
    """
    try:
        plan = json.loads((path / PLAN).read_text(encoding="utf-8"))
        options = Options.from_json(plan["options"])
        return RunFolder(path, tuple(plan["tasks"]), options, plan["llm"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(
            f"{path} is not a run; maieutic eval show lists those there are."
        ) from error


def find_runs(folder: Path) -> list[RunFolder]:
    """The runs in a folder, the last first; one whose plan is damaged is left out."""
    found = []
    for plan in sorted(folder.glob(f"*/{PLAN}"), reverse=True):
        try:
            found.append(open_run(plan.parent))
        except DataError:
            continue
    return found


def run_named(folder: Path, name: str) -> RunFolder:
    """A run by its name, by the beginning of it, by `last`, or by the path of its folder.

    Raises:
        DataError: none, or more than one, answers to that.
    """
    if Path(name).is_dir() and (Path(name) / PLAN).is_file():
        return open_run(Path(name))
    runs = find_runs(folder)
    if name == "last" and runs:
        return runs[0]
    fitting = [run for run in runs if run.name == name] or [
        run for run in runs if run.name.startswith(name)
    ]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        told = ", ".join(run.name for run in fitting[:5])
        raise DataError(f"{name!r} could be {told}; write more of the name.")
    there = ", ".join(run.name for run in runs[:5]) or "none yet: maieutic eval run makes one"
    raise DataError(f"There is no run {name!r} in {folder}. The last ones: {there}.")


def begun(path: Path) -> bool:
    """A log is there and has a whole first line."""
    try:
        with path.open("rb") as file:
            return file.readline().endswith(b"\n")
    except FileNotFoundError:
        return False
