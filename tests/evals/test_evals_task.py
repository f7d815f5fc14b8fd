from __future__ import annotations

from pathlib import Path

import pytest

from evals.resources import Resources
from evals.task import Context, Options, Skipped, find_tasks
from tutor.settings import Settings

NEED_DATA = {"readers", "retrieval", "screening", "semeval"}
"""Tasks that read a published set and nothing else."""


def test_every_task_is_found_and_described() -> None:
    tasks = find_tasks()
    assert {"judging", "dialogue", "ask", "fairness", "human_rating", "performance"} <= set(tasks)
    assert all(t.description and t.name == name for name, t in tasks.items())


@pytest.mark.parametrize("name", sorted(NEED_DATA))
def test_a_task_without_its_data_says_what_it_needs(name: str, real_settings: Settings) -> None:
    with pytest.raises(Skipped, match="--data"):
        find_tasks()[name].samples(Context(Resources(real_settings)))


def test_options_survive_their_log() -> None:
    options = Options(3, Path("/data"), 7, True, "http://127.0.0.1:8600", "no_chinese")
    assert Options.from_json(options.as_json()) == options
    assert Options.from_json(Options().as_json()) == Options()
