"""`maieutic eval faults`: planted faults, and whether the gates notice each."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console

from evals.commands.common import Json, Runs, interval, number, remarks, told
from evals.commands.gate import judged, run_fast
from evals.faults import FAULTS, fault_named
from evals.gates import Verdict, read_gates
from evals.resources import Resources
from tutor.settings import get_settings


def faults(
    names: Annotated[
        list[str] | None, typer.Argument(help="Faults to plant; all without any.", metavar="FAULT")
    ] = None,
    out: Runs = None,
    as_json: Json = False,
) -> None:
    """Plant faults one after another into the tutor under test, and show that each is caught by the
    gates that are there for it: the figure before and after. Exit code 1 where one slips through.
    """
    settings = get_settings()
    with told():
        chosen = [fault_named(name) for name in names] if names else list(FAULTS)
        gates = read_gates()
    meant = {
        fault.name: [gate.name for gate in gates if fault.name in gate.faults] for fault in chosen
    }
    if unguarded := sorted(name for name, by in meant.items() if not by):
        raise typer.BadParameter(f"No gate names the fault {unguarded[0]}.")
    tasks = [g.task for g in gates if any(f.name in g.faults for f in chosen)]
    sound = Resources(settings)
    before = {
        v.gate.name: v for v in judged(run_fast(list(dict.fromkeys(tasks)), sound, out), gates)
    }
    slipped: list[str] = []
    rows: list[tuple[str, Verdict, Verdict]] = []
    for fault in chosen:
        guarding = [g for g in gates if fault.name in g.faults]
        looked = list(dict.fromkeys(gate.task for gate in guarding))
        remarks.print(f"{fault.name}: {fault.says}", soft_wrap=True)
        # The tutor is built once; each fault is planted into the sound one.
        faulty = Resources(settings, sound.runtime, fault)
        for verdict in judged(run_fast(looked, faulty, out), guarding):
            rows.append((fault.name, before[verdict.gate.name], verdict))
            if verdict.passed or not before[verdict.gate.name].passed:
                slipped.append(f"{fault.name} by {verdict.gate.name}")
    _show(rows, as_json=as_json)
    if slipped:
        remarks.print(f"Not caught: {'; '.join(slipped)}.", soft_wrap=True)
        raise typer.Exit(1)
    remarks.print(f"All {len(chosen)} faults are caught.")


def _show(rows: list[tuple[str, Verdict, Verdict]], *, as_json: bool) -> None:
    if as_json:
        for name, was, is_ in rows:
            typer.echo(
                json.dumps(
                    {
                        "fault": name,
                        "gate": was.gate.name,
                        "bound": was.gate.bound,
                        "before": _told(was),
                        "after": _told(is_),
                        "caught": was.passed and not is_.passed,
                    },
                    ensure_ascii=False,
                )
            )
        return
    console = Console(highlight=False)
    for name, was, is_ in rows:
        caught = "caught" if was.passed and not is_.passed else "NOT CAUGHT"
        console.print(f"{name}: {caught} by {was.gate.name}", soft_wrap=True)
        console.print(
            f"  has to be {was.gate.bound}; before {_told(was)}; after {_told(is_)}", soft_wrap=True
        )


def _told(verdict: Verdict) -> str:
    figure = verdict.figure
    if figure is None:
        return "no such figure"
    return f"{number(figure.value)} ({interval(figure.low, figure.high)}, n = {figure.n})"
