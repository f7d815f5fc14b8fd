"""What the commands share: where runs are, how figures and progress are shown, how errors end."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from evals.answers import AnswersError
from evals.faults import UnknownFault
from evals.runs import LeftOut
from evals.stats import Figure
from evals.task import DataError
from tutor.settings import Settings

T = TypeVar("T")
remarks = Console(stderr=True, highlight=False)
"""Progress and skipped tasks; standard output holds the figures alone."""
RunName = Annotated[
    str,
    typer.Argument(help="A run: its name, the beginning of it, `last`, or the path of its folder."),
]
Runs = Annotated[
    Path | None,
    typer.Option("--out", help="Folder of the runs; by default evals/ in MAIEUTIC_HOME."),
]
Json = Annotated[bool, typer.Option("--json", help="JSON instead of a table.")]


def runs_folder(settings: Settings, out: Path | None) -> Path:
    """Where runs are kept."""
    return out or settings.home / "evals"


@contextmanager
def told() -> Iterator[None]:
    """What is wrong with the input becomes a sentence and exit code 2."""
    try:
        yield
    except (DataError, AnswersError, UnknownFault) as error:
        raise typer.BadParameter(str(error)) from error


def tracked(items: Iterable[T], description: str, total: int) -> Iterable[T]:
    """The items, with a bar on standard error."""
    quiet = not remarks.is_terminal
    return track(items, description, total=total, console=remarks, transient=True, disable=quiet)


def table(title: str, figures: Sequence[Figure]) -> Table:
    """Figures, each with its n, its unit and its interval."""
    drawn = Table(title=title)
    drawn.add_column("samples")
    drawn.add_column("figure")
    for column in ("n", "value", "95 % interval"):
        drawn.add_column(column, justify="right")
    drawn.add_column("unit")
    previous = None
    for figure in figures:
        if previous not in {None, figure.group}:
            drawn.add_section()
        group = figure.group if figure.group != previous else ""
        drawn.add_row(
            group,
            figure.name,
            str(figure.n),
            number(figure.value),
            interval(figure.low, figure.high),
            figure.unit,
        )
        previous = figure.group
    return drawn


def show_left_out(left: Sequence[LeftOut], *, as_json: bool) -> None:
    """The tasks that could not be read, each with its reason; in JSON a line each."""
    for one in left:
        if as_json:
            typer.echo(json.dumps({"task": one.task, "left_out": one.reason}, ensure_ascii=False))
        else:
            remarks.print(f"{one.task} was left out: {one.reason}", soft_wrap=True, markup=False)


def interval(low: float, high: float) -> str:
    """Both ends, or a dash where there is none."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "–"
    return f"{number(low)} to {number(high)}"


def number(value: float) -> str:
    """Three decimals for what is small, one for the rest, a dash for what is not defined."""
    if not math.isfinite(value):
        return "–"
    return f"{value:.3f}" if abs(value) < 2 else f"{value:.1f}"
