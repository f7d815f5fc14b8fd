from __future__ import annotations

from typing import Any

import pytest

from evals.stats import Estimate
from evals.task import Context, Report, Resources, Task, find_tasks, task
from tutor.settings import get_settings


@task("counting", "Counts to three")
def counting(context: Context) -> Report:
    for number in context.samples([1, 2, 3], "counting"):
        context.write({"number": number})
    return Report([])


def make_context(written: list[Any], limit: int | None = None) -> Context:
    return Context(Resources(get_settings()), Estimate(), written.append, limit=limit)


def test_a_decorated_function_is_a_task() -> None:
    assert isinstance(counting, Task)
    assert (counting.name, counting.description) == ("counting", "Counts to three")


@pytest.mark.parametrize(("limit", "expected"), [(None, 3), (2, 2), (9, 3)])
def test_a_limit_stops_the_samples(limit: int | None, expected: int) -> None:
    written: list[Any] = []
    counting.run(make_context(written, limit))
    assert len(written) == expected


def test_every_task_is_found_and_described() -> None:
    tasks = find_tasks()
    assert set(tasks) == {
        "agreement",
        "ask",
        "ask_generated",
        "dialogue",
        "guard",
        "judging",
        "learning_curve",
        "llm",
        "readers",
        "retrieval",
        "safety",
        "screening",
        "semeval",
        "speech_acts",
    }
    assert all(t.description and t.name == name for name, t in tasks.items())
