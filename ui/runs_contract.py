"""What the service says of runs of the evaluation, typed."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from ui.contract import Answer


class Run(Answer):
    """A run in the list."""

    name: str
    tasks: tuple[str, ...] = ()
    finished: tuple[str, ...] = ()
    options: dict[str, Any] = Field(default_factory=dict)
    llm: str | None = None
    began: str = ""
    ended: str = ""


class Gate(Answer):
    """What a gate makes of a figure."""

    passed: bool
    bound: str
    why: str = ""
    reason: str = ""


class Figure(Answer):
    """A figure; what is not defined is None."""

    index: int
    group: str
    name: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    unit: str = ""
    lines: int = 0
    gate: Gate | None = None


class Picture(Answer):
    """Rows to be drawn: `reliability` (probability, share, n) or `histogram` (from, to, count)."""

    kind: str
    title: str
    rows: tuple[tuple[float, ...], ...] = ()


class Task(Answer):
    """One task of a run."""

    name: str
    description: str = ""
    samples: int = 0
    failing: int = 0
    finished: bool = False
    again: int = 0
    notes: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    pictures: tuple[Picture, ...] = ()


class LeftOut(Answer):
    """A task that could not be read, or compared."""

    task: str
    reason: str


class RunDetail(Run):
    """A run with its figures."""

    measured: tuple[Task, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    facts: dict[str, str] = Field(default_factory=dict)


class Added(Answer):
    """What a line adds to a figure: `part` of `whole`."""

    whole: float
    part: float | None = None


class Line(Answer):
    """A line of the log in a list."""

    line: int
    id: str
    language: str = "en"
    failures: tuple[str, ...] = ()
    excerpt: str = ""
    added: Added | None = None


class Lines(Answer):
    """Some lines of a log."""

    total: int
    offset: int = 0
    figure: Figure | None = None
    records: tuple[Line, ...] = ()


class Heard(Answer):
    """What was made of words, for one idea."""

    target: str
    verdict: str
    probability: float
    span: str | None = None


class Piece(Answer):
    """Words in a row that earned the same verdicts."""

    text: str
    targets: tuple[str, ...] = ()


class Turn(Answer):
    """Something said, and why."""

    who: str
    text: str = ""
    pieces: tuple[Piece, ...] = ()
    acts: tuple[str, ...] = ()
    heard: tuple[Heard, ...] = ()
    move: str | None = None
    target: str | None = None
    guard: tuple[str, ...] = ()
    cited: tuple[tuple[str, str], ...] = ()
    more: dict[str, Any] = Field(default_factory=dict)


class Record(Answer):
    """A line of the log."""

    line: int
    id: str
    cluster: str = ""
    language: str = "en"
    failures: tuple[str, ...] = ()
    turns: tuple[Turn, ...] = ()
    given: dict[str, Any] = Field(default_factory=dict)
    found: dict[str, Any] = Field(default_factory=dict)
    statements: dict[str, str] = Field(default_factory=dict)
    previous: int | None = None
    next: int | None = None


class Reason(Answer):
    """One feature of a judgement; `adds` are logits."""

    feature: str
    value: float
    usual: float
    weight: float
    adds: float


class Explanation(Answer):
    """A judgement taken apart."""

    piece: str
    probability: float
    unsure_from: float
    heard_from: float
    intercept: float
    reasons: tuple[Reason, ...] = ()


class Why(Answer):
    """Why something was heard or not."""

    statement: str
    words: str = ""
    explanation: Explanation | None = None


class Leg(Answer):
    """How a leg of the search found a passage."""

    score: float
    rank: int


class HitPassage(Answer):
    """A passage that was found."""

    title: str = ""
    language: str = "en"
    text: str = ""


class Hit(Answer):
    """A passage and why it came."""

    passage: HitPassage
    score: float
    legs: dict[str, Leg] = Field(default_factory=dict)


class Hits(Answer):
    """What a search found."""

    query: str = ""
    hits: tuple[Hit, ...] = ()
    relevance: float | None = None


class Difference(Answer):
    """A figure in two runs."""

    group: str
    name: str
    unit: str = ""
    first: float | None = None
    second: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    corrected: float | None = None
    could_find: float | None = None


class ValueChange(Answer):
    """A value of an output in two runs."""

    place: str
    before: Any = None
    after: Any = None


class SampleChange(Answer):
    """A sample that came out otherwise."""

    id: str
    first: int
    second: int
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    values: tuple[ValueChange, ...] = ()


class StateChange(Answer):
    """Something that is not the same about what was measured."""

    name: str
    first: str
    second: str


class Comparison(Answer):
    """One task in two runs."""

    task: str
    identical: bool = False
    same: int = 0
    changed: int = 0
    only_first: int = 0
    only_second: int = 0
    state: tuple[StateChange, ...] = ()
    differences: tuple[Difference, ...] = ()
    samples: tuple[SampleChange, ...] = ()


class Comparisons(Answer):
    """Two runs, task by task."""

    tasks: tuple[Comparison, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
