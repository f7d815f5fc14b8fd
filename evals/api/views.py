"""Runs as the HTTP interface shows them to evaluators."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class View(BaseModel):
    """What is sent."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class RunView(View):
    """A run in the list."""

    name: str
    tasks: tuple[str, ...]
    finished: tuple[str, ...]
    """Tasks that were measured to their end."""
    options: dict[str, Any]
    llm: str | None
    began: str
    """ISO 8601; empty where it is not known."""
    ended: str


class GateView(View):
    """What a gate makes of a figure."""

    passed: bool
    bound: str
    why: str
    reason: str


class FigureView(View):
    """A figure; what is not defined is null."""

    index: int
    """Its place among the figures of the task."""
    group: str
    name: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    unit: str
    lines: int
    """Lines of the log that it rests on."""
    gate: GateView | None = None


class PictureView(View):
    """Something to be drawn."""

    kind: str
    title: str
    rows: tuple[tuple[float, ...], ...]


class TaskView(View):
    """One task of a run."""

    name: str
    description: str
    samples: int
    failing: int
    finished: bool
    again: int
    """Figures that came out the same when they were computed from the lines again."""
    notes: tuple[str, ...]
    figures: tuple[FigureView, ...]
    pictures: tuple[PictureView, ...]


class LeftOutView(View):
    """A task that could not be read, or compared."""

    task: str
    reason: str


class RunDetail(RunView):
    """A run with its figures."""

    measured: tuple[TaskView, ...]
    left_out: tuple[LeftOutView, ...]
    facts: dict[str, str]
    """What was measured and on what, from the first line of a log."""


class AddedView(View):
    """What a line adds to the figure that was asked for."""

    whole: float
    part: float | None


class RecordLine(View):
    """A line of the log in a list."""

    line: int
    id: str
    language: str
    failures: tuple[str, ...]
    excerpt: str
    """The first words of what was said."""
    added: AddedView | None = None


class RecordPage(View):
    """Some lines, those with failures first."""

    total: int
    offset: int
    figure: FigureView | None
    records: tuple[RecordLine, ...]


class HeardView(View):
    """What was made of words, for one idea."""

    target: str
    verdict: str
    probability: float
    span: str | None


class PieceView(View):
    """Words in a row that earned the same verdicts."""

    text: str
    targets: tuple[str, ...]


class TurnView(View):
    """Something said, and why."""

    who: str
    text: str
    pieces: tuple[PieceView, ...]
    acts: tuple[str, ...]
    heard: tuple[HeardView, ...]
    move: str | None
    target: str | None
    guard: tuple[str, ...]
    cited: tuple[tuple[str, str], ...]
    more: dict[str, Any]


class RecordDetail(View):
    """A line of the log, its conversation apart from the rest."""

    line: int
    id: str
    cluster: str
    language: str
    failures: tuple[str, ...]
    turns: tuple[TurnView, ...]
    given: dict[str, Any]
    found: dict[str, Any]
    statements: dict[str, str]
    """What the ideas of the case say, by id, as the case is now."""
    previous: int | None
    """The line before it in the list, those with failures first."""
    next: int | None


class ReasonView(View):
    """One feature of a judgement; `adds` are logits."""

    feature: str
    value: float
    usual: float
    weight: float
    adds: float


class ExplanationView(View):
    """A judgement taken apart."""

    piece: str
    probability: float
    unsure_from: float
    heard_from: float
    intercept: float
    reasons: tuple[ReasonView, ...]


class WhyView(View):
    """Why something was heard or not, by the judge as it is now."""

    statement: str
    words: str
    explanation: ExplanationView | None


class DifferenceView(View):
    """A figure in two runs."""

    group: str
    name: str
    unit: str
    first: float | None
    second: float | None
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    corrected: float | None
    could_find: float | None
    """The smallest difference that these samples could have shown."""


class ValueChange(View):
    """A value of an output in two runs."""

    place: str
    before: Any
    after: Any


class SampleChange(View):
    """A sample that came out otherwise."""

    id: str
    first: int
    """Its line in the first run."""
    second: int
    before: tuple[str, ...]
    """What was wrong with it."""
    after: tuple[str, ...]
    values: tuple[ValueChange, ...]


class StateChange(View):
    """Something that is not the same about what was measured."""

    name: str
    first: str
    second: str


class ComparisonView(View):
    """One task in two runs."""

    task: str
    identical: bool
    same: int
    changed: int
    only_first: int
    only_second: int
    state: tuple[StateChange, ...]
    differences: tuple[DifferenceView, ...]
    samples: tuple[SampleChange, ...]
    """Some of those that changed; those whose failures changed first."""


class ComparisonsView(View):
    """Two runs, task by task."""

    tasks: tuple[ComparisonView, ...]
    left_out: tuple[LeftOutView, ...]
