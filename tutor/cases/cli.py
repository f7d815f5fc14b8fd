"""`maieutic case check`: every fault of a case, with file, line and remedy."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from tutor.cases.check import check_case
from tutor.cases.load import Fault
from tutor.cases.sources import corpus_passages
from tutor.settings import get_settings

FAULTY, MISUSED = 1, 2
app = typer.Typer(help="Cases: check what an educator has written.", no_args_is_help=True)


@app.callback()
def _cases() -> None:
    """Cases: check what an educator has written."""


@app.command()
def check(
    slugs: Annotated[
        list[str] | None, typer.Argument(metavar="[SLUG]...", help="Folders under cases/.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every case of the corpus.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Report every fault of a case, without stopping at the first; exit 1 where one is an error."""
    corpus = get_settings().corpus
    folders = _folders(corpus / "cases", slugs or [], every=every)
    passages_of = corpus_passages(corpus)
    faults = [fault for folder in folders for fault in check_case(folder, passages_of)]
    errors = sum(fault.severity == "error" for fault in faults)
    if as_json:
        typer.echo(_json(folders, faults, errors))
    else:
        for fault in faults:
            typer.echo(str(fault))
        typer.echo(_summary(len(folders), errors, len(faults) - errors))
    if errors:
        raise typer.Exit(FAULTY)


def _folders(root: Path, slugs: Sequence[str], *, every: bool) -> list[Path]:
    known = sorted(path for path in root.glob("*") if path.is_dir())
    if every:
        return known
    names = {path.name for path in known}
    unknown = [slug for slug in slugs if slug not in names]
    if unknown or not slugs:
        problem = f"There is no case {', '.join(unknown)}." if unknown else "No case was named."
        choice = ", ".join(sorted(names)) or f"none yet, under {root}"
        typer.echo(f"{problem} Name one of these, or give --all: {choice}.", err=True)
        raise typer.Exit(MISUSED)
    return [root / slug for slug in slugs]


def _json(folders: Sequence[Path], faults: Sequence[Fault], errors: int) -> str:
    found = [{**asdict(fault), "path": str(fault.path)} for fault in faults]
    report = {
        "cases": [folder.name for folder in folders],
        "errors": errors,
        "warnings": len(faults) - errors,
        "faults": found,
    }
    return json.dumps(report, ensure_ascii=False)


def _summary(cases: int, errors: int, warnings: int) -> str:
    counted = ", ".join(
        f"{number} {noun}{'' if number == 1 else 's'}"
        for number, noun in ((cases, "case"), (errors, "error"), (warnings, "warning"))
    )
    if errors:
        return f"{counted}. Mend the errors and check again: a faulty case is not taught."
    if warnings:
        return f"{counted}. The cases can be taught; the warnings are worth mending."
    return f"{counted}. All is well: the cases can be taught."
