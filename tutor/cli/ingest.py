"""`maieutic ingest`: the corpus into the index."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from ingest import SyncReport
from tutor.cli.common import bring_up_to_date, errors
from tutor.settings import get_settings


def ingest(
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON a file.")] = False,
) -> None:
    """Bring the index in line with the corpus folder: new, changed and removed files only.

    The folder is `corpus/`, or MAIEUTIC_CORPUS. Exit code 1 where a file could not be read; the
    others are indexed all the same.
    """
    settings = get_settings()
    report = bring_up_to_date(settings)
    if as_json:
        for file in report.files:
            typer.echo(
                json.dumps(
                    {
                        "path": file.path,
                        "status": file.status,
                        "document": file.document_id,
                        "passages": file.passages,
                        "reason": file.reason,
                        "remedy": file.remedy,
                    },
                    ensure_ascii=False,
                )
            )
    else:
        show(report, errors)
    if report.failures:
        raise typer.Exit(1)


def show(report: SyncReport, console: Console) -> None:
    """What a run did, in a line, and every failure with its remedy."""
    counts = report.counts
    told = ", ".join(f"{counts[s]} {s}" for s in sorted(counts)) or "nothing to do"
    console.print(f"Corpus: {told}; {report.embedded} passages embedded in {report.seconds:.1f} s.")
    for failure in report.failures:
        console.print(f"  [red]{escape(failure.path)}[/]: {escape(str(failure.reason))}")
        console.print(f"    {escape(str(failure.remedy))}")
