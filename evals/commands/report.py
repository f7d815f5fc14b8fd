"""`maieutic eval report`: a run as one HTML file."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from evals.commands.common import RunName, Runs, runs_folder, told
from evals.report import page
from evals.runs import run_named
from ingest import Language
from tutor.settings import get_settings

FILE = "report.html"


def report(
    name: RunName,
    baseline: Annotated[
        str | None, typer.Option(help="An earlier run; the report says what changed since.")
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option("--to", help="Where to write; by default report.html in the run's folder."),
    ] = None,
    language: Annotated[
        Language, typer.Option("--lang", help="Of the report; names stay as in the log.")
    ] = "en",
    out: Runs = None,
    show: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Write a run as one HTML file, which needs no other file and no network."""
    folder = runs_folder(get_settings(), out)
    with told():
        run = run_named(folder, name)
        written = page(run, run_named(folder, baseline) if baseline else None, language)
    path = to or run.path / FILE
    try:
        path.write_text(written, encoding="utf-8")
    except OSError as error:
        raise typer.BadParameter(f"{path} cannot be written ({error.strerror}).") from error
    size = len(written.encode()) / 2**20
    typer.echo(f"{path} ({size:.1f} MiB)")
    if show:
        webbrowser.open(path.resolve().as_uri())
