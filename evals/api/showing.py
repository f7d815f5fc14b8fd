"""Makes the views of runs that evaluators are sent; see `evals.api.views`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache

from evals.api.views import (
    AddedView,
    ComparisonsView,
    ComparisonView,
    DifferenceView,
    FigureView,
    GateView,
    LeftOutView,
    PictureView,
    RecordDetail,
    RecordLine,
    RecordPage,
    RunDetail,
    RunView,
    SampleChange,
    StateChange,
    TaskView,
    TurnView,
    ValueChange,
)
from evals.compare import compare_runs
from evals.log import plain
from evals.report.reading import Reading, clock_of, read_run, reading
from evals.report.turns import changes, told
from evals.report.view import facts, language_of, verdicts_of
from evals.runs import RunFolder
from evals.task import Record

EXCERPT = 160
"""Characters of what was said, in a list."""
CHANGED = 200
"""Samples that changed and are sent with a comparison."""


def run_view(run: RunFolder) -> RunView:
    """A run in the list: from its plan and its clock times, without reading its logs."""
    clocks = {task: clock_of(run.times_of(task)) for task in run.tasks}
    return RunView(
        name=run.name,
        tasks=run.tasks,
        finished=tuple(task for task, (_, ended) in clocks.items() if ended),
        options={k: v for k, v in run.options.as_json().items() if v not in (None, False)},
        llm=run.llm,
        began=min((began for began, _ in clocks.values() if began), default=""),
        ended=max((ended for _, ended in clocks.values() if ended), default=""),
    )


def run_detail(run: RunFolder) -> RunDetail:
    """A run with the figures of its tasks.

    Raises:
        DataError: none of its logs can be read, though there are some.
    """
    read, left = read_run(run)
    gates = {
        (v.gate.task, v.gate.group, v.gate.figure): GateView(
            passed=v.passed, bound=v.gate.bound, why=v.why, reason=v.gate.reason
        )
        for v in verdicts_of(read)
    }
    header = next((r.log.header for r in read.values()), {})
    return RunDetail(
        **run_view(run).model_dump(),
        measured=tuple(_task(r, gates) for r in read.values()),
        left_out=tuple(map(LeftOutView.model_validate, left)),
        facts=facts(header),
    )


def record_page(
    read: Reading, figure: int | None, words: str, offset: int, limit: int, *, failing: bool
) -> RecordPage:
    """Some lines of a log, those with failures first."""
    chosen = read.ordered
    added = None
    if figure is not None:
        samples = set(read.log.figures[figure].samples)
        added = read.added[figure] if read.added else None
        chosen = [r for r in chosen if r.id in samples]
    if failing:
        chosen = [r for r in chosen if r.id in read.failing]
    if words:
        sought = words.casefold()
        chosen = [r for r in chosen if sought in _findable(read, r)]
    return RecordPage(
        total=len(chosen),
        offset=offset,
        figure=None if figure is None else _figure(read, figure, {}),
        records=tuple(
            _line(read, r, (added or {}).get(r.id)) for r in chosen[offset : offset + limit]
        ),
    )


def record_detail(read: Reading, record: Record, statements: Mapping[str, str]) -> RecordDetail:
    """One line of a log."""
    shown = told(record)
    order = [r.id for r in read.ordered]
    at, lines = order.index(record.id), read.log.lines
    return RecordDetail(
        line=lines[record.id],
        id=record.id,
        cluster=record.sample.cluster,
        language=language_of(record),
        failures=read.failing.get(record.id, ()),
        turns=tuple(TurnView.model_validate(turn) for turn in shown.turns),
        given=dict(shown.given),
        found=dict(shown.found),
        statements=dict(statements),
        previous=lines[order[at - 1]] if at else None,
        next=lines[order[at + 1]] if at + 1 < len(order) else None,
    )


def comparison(baseline: RunFolder, run: RunFolder) -> ComparisonsView:
    """Every task that both have finished.

    Raises:
        DataError: there is something to compare, and none of it can be.
    """
    files = [f.log_of(task) for f in (baseline, run) for task in f.tasks]
    stamps = tuple((str(p), p.stat().st_mtime_ns) for p in files if p.is_file())
    return _comparison(baseline, run, stamps)


@lru_cache(maxsize=8)
def _comparison(
    baseline: RunFolder, run: RunFolder, stamps: tuple[tuple[str, int], ...]
) -> ComparisonsView:
    """The stamps are there so that what was measured meanwhile is compared anew."""
    del stamps
    found = []
    compared = compare_runs(baseline, run)
    for c in compared.tasks:
        was, now = reading(baseline.log_of(c.task)), reading(run.log_of(c.task))
        before = {r.id: r.output for r in was.log.records}
        after = {r.id: r.output for r in now.log.records}
        names = sorted(c.changed, key=lambda n: was.failing.get(n) == now.failing.get(n))
        found.append(
            ComparisonView(
                task=c.task,
                identical=c.identical,
                same=c.same,
                changed=len(c.changed),
                only_first=len(c.only_first),
                only_second=len(c.only_second),
                state=tuple(StateChange(name=n, first=a, second=b) for n, a, b in c.state),
                differences=tuple(
                    DifferenceView(
                        group=d.group,
                        name=d.name,
                        unit=d.unit,
                        first=_finite(d.first),
                        second=_finite(d.second),
                        difference=_finite(d.difference),
                        low=_finite(d.low),
                        high=_finite(d.high),
                        p=_finite(d.p),
                        corrected=_finite(d.corrected),
                        could_find=_finite(power.difference)
                        if (power := c.power.get((d.group, d.name)))
                        else None,
                    )
                    for d in c.differences
                ),
                samples=tuple(
                    SampleChange(
                        id=n,
                        first=was.log.lines[n],
                        second=now.log.lines[n],
                        before=was.failing.get(n, ()),
                        after=now.failing.get(n, ()),
                        values=tuple(
                            ValueChange(place=p, before=a, after=b)
                            for p, a, b in changes(before[n], after[n])
                        ),
                    )
                    for n in names[:CHANGED]
                ),
            )
        )
    return ComparisonsView(
        tasks=tuple(found), left_out=tuple(map(LeftOutView.model_validate, compared.left_out))
    )


def _task(read: Reading, gates: Mapping[tuple[str, str, str], GateView]) -> TaskView:
    log = read.log
    return TaskView(
        name=log.task,
        description=read.task.description if read.task else "",
        samples=len(log.records),
        failing=len(read.failing),
        finished=log.finished,
        again=read.again,
        notes=tuple(log.notes),
        figures=tuple(_figure(read, n, gates) for n in range(len(log.figures))),
        pictures=tuple(
            PictureView(
                kind=p.kind, title=p.title, rows=tuple(tuple(map(float, r)) for r in p.rows)
            )
            for p in log.pictures
        ),
    )


def _figure(
    read: Reading, index: int, gates: Mapping[tuple[str, str, str], GateView]
) -> FigureView:
    figure = read.log.figures[index]
    return FigureView(
        index=index,
        lines=len(figure.samples),
        gate=gates.get((read.name, figure.group, figure.name)),
        **plain(figure),
    )


def _line(read: Reading, record: Record, added: object) -> RecordLine:
    turns = told(record).turns
    said = next((turn.text for turn in turns if turn.who == "learner"), "")
    return RecordLine(
        line=read.log.lines[record.id],
        id=record.id,
        language=language_of(record),
        failures=read.failing.get(record.id, ()),
        excerpt=said if len(said) <= EXCERPT else said[: EXCERPT - 1] + "…",
        added=None if added is None else AddedView.model_validate(added),
    )


def _findable(read: Reading, record: Record) -> str:
    return "\n".join((record.id, *read.failing.get(record.id, ()))).casefold()


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
