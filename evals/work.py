"""Solves samples: here, or shared among processes, always in the order of the task."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

from evals.faults import fault_named
from evals.remote import Remote
from evals.resources import Resources
from evals.task import Context, Options, Sample, Task, Values, find_tasks
from tutor.settings import Settings


@dataclass(frozen=True, slots=True)
class Solved:
    """What came of a sample."""

    sample: Sample
    output: Values
    seconds: float


def context_of(resources: Resources, options: Options) -> Context:
    """What samples are made from and put to, for some options."""
    remote = None if options.url is None else Remote(options.url)
    return Context(resources, options.seed, options.data, remote)


def resources_of(settings: Settings, options: Options) -> Resources:
    """A tutor that is built when it is needed, with the planted fault of the options.

    Raises:
        UnknownFault: there is none of that name.
    """
    fault = None if options.fault is None else fault_named(options.fault)
    return Resources(settings, fault=fault)


class Workers:
    """Solves samples for all tasks of a run: here, or in processes that are kept between tasks.

    Each process builds a tutor of its own, which takes some seconds and 1 GiB.

    Args:
        context: of this process.
        options: of the run; the other processes make their context from them.
        jobs: processes; 1 is this one alone.
    """

    def __init__(self, context: Context, options: Options, jobs: int = 1) -> None:
        self.context = context
        self.jobs = jobs
        self._options = options
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def solve(self, task: Task, samples: Sequence[Sample]) -> Iterator[Solved]:
        """The samples, solved, in their order."""
        if self.jobs == 1 or len(samples) < 2 or task.alone or self.context.remote is not None:
            for sample in samples:
                yield solved(task, self.context, sample)
            return
        pool = self._started()
        waiting = [pool.submit(_solve, task.name, sample) for sample in samples]
        try:
            for future in waiting:
                yield future.result()
        finally:
            for future in waiting:
                future.cancel()

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # Not forked: the encoders' and the index's threads would not survive it.
            self._pool = ProcessPoolExecutor(
                self.jobs,
                mp_context=get_context("spawn"),
                initializer=_start,
                initargs=(self.context.resources.settings, self._options),
            )
        return self._pool


def solved(task: Task, context: Context, sample: Sample) -> Solved:
    """One sample. Its output is what JSON makes of it, as when it is read from a log."""
    solve = task.solve
    if context.remote is not None and task.remote is not None:
        solve = task.remote
    began = time.perf_counter()
    output: Values = json.loads(json.dumps(solve(context, sample), ensure_ascii=False))
    return Solved(sample, output, time.perf_counter() - began)


_here: dict[str, Any] = {}
"""Of a worker process: its tasks and its context."""


def _start(settings: Settings, options: Options) -> None:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    _here["tasks"] = find_tasks()
    _here["context"] = context_of(resources_of(settings, options), options)


def _solve(name: str, sample: Sample) -> Solved:
    return solved(_here["tasks"][name], _here["context"], sample)
