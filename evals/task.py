"""What a task is: a function with a name, declared by a decorator and found by its module.

A task takes a `Context`, writes one sample after another to its log, and returns a `Report`. It
prints nothing and chooses no file names, so that a new one is a small file in `evals/tasks`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TypeVar

from evals.stats import Estimate, Figure
from ingest import E5, MINILM, Encoder, Searcher, load_encoder
from tutor.ask import CorpusAnswerer
from tutor.dialogue import Answerer
from tutor.runtime import Runtime, build_runtime, open_search
from tutor.settings import Settings

T = TypeVar("T")


class Skipped(Exception):
    """A task cannot run here; the message is a sentence with a remedy."""


class DataError(ValueError):
    """A file of samples that cannot be read; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a task found."""

    figures: Sequence[Figure]
    notes: tuple[str, ...] = ()
    """What a reader must know before quoting a figure."""


class Resources:
    """The tutor under test, built when a task first needs it and shared by all tasks of a run."""

    def __init__(self, settings: Settings, runtime: Runtime | None = None) -> None:
        self.settings = settings
        self._given = runtime

    @cached_property
    def runtime(self) -> Runtime:
        """See `tutor.runtime.build_runtime`, for what it raises too."""
        return self._given or build_runtime(self.settings)

    @cached_property
    def encoder(self) -> Encoder:
        """The retrieval encoder, for tasks that need no more."""
        return load_encoder(self.settings.models_dir / E5)

    @cached_property
    def english(self) -> Encoder:
        """The second encoder of English, for tasks that need no more."""
        return load_encoder(self.settings.models_dir / MINILM)

    @cached_property
    def searcher(self) -> Searcher:
        """The index of the corpus, for tasks that need no case."""
        if self._given is not None or "runtime" in self.__dict__:
            return self.runtime.searcher
        return open_search(self.settings, {E5: self.encoder, MINILM: self.english})

    @cached_property
    def answerer(self) -> Answerer:
        """What answers questions from the corpus, for tasks that need no case."""
        if self._given is not None or "runtime" in self.__dict__:
            return self.runtime.answerer
        return CorpusAnswerer(self.searcher, self.encoder)


class Tracker(Protocol):
    """Shows how far a loop has come."""

    def __call__(self, items: Iterable[T], description: str, total: int) -> Iterable[T]:
        """The items, unchanged."""
        ...


@dataclass(frozen=True)
class Context:
    """What a task may use."""

    resources: Resources
    estimate: Estimate
    write: Callable[[Mapping[str, Any]], None]
    """Appends one sample to the log of the run."""
    seed: int = 0
    data: Path | None = None
    """A folder of published data, where the task reads one."""
    limit: int | None = None
    """Samples to stop after: for trying a task out, never for a figure that is quoted."""
    tracker: Tracker | None = None

    def samples(self, items: Sequence[T], description: str) -> Iterator[T]:
        """At most `limit` items, with progress shown."""
        chosen = list(islice(items, self.limit))
        shown = self.tracker(chosen, description, len(chosen)) if self.tracker else chosen
        yield from shown


@dataclass(frozen=True, slots=True)
class Task:
    """A named measurement."""

    name: str
    description: str
    run: Callable[[Context], Report]


def task(name: str, description: str) -> Callable[[Callable[[Context], Report]], Task]:
    """Declares the function below it to be a task."""

    def declare(run: Callable[[Context], Report]) -> Task:
        return Task(name, description, run)

    return declare


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
