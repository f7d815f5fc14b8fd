"""A task of numbers, for tests of what carries tasks out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evals.stats import Estimate
from evals.task import Context, Record, Report, Sample, Task

COUNT = 40


def samples(context: Context) -> list[Sample]:
    return [Sample(f"n{i}", {"number": i + context.seed}, f"c{i % 5}") for i in range(COUNT)]


def solve(context: Context, sample: Sample) -> dict[str, Any]:
    del context
    number = sample.input["number"]
    return {"even": number % 2 == 0, "root": number**0.5, "name": "數" * (number % 3)}


def report(records: Sequence[Record], estimate: Estimate) -> Report:
    ids, clusters = [r.id for r in records], [r.sample.cluster for r in records]
    even = estimate.share("all", "even", [r["even"] for r in records], clusters, ids=ids)
    root = estimate.mean("all", "root", [r["root"] for r in records], clusters, ids=ids)
    return Report([even, root], ("So.",))


def failures(record: Record) -> list[str]:
    return [] if record["even"] else ["odd"]


EVEN = Task("even", "Which numbers are even", samples, solve, report, failures, fast=10)
