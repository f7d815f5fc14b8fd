"""What the templates are given: a run in the order it is read, every figure with its log lines."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from markupsafe import Markup

from evals.commands.common import number
from evals.compare import TaskComparison, compare_runs, differs
from evals.gates import Gate, Verdict, check, read_gates
from evals.log import ranges
from evals.report import charts
from evals.report.reading import Added, Reading, clock_of, read_run
from evals.report.turns import Told, changes, told
from evals.report.words import Words
from evals.runs import LeftOut, RunFolder
from evals.stats import Figure
from evals.stats.paired import Difference
from evals.task import DataError, Picture, Record

FIRST = 4
"""Figures of a task in the summary, where no gate says which ones count."""
SHOWN_CHANGES = 200
"""Samples that changed since the baseline and are told one by one."""


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure with the lines it rests on."""

    index: int
    figure: Figure
    value: str
    plot: Markup
    lines: Sequence[Sequence[int]]
    """First and last line of each unbroken row of lines."""
    count: int
    """Lines in all."""


@dataclass(frozen=True, slots=True)
class RecordView:
    """A line of the log."""

    line: int
    id: str
    language: str
    failures: tuple[str, ...]
    told: Told


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture and its numbers, for those who do not see it."""

    title: str
    svg: Markup
    columns: tuple[str, ...]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class TaskView:
    """One task of the run."""

    reading: Reading
    groups: Sequence[tuple[str, Sequence[FigureView]]]
    pictures: Sequence[Chart]
    distributions: Sequence[Chart]
    records: Sequence[RecordView]
    """In the order of the lines."""
    change: ChangeView | None = None

    @property
    def name(self) -> str:
        """Of the task."""
        return self.reading.name

    @property
    def failing(self) -> list[RecordView]:
        """Records with failures, the worst first."""
        held = {record.id: record for record in self.records if record.failures}
        return [held[record.id] for record in self.reading.ordered if record.id in held]

    @property
    def figures(self) -> list[FigureView]:
        """All of them."""
        return [figure for _, group in self.groups for figure in group]

    @property
    def traced(self) -> list[dict[str, Any]]:
        """By figure, its lines as ranges, and what each adds: [[line, counted, of which], ...]."""
        added = self.reading.added or [None] * len(self.figures)
        return [
            {
                "name": f"{one.figure.group} · {one.figure.name}",
                "value": one.value,
                "lines": one.lines,
                "added": self._rows(adds or {}),
            }
            for one, adds in zip(self.figures, added, strict=True)
        ]

    def _rows(self, added: Mapping[str, Added]) -> list[list[float | None]]:
        lines = self.reading.log.lines
        return [[lines[k], _short(a.whole), a.part and _short(a.part)] for k, a in added.items()]


@dataclass(frozen=True, slots=True)
class SampleChange:
    """A sample that came out otherwise than in the baseline."""

    id: str
    line: int
    before: tuple[str, ...]
    """What was wrong with it."""
    now: tuple[str, ...]
    values: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A task against the baseline."""

    comparison: TaskComparison
    tested: Sequence[Difference]
    """Differences with a corrected p."""
    others: Sequence[Difference]
    """Other figures that changed."""
    samples: Sequence[SampleChange]


@dataclass(frozen=True)
class RunView:
    """A run."""

    run: RunFolder
    tasks: Sequence[TaskView]
    began: str
    ended: str
    verdicts: Sequence[Verdict]
    baseline: RunFolder | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    """Tasks of the plan without a log."""
    left_out: Sequence[LeftOut] = ()
    """Tasks that could not be read."""
    uncompared: Sequence[LeftOut] = ()
    """Tasks that could not be compared with the baseline."""


def view(run: RunFolder, baseline: RunFolder | None, t: Words) -> RunView:
    """A run for its report.

    Raises:
        DataError: the run has no log, or none that can be read, or there is a baseline and none of
            its tasks can be compared.
    """
    read, unread = read_run(run)
    if not read:
        raise DataError(
            f"The run {run.name} has no log yet; maieutic eval resume {run.name} measures it."
        )
    changed: dict[str, ChangeView] = {}
    uncompared: list[LeftOut] = []
    if baseline:
        compared = compare_runs(baseline, run)
        before = read_run(baseline)[0] if compared.tasks else {}
        changed = {c.task: _change(c, before[c.task], read[c.task]) for c in compared.tasks}
        uncompared = [one for one in compared.left_out if one not in unread]
    tasks = [_task(r, changed.get(name), t) for name, r in read.items()]
    clocks = [clock_of(run.times_of(name)) for name in read]
    return RunView(
        run,
        tasks,
        min((began for began, _ in clocks if began), default=""),
        max((ended for _, ended in clocks if ended), default=""),
        verdicts_of(read),
        baseline,
        facts(next(iter(read.values())).log.header),
        tuple(name for name in run.tasks if name not in read and name not in _names(unread)),
        unread,
        uncompared,
    )


def verdicts_of(read: Mapping[str, Reading], gates: Sequence[Gate] | None = None) -> list[Verdict]:
    """Some gates, or those of the tasks that a run has, checked against its logs."""
    if gates is None:
        gates = [gate for gate in read_gates() if gate.task in read]
    logs = {name: r.log for name, r in read.items()}
    return check(gates, logs, {name: list(r.failing) for name, r in read.items()})


def summary(task: TaskView, verdicts: Sequence[Verdict]) -> list[tuple[FigureView, Verdict | None]]:
    """The few figures of a task that matter: those with a gate, or else its first ones."""
    gated = {(v.gate.group, v.gate.figure): v for v in verdicts if v.gate.task == task.name}
    found = [(f, gated.get((f.figure.group, f.figure.name))) for f in task.figures]
    return [pair for pair in found if pair[1]] or found[:FIRST]


def plain(value: Any) -> str:
    """A value of the log for a reader: words as they are, the rest as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def language_of(record: Record) -> str:
    """Of what was said in it."""
    return str(record.sample.input.get("language", "en"))


def _names(left: Sequence[LeftOut]) -> set[str]:
    return {one.task for one in left}


def _task(r: Reading, change: ChangeView | None, t: Words) -> TaskView:
    groups = []
    at = 0
    for group, members in groupby(r.log.figures, key=lambda f: f.group):
        held = list(members)
        groups.append((group, [_figure(r, at + n, f, held) for n, f in enumerate(held)]))
        at += len(held)
    records = [
        RecordView(r.log.lines[x.id], x.id, language_of(x), r.failing.get(x.id, ()), told(x))
        for x in r.log.records
    ]
    pictures = [_picture(p, t) for p in r.log.pictures]
    return TaskView(r, groups, pictures, list(_distributions(r, t)), records, change)


def _figure(r: Reading, index: int, figure: Figure, group: Sequence[Figure]) -> FigureView:
    alike = [f for f in group if f.unit == figure.unit]
    lines = sorted(r.log.lines[name] for name in figure.samples)
    return FigureView(
        index,
        figure,
        number(figure.value),
        charts.interval(figure, charts.span_of(alike)),
        ranges(lines),
        len(lines),
    )


def _picture(picture: Picture, t: Words) -> Chart:
    if picture.kind == "reliability":
        rows = [[f"{r[0]:.3f}", f"{r[1]:.3f}", f"{r[2]:g}"] for r in picture.rows if r[2]]
        drawn = charts.reliability(picture.title, picture.rows, t)
        return Chart(picture.title, drawn, (t("probability"), t("share"), t("n")), rows)
    return _bars(picture.title, picture.rows, t)


def _bars(title: str, rows: Sequence[Sequence[float]], t: Words) -> Chart:
    told_rows = [[number(r[0]), number(r[1]), f"{r[2]:g}"] for r in rows]
    columns = (t("from"), t("to"), t("count"))
    return Chart(title, charts.histogram(title, rows, t), columns, told_rows)


def _distributions(r: Reading, t: Words) -> Iterator[Chart]:
    """Of each mean over all samples, what the samples have; not of shares of single yes or no."""
    first = r.log.figures[0].group if r.log.figures else ""
    for figure, added in zip(r.log.figures, r.added, strict=False):
        if added is None or figure.group != first:
            continue
        values = [a.part / a.whole for a in added.values() if a.part is not None]
        if len(set(values)) > 2:
            name = figure.name + (f" ({figure.unit})" if figure.unit else "")
            yield _bars(t("by_sample", name=name), charts.binned(values), t)


def _change(comparison: TaskComparison, before: Reading, now: Reading) -> ChangeView:
    was, outputs = before.failing, {x.id: x.output for x in before.log.records}
    output = {x.id: x.output for x in now.log.records}
    names = sorted(
        comparison.changed, key=lambda name: was.get(name, ()) == now.failing.get(name, ())
    )
    samples = [
        SampleChange(
            name,
            now.log.lines[name],
            was.get(name, ()),
            now.failing.get(name, ()),
            [(p, plain(a), plain(b)) for p, a, b in changes(outputs[name], output[name])],
        )
        for name in names[:SHOWN_CHANGES]
    ]
    tested = [d for d in comparison.differences if math.isfinite(d.corrected)]
    others = [d for d in comparison.differences if d not in tested and differs(d)]
    return ChangeView(comparison, tested, others, samples)


def facts(header: Mapping[str, Any]) -> dict[str, str]:
    """What was measured and on what, flat: `versions` becomes `numpy 2.4, ...`."""
    found = {}
    for key, value in header.items():
        if key in {"type", "task"}:
            continue
        if isinstance(value, dict):
            value = ", ".join(f"{k} {plain(v)}" for k, v in value.items() if v not in (None, False))
        found[key] = plain(value) if value is not None else "none"
    return found


def _short(value: float) -> float | int:
    return int(value) if value == int(value) else round(value, 4)
