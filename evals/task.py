"""What a task is: samples, what the tutor makes of each, and the figures that follow from that.

The three are apart so that a run can be cut short and resumed, shared among processes, kept in a
cache, compared with another, and read by other programs: figures come from the lines of the log and
from nothing else. A new task is one small module in `evals/tasks`; see docs/evaluation.md.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.resources import Resources
from evals.stats import Estimate, Figure

if TYPE_CHECKING:
    from evals.remote import Remote

Values = Mapping[str, Any]
"""What JSON can hold, by name: nothing else enters a log."""


class Skipped(Exception):
    """A task cannot run here; the message is a sentence with a remedy."""


class DataError(ValueError):
    """A file of samples or a log that cannot be read; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One thing that is put to the tutor."""

    id: str
    """Unique in the task, and the same in every run: runs are compared and resumed by it."""
    input: Values
    """All that `Task.solve` needs to know of it."""
    cluster: str = ""
    """What it belongs to, such as a case; whole clusters are drawn for intervals."""


@dataclass(frozen=True, slots=True)
class Record:
    """A sample and what came of it: one line of the log."""

    sample: Sample
    output: Values

    @property
    def id(self) -> str:
        """Of the sample."""
        return self.sample.id

    def __getitem__(self, name: str) -> Any:
        """A value of the output, or else of the input."""
        return self.output[name] if name in self.output else self.sample.input[name]


@dataclass(frozen=True, slots=True)
class Picture:
    """Something that is better looked at than read; the report draws it."""

    kind: str
    """`reliability`: rows of (mean probability, share true, n). `histogram`: rows of
    (lower edge, upper edge, count)."""
    title: str
    rows: Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Report:
    """What a task found."""

    figures: Sequence[Figure]
    notes: tuple[str, ...] = ()
    """What a reader must know before quoting a figure."""
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class Context:
    """What samples may be made from and put to."""

    resources: Resources
    seed: int = 0
    data: Path | None = None
    """A folder of published data, where the task reads one."""
    remote: Remote | None = None
    """A running service, where the run is of one."""


def never(record: Record) -> tuple[str, ...]:
    """For tasks in which no single sample can fail."""
    del record
    return ()


@dataclass(frozen=True, slots=True)
class Task:
    """A named measurement."""

    name: str
    description: str
    samples: Callable[[Context], Sequence[Sample]]
    """Always the same for the same context; may raise `Skipped` and `DataError`."""
    solve: Callable[[Context, Sample], Values]
    """What the tutor makes of a sample: always the same, unless `repeatable` is off."""
    report: Callable[[Sequence[Record], Estimate], Report]
    failures: Callable[[Record], Sequence[str]] = never
    """In a few words each, what is wrong with a record: the report shows such records first."""
    fast: int | None = None
    """Samples in the fast subset, which the gates of `make test` run; None: not in it."""
    repeatable: bool = True
    """Two runs give the same bytes. Off where times are measured or a chat model may answer."""
    alone: bool = False
    """Has to be solved in one process: what it measures would suffer from company."""
    remote: Callable[[Context, Sample], Values] | None = None
    """`solve` against a running service over HTTP, where the task can."""


@dataclass(frozen=True, slots=True)
class Options:
    """What whoever runs a task may choose; all of it stands in the log."""

    seed: int = 0
    data: Path | None = None
    limit: int | None = None
    """Samples to stop after: for trying a task out, never for a figure that is quoted."""
    fast: bool = False
    url: str | None = None
    """Address of a running service."""
    fault: str | None = None
    """A planted fault of `evals.faults`, to see which gate catches it."""

    def as_json(self) -> dict[str, Any]:
        """For the first line of a log; `from_json` reads it."""
        return {
            "seed": self.seed,
            "data": None if self.data is None else str(self.data),
            "limit": self.limit,
            "fast": self.fast,
            "url": self.url,
            "fault": self.fault,
        }

    @classmethod
    def from_json(cls, held: Mapping[str, Any]) -> Options:
        """The options that a log names."""
        data = held.get("data")
        return cls(**{**held, "data": None if data is None else Path(data)})


def find_tasks() -> dict[str, Task]:
    """Every task of `evals.tasks`, by name.

    Raises:
        ValueError: two tasks have one name.
    """
    package = importlib.import_module("evals.tasks")
    found: dict[str, Task] = {}
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda m: m.name):
        for value in vars(importlib.import_module(f"evals.tasks.{module.name}")).values():
            if not isinstance(value, Task):
                continue
            if value.name in found:
                raise ValueError(f"Two tasks are called {value.name!r}; rename one of them.")
            found[value.name] = value
    return found
