"""Our tasks by name, for Inspect AI.

    inspect eval maieutic/judging --model none
    inspect eval evals/inspect_adapter/tasks.py@judging --model none

The first form comes from the entry point `inspect_ai` of the package, the second needs none. No
model is called: the tutor is what is measured, and MAIEUTIC_LLM says with which chat model, if any.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from inspect_ai import Task, task

from evals.inspect_adapter.solving import inspect_task
from evals.task import Options, find_tasks

OWNER = "maieutic"
LOADED_AS_FILE = __name__ != "evals.inspect_adapter.tasks"
"""Inspect AI loads `tasks.py@judging` under a name of its own, and looks for plain `judging`."""


@task
def any_task(
    name: str = "judging",
    fast: bool = False,
    seed: int = 0,
    data: str | None = None,
    url: str | None = None,
    groups: str = "",
) -> Task:
    """Any task: `-T name=dialogue`. Inspect AI reads a file only where it sees one like this.

    Args:
        name: of `maieutic eval list`.
        fast: the fast subset alone.
        seed: of scripted learners and bootstrap.
        data: a folder of published data.
        url: address of a running service.
        groups: only figures of groups that begin like this; there can be hundreds.
    """
    return inspect_task(name, _options(fast, seed, data, url), groups)


def _named(name: str) -> Callable[..., Task]:
    def made(
        fast: bool = False,
        seed: int = 0,
        data: str | None = None,
        url: str | None = None,
        groups: str = "",
    ) -> Task:
        return inspect_task(name, _options(fast, seed, data, url), groups)

    made.__doc__ = find_tasks()[name].description
    # Inspect AI would put the import package in front of the name, which is `evals` once it is
    # installed and nothing in a checkout. Ours is the name that people install.
    made.__module__ = OWNER
    return made


def _options(fast: bool, seed: int, data: str | None, url: str | None) -> Options:
    return Options(seed, Path(data) if data else None, None, fast, url)


for _name in find_tasks():
    task(name=_name if LOADED_AS_FILE else f"{OWNER}/{_name}")(_named(_name))
