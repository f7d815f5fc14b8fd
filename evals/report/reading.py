"""A log as the report and the pages need it: failures by line, and what each line adds to a figure.

Both follow from the lines of the log and nothing else, so a figure that does not come out of its
own lines again is found here.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np

from evals.compare import captured
from evals.log import Log, read_log
from evals.runs import LeftOut, RunFolder, each_log
from evals.stats import Captured
from evals.stats.captured import keyed
from evals.task import DataError, Record, Task, find_tasks

KEPT = 32
"""Logs that are remembered: those of two whole runs, some 15 MB each."""
CLOSE = 1e-9
"""Relative difference up to which two figures are the same: sums may be taken in another order."""


@dataclass(frozen=True, slots=True)
class Added:
    """What one line of the log adds to a figure."""

    whole: float
    """What of it was counted: the rows of the figure that come from this line, or its own count."""
    part: float | None = None
    """What of that is counted for the figure; None where a figure is no ratio, such as an AUC."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A log, read and followed up."""

    log: Log
    task: Task | None
    """None: the task is not there any more."""
    failing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By sample that failed, what is wrong with it."""
    added: Sequence[Mapping[str, Added] | None] = ()
    """By figure, what each sample adds; None: it cannot be told."""
    again: int = 0
    """Figures that came out the same when they were computed from the lines again."""

    @property
    def name(self) -> str:
        """Of the task."""
        return self.log.task

    @property
    def ordered(self) -> list[Record]:
        """Records with failures first, the worst before all."""
        return sorted(self.log.records, key=lambda r: -len(self.failing.get(r.id, ())))


def read_run(run: RunFolder) -> tuple[dict[str, Reading], list[LeftOut]]:
    """The logs of a run by task, and which of them cannot be read.

    Raises:
        DataError: none can be read, though there are some.
    """
    found, left = each_log(run, reading)
    if left and not found:
        reasons = " ".join(one.reason for one in left)
        raise DataError(f"No log of the run {run.name} can be read. {reasons}")
    return found, left


def reading(path: Path) -> Reading:
    """A log; one that has not changed since is remembered.

    Raises:
        DataError: it is damaged.
    """
    held = path.stat()
    return _reading(path, held.st_mtime_ns, held.st_size)


def clock_of(path: Path) -> tuple[str, str]:
    """When measuring began and ended, from the file of clock times; empty where it is not known."""
    began = ended = ""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return began, ended
    for line in lines:
        try:
            held = json.loads(line)
        except ValueError:
            continue  # cut off by a kill
        if isinstance(held, dict):
            began = began or str(held.get("began", ""))
            ended = str(held.get("ended", ended))
    return began, ended


@lru_cache(maxsize=KEPT)
def _reading(path: Path, changed: int, size: int) -> Reading:
    del changed, size
    log = read_log(path)
    task = find_tasks().get(log.task)
    if task is None:
        return Reading(log, None)
    try:
        told = {record.id: tuple(task.failures(record)) for record in log.records}
        known = dict(keyed(captured(log, task))) if log.finished else {}
    except (AttributeError, DataError, LookupError, TypeError, ValueError):
        # The task writes other records now; the log still says what it says.
        return Reading(log, task)
    failing = {name: faults for name, faults in told.items() if faults}
    found = [known.get(key) for key, _ in keyed(log.figures)]
    again = sum(1 for c, f in zip(found, log.figures, strict=True) if c and _same(c.value, f.value))
    return Reading(log, task, failing, [_added(c) if c else None for c in found], again)


def _same(one: float, two: float) -> bool:
    return math.isclose(one, two, rel_tol=CLOSE, abs_tol=1e-12) or (
        math.isnan(one) and math.isnan(two)
    )


def _added(figure: Captured) -> dict[str, Added] | None:
    if figure.ids is None:
        return None
    count = len(figure.ids)
    wholes = np.ones(count) if figure.wholes is None else figure.wholes
    parts = np.zeros(count) if figure.parts is None else figure.parts
    sums: dict[str, tuple[float, float]] = {}
    for name, one, all_ in zip(figure.ids, parts.tolist(), wholes.tolist(), strict=True):
        part, whole = sums.get(name, (0.0, 0.0))
        sums[name] = part + one, whole + all_
    return {
        name: Added(whole, None if figure.parts is None else part)
        for name, (part, whole) in sums.items()
        if whole
    }
