"""`maieutic eval list`: what can be measured."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from evals.task import find_tasks


def list_tasks() -> None:
    """The tasks there are; `fast` ones have a subset that the gates run, `url` ones can be run
    against a service.
    """
    shown = Table(box=None)
    for column in ("task", "what it measures", "fast", "url"):
        shown.add_column(column)
    for task in find_tasks().values():
        shown.add_row(
            task.name,
            task.description,
            "" if task.fast is None else str(task.fast),
            "yes" if task.remote else "",
        )
    Console().print(shown)
