"""Ratings by people as a run like any other: `maieutic eval run human_rating --data FILE`."""

from __future__ import annotations

from collections.abc import Sequence

from evals.human import NOTES, figures, outcome, read_samples
from evals.stats import Estimate
from evals.task import Context, Record, Report, Sample, Skipped, Task, Values


def samples(context: Context) -> list[Sample]:
    """The items of a batch, each with the run's log and the sample that it came from.

    Raises:
        Skipped: no file was named.
        DataError: the file is no exported batch.
    """
    if context.data is None or context.data.is_dir():
        raise Skipped("name a file of `maieutic eval rate export` with --data.")
    return read_samples(context.data)


def solve(context: Context, sample: Sample) -> Values:
    """What an item comes to."""
    del context
    return outcome(sample)


def report(records: Sequence[Record], estimate: Estimate) -> Report:
    """By system and dimension, the systems' difference, and how well raters agree."""
    return Report(figures(records, estimate), NOTES)


TASK = Task(
    name="human_rating",
    description="What people gave turns or answers, by system, and how well they agree",
    samples=samples,
    solve=solve,
    report=report,
)
