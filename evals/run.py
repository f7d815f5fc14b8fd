"""Runs a task: its log opened, its figures taken, its table drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

from evals.log import open_log, plain
from evals.provenance import provenance
from evals.stats import LEVEL, ROUNDS, Estimate, Figure
from evals.task import Context, Report, Resources, Skipped, Task, Tracker


@dataclass(frozen=True, slots=True)
class Options:
    """What whoever runs a task may choose."""

    out: Path
    """The folder of the logs."""
    seed: int = 0
    data: Path | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run."""

    task: str
    report: Report
    log: Path

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "task": self.task,
            "figures": [plain(figure) for figure in self.report.figures],
            "notes": list(self.report.notes),
            "log": str(self.log),
        }


def run_task(
    task: Task, resources: Resources, options: Options, tracker: Tracker | None = None
) -> Run:
    """Run one task and write its log.

    Raises:
        Skipped: the task cannot run here; no log is left behind.
        DataError: its samples cannot be read.
        IngestError: a model or the index is missing or damaged.
    """
    estimate = Estimate(options.seed)
    header = {
        "seed": options.seed,
        "limit": options.limit,
        "bootstrap": {"rounds": ROUNDS, "level": LEVEL},
        **provenance(resources.settings, options.data),
    }
    with open_log(options.out, task.name, header) as log:
        context = Context(
            resources, estimate, log.sample, options.seed, options.data, options.limit, tracker
        )
        try:
            report = task.run(context)
        except Skipped:
            log.path.unlink()
            raise
        if options.limit is not None:
            told = f"Cut to {options.limit} samples: not for quoting."
            report = Report(report.figures, (*report.notes, told))
        log.figures(list(report.figures), report.notes)
    return Run(task.name, report, log.path)


def table(title: str, figures: Sequence[Figure]) -> Table:
    """Figures, each with its n and its interval."""
    drawn = Table(title=title)
    drawn.add_column("samples")
    drawn.add_column("figure")
    for column in ("n", "value", "95 % interval"):
        drawn.add_column(column, justify="right")
    previous = None
    for figure in figures:
        if previous not in {None, figure.group}:
            drawn.add_section()
        group = figure.group if figure.group != previous else ""
        drawn.add_row(group, figure.name, str(figure.n), _shown(figure.value), _interval(figure))
        previous = figure.group
    return drawn


def _interval(figure: Figure) -> str:
    if not (math.isfinite(figure.low) and math.isfinite(figure.high)):
        return "–"
    return f"{_shown(figure.low)} to {_shown(figure.high)}"


def _shown(value: float) -> str:
    if not math.isfinite(value):
        return "–"
    return f"{value:.3f}" if abs(value) < 2 else f"{value:.1f}"
