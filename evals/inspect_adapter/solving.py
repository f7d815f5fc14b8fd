"""One of our tasks as Inspect AI has them: a data set, a solver, a scorer and metrics.

The figures are those of `maieutic eval run`: the metric makes our records again from the scores
and gives them to the task's own report.
"""

from __future__ import annotations

import json
import math
from functools import cache
from typing import Any

import anyio.to_thread
from inspect_ai import Task as InspectTask
from inspect_ai.dataset import MemoryDataset
from inspect_ai.dataset import Sample as InspectSample
from inspect_ai.model import ModelOutput
from inspect_ai.scorer import (
    CORRECT,
    INCORRECT,
    Metric,
    SampleScore,
    Score,
    Scorer,
    Target,
    accuracy,
    metric,
    scorer,
)
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.util import concurrency

from evals.inspect_adapter.shapes import asked, messages_of, parts_of
from evals.run import chosen
from evals.stats import Estimate, Figure
from evals.task import Context, Options, Record, Sample, find_tasks
from evals.work import context_of, resources_of, solved
from tutor.settings import get_settings


def inspect_task(name: str, options: Options, groups: str = "") -> InspectTask:
    """A task for Inspect AI.

    Args:
        name: one of `maieutic eval list`.
        options: as for `maieutic eval run`; Inspect AI has a limit of its own.
        groups: only figures of groups that begin like this.

    Raises:
        Skipped: the task cannot run here.
        DataError: its samples cannot be read.
    """
    task, held = find_tasks()[name], options.as_json()
    samples = chosen(task.samples(_context(options)), task, options)
    return InspectTask(
        dataset=MemoryDataset([_put(sample, at) for at, sample in enumerate(samples)], name=name),
        solver=tutor(name, held),
        scorer=no_failure(name),
        metrics=[accuracy(), figures(name, options.seed, groups)],
        name=name,
        description=task.description,
        metadata={"options": held},
    )


@solver
def tutor(name: str, options: dict[str, Any]) -> Solver:
    """Puts a sample to the tutor, not to a model.

    One at a time and in a thread: the tutor is not made to be shared among threads, and the event
    loop has to go on.
    """
    task, context = find_tasks()[name], _context(Options.from_json(options))

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        del generate
        sample = _sample_of(state.sample_id, state.metadata)
        async with concurrency("maieutic", 1):
            found = await anyio.to_thread.run_sync(solved, task, context, sample)
        state.messages = messages_of(Record(sample, found.output))
        state.output = ModelOutput.from_content(
            str(state.model), json.dumps(found.output, ensure_ascii=False)
        )
        return state

    return solve


@scorer(metrics=[accuracy()])
def no_failure(name: str) -> Scorer:
    """Incorrect where the task finds a failure in a sample, and which."""
    task = find_tasks()[name]

    async def score(state: TaskState, target: Target) -> Score:
        del target
        output = json.loads(state.output.completion)
        sample = _sample_of(state.sample_id, state.metadata)
        found = list(task.failures(Record(sample, output)))
        return Score(
            value=INCORRECT if found else CORRECT,
            explanation="; ".join(found) or None,
            metadata={"output": output},
        )

    return score


@metric
def figures(name: str, seed: int, groups: str = "") -> Metric:
    """The figures of the task, each with both ends of its interval and its n."""
    task = find_tasks()[name]

    def compute(scores: list[SampleScore]) -> dict[str, float]:
        # In the order of the task, on which the draws depend; an epoch more is no sample more.
        by_place = {(score.sample_metadata or {})["at"]: score for score in scores}
        records = [_record_of(by_place[at]) for at in sorted(by_place)]
        found = task.report(records, Estimate(seed)).figures
        return {
            _named(figure, part): value
            for figure in found
            if figure.group.startswith(groups)
            for part, value in parts_of(figure).items()
            if math.isfinite(value)
        }

    return compute


@cache
def _context(options: Options) -> Context:
    """One tutor for all tasks with the same options."""
    return context_of(resources_of(get_settings(), options), options)


def _named(figure: Figure, part: str) -> str:
    name = f"{figure.group}: {figure.name}"
    return name if part == "value" else f"{name} ({part})"


def _put(sample: Sample, at: int) -> InspectSample:
    return InspectSample(
        input=asked(Record(sample, {})),
        id=sample.id,
        metadata={"at": at, "cluster": sample.cluster, "input": dict(sample.input)},
    )


def _sample_of(name: str | int | None, metadata: dict[str, Any] | None) -> Sample:
    held = metadata or {}
    return Sample(str(name), held["input"], held["cluster"])


def _record_of(score: SampleScore) -> Record:
    sample = _sample_of(score.sample_id, score.sample_metadata)
    return Record(sample, (score.score.metadata or {})["output"])
