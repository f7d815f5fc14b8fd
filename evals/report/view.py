"""What the templates are given: a run in the order it is read, every figure with its log lines."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from markupsafe import Markup

from evals.commands.common import interval, number
from evals.compare import TaskComparison, compare_runs
from evals.gates import Gate, Verdict, check, read_gates
from evals.log import ranges
from evals.report import charts
from evals.report.reading import Reading, clock_of, read_run
from evals.report.turns import Told, changes, told
from evals.runs import RunFolder
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
    interval: str
    plot: Markup
    lines: Sequence[tuple[int, int]]
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
    change: ChangeView | None = None

    @property
    def name(self) -> str:
        """Of the task."""
        return self.reading.name

    @property
    def failing(self) -> int:
        """Records with failures."""
        return len(self.reading.failing)

    @property
    def figures(self) -> list[FigureView]:
        """All of them."""
        return [figure for _, group in self.groups for figure in group]

    @property
    def traced(self) -> Markup:
        """By figure, what each line adds to it: [[line, counted, of which], ...] as JSON."""
        lines = self.reading.log.lines
        held = [
            None
            if added is None
            else [[lines[k], _short(a.whole), a.part and _short(a.part)] for k, a in added.items()]
            for added in self.reading.added
        ]
        return script_json(held)


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


def view(run: RunFolder, baseline: RunFolder | None = None) -> RunView:
    """A run for its report.

    Raises:
        DataError: a log is damaged, or the run has none.
    """
    read = read_run(run)
    if not read:
        raise DataError(
            f"The run {run.name} has no log yet; maieutic eval resume {run.name} measures it."
        )
    changed = {c.task: c for c in compare_runs(baseline, run)} if baseline else {}
    before = read_run(baseline) if baseline else {}
    tasks = [
        _task(r, _change(changed[name], before[name], r) if name in changed else None)
        for name, r in read.items()
    ]
    clocks = [clock_of(run.times_of(name)) for name in read]
    return RunView(
        run,
        tasks,
        min((began for began, _ in clocks if began), default=""),
        max((ended for _, ended in clocks if ended), default=""),
        verdicts_of(read),
        baseline,
        facts(next(iter(read.values())).log.header),
        tuple(name for name in run.tasks if name not in read),
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


def script_json(value: Any) -> Markup:
    """JSON that may stand in a script element: no `<` in it, so that no tag ends it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028"))


def plain(value: Any) -> str:
    """A value of the log for a reader: words as they are, the rest as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def language_of(record: Record) -> str:
    """Of what was said in it."""
    return str(record.sample.input.get("language", "en"))


def _task(r: Reading, change: ChangeView | None) -> TaskView:
    groups = []
    at = 0
    for group, members in groupby(r.log.figures, key=lambda f: f.group):
        held = list(members)
        groups.append((group, [_figure(r, at + n, f, held) for n, f in enumerate(held)]))
        at += len(held)
    records = [
        RecordView(r.log.lines[x.id], x.id, language_of(x), r.failing.get(x.id, ()), told(x))
        for x in r.ordered
    ]
    pictures = [_picture(p) for p in r.log.pictures]
    return TaskView(r, groups, pictures, list(_distributions(r)), records, change)


def _figure(r: Reading, index: int, figure: Figure, group: Sequence[Figure]) -> FigureView:
    alike = [f for f in group if f.unit == figure.unit]
    lines = sorted(r.log.lines[name] for name in figure.samples)
    return FigureView(
        index,
        figure,
        number(figure.value),
        interval(figure.low, figure.high),
        charts.interval(figure, charts.span_of(alike)),
        [(low, high) for low, high in ranges(lines)],
        len(lines),
    )


def _picture(picture: Picture) -> Chart:
    if picture.kind == "reliability":
        rows = [[f"{r[0]:.3f}", f"{r[1]:.3f}", f"{r[2]:g}"] for r in picture.rows if r[2]]
        drawn = charts.reliability(picture.title, picture.rows)
        return Chart(picture.title, drawn, ("probability", "share so", "n"), rows)
    return _bars(picture.title, picture.rows)


def _bars(title: str, rows: Sequence[Sequence[float]]) -> Chart:
    told_rows = [[number(r[0]), number(r[1]), f"{r[2]:g}"] for r in rows]
    return Chart(title, charts.histogram(title, rows), ("from", "to", "count"), told_rows)


def _distributions(r: Reading) -> Iterator[Chart]:
    """Of each mean over all samples, what the samples have; not of shares of single yes or no."""
    first = r.log.figures[0].group if r.log.figures else ""
    for figure, added in zip(r.log.figures, r.added, strict=False):
        if added is None or figure.group != first:
            continue
        values = [a.part / a.whole for a in added.values() if a.part is not None]
        if len(set(values)) > 2:
            title = f"{figure.name}, by sample" + (f" ({figure.unit})" if figure.unit else "")
            yield _bars(title, charts.binned(values))


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
    others = [d for d in comparison.differences if d not in tested and d.difference]
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
