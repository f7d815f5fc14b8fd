"""`maieutic eval compare`: what differs between two runs, and whether it is more than chance."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evals.commands.common import (
    Json,
    Runs,
    interval,
    number,
    runs_folder,
    show_left_out,
    told,
)
from evals.compare import TaskComparison, compare_runs, differs
from evals.runs import run_named
from evals.stats.paired import Difference
from tutor.settings import get_settings

SHOWN = 12
"""Changed samples that are named."""


def compare(
    first: Annotated[str, typer.Argument(help="The run before.")],
    second: Annotated[str, typer.Argument(help="The run after.")],
    out: Runs = None,
    every: Annotated[
        bool, typer.Option("--all", help="Also the figures that are the same in both.")
    ] = False,
    as_json: Json = False,
) -> None:
    """What differs between two runs: each figure with the interval of the paired difference, its p
    corrected over the figures that have a gate, and the smallest difference that could be seen.
    """
    folder = runs_folder(get_settings(), out)
    with told():
        one, two = run_named(folder, first), run_named(folder, second)
        found = compare_runs(one, two)
    if not found.tasks:
        raise typer.BadParameter(f"{one.name} and {two.name} have no finished task in common.")
    for comparison in found.tasks:
        if as_json:
            typer.echo(json.dumps(_plain(comparison), ensure_ascii=False))
        else:
            _show(comparison, one.name, two.name, every=every)
    show_left_out(found.left_out, as_json=as_json)


def _show(comparison: TaskComparison, first: str, second: str, *, every: bool) -> None:
    console = Console(highlight=False)
    console.rule(f"{comparison.task}: {first} → {second}", align="left")
    for name, was, is_ in comparison.state:
        console.print(f"{name}: {was} → {is_}", soft_wrap=True)
    if comparison.identical:
        console.print(f"No difference: all {comparison.same} samples came out alike.")
        return
    for told_, names in (
        ("came out otherwise", comparison.changed),
        (f"only in {first}", comparison.only_first),
        (f"only in {second}", comparison.only_second),
    ):
        if names:
            more = ", …" if len(names) > SHOWN else ""
            listed = ", ".join(names[:SHOWN])
            console.print(f"{len(names)} samples {told_}: {listed}{more}", soft_wrap=True)
    shown = [d for d in comparison.differences if every or differs(d)]
    if not shown:
        console.print("No figure differs.")
        return
    for group, figures in groupby(shown, key=lambda d: d.group):
        console.print(f"[bold]{escape(group)}[/]")
        console.print(_table(comparison, list(figures)))
    console.print(
        "p: two-sided; corrected (Holm) over the figures that have a gate, – for the others. "
        "“could see”: the smallest difference found in 80 % of comparisons like this one.",
        soft_wrap=True,
    )


def _table(comparison: TaskComparison, shown: Sequence[Difference]) -> Table:
    """The figures of one group, narrow enough for a terminal of 80 columns."""
    drawn = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    drawn.add_column("figure", overflow="fold", min_width=22)
    for column in (
        "n",
        "before",
        "after",
        "difference\n95 % interval",
        "p\ncorrected",
        "could\nsee",
    ):
        drawn.add_column(column, justify="right", overflow="fold")
    for d in shown:
        power = comparison.power.get((d.group, d.name))
        n = str(d.n_first) if d.n_first == d.n_second else f"{d.n_first}, {d.n_second}"
        ends = interval(d.low, d.high)
        drawn.add_row(
            escape(d.name),
            n,
            number(d.first),
            number(d.second),
            _signed(d.difference) + (f"\n{ends}" if ends != "–" else ""),
            f"{_p(d.p)}\n{_p(d.corrected)}" + (" *" if d.significant else ""),
            "–" if power is None else number(power.difference),
        )
    return drawn


def _signed(value: float) -> str:
    text = number(value)
    return text if text.startswith("-") or text == "–" else f"+{text}"


def _p(value: float) -> str:
    if value != value:
        return "–"
    return "< .001" if value < 0.001 else f"{value:.3f}"


def _plain(comparison: TaskComparison) -> dict[str, object]:
    def held(difference: Difference) -> dict[str, object]:
        values = asdict(difference)
        return {k: None if isinstance(v, float) and v != v else v for k, v in values.items()}

    return {
        "task": comparison.task,
        "identical": comparison.identical,
        "same": comparison.same,
        "changed": comparison.changed,
        "only_first": comparison.only_first,
        "only_second": comparison.only_second,
        "state": comparison.state,
        "differences": [held(d) for d in comparison.differences],
    }
