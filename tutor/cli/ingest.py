"""`maieutic ingest`: the corpus, and what educators have handed in, into the index."""

from __future__ import annotations

import getpass
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from ingest import FileResult, IndexLocked, SyncReport
from ingest.folder import files_under
from tutor.cli.common import bring_up_to_date, errors, ingest_bar, library
from tutor.settings import Settings, get_settings

LOCKED = 3
"""The exit code where another process is writing the index."""
_COLOURS = {"failed": "red", "removed": "yellow", "duplicate": "yellow"}


class Engine(StrEnum):
    """What reads and embeds."""

    LOCAL = "local"
    RAY = "ray"


def ingest(
    path: Annotated[
        Path | None,
        typer.Argument(
            help="A file or folder whose documents are copied into the library. Without it the "
            "index is brought in line with the corpus and the library."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen, and write nothing.")
    ] = False,
    retry: Annotated[
        bool, typer.Option("--retry", help="Read files that failed again, though unchanged.")
    ] = False,
    engine: Annotated[Engine, typer.Option(help="Read and embed here, or on Ray.")] = Engine.LOCAL,
    verbose: Annotated[
        bool, typer.Option("-v", "--verbose", help="Tell of unchanged files too.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON a file.")] = False,
) -> None:
    """Bring the index in line with the documents: new, changed, moved and removed files only.

    The corpus is `corpus/`, or MAIEUTIC_CORPUS; the library is what educators have handed in.
    Whatever stops a run, the next one goes on where it was. A file that fails is told each time
    and read again only when it changes.

    Exit code 0: all is indexed. 1: a file is not, the others are all the same. 2: wrong usage.
    3: another process is writing the index.
    """
    settings = get_settings()
    with told_if_locked():
        if path is None:
            report = bring_up_to_date(settings, dry_run=dry_run, retry=retry, engine=engine.value)
        else:
            report = _taken_in(settings, path, dry_run=dry_run)
    if as_json:
        for file in report.files:
            typer.echo(json.dumps(_as_json(file), ensure_ascii=False))
    else:
        show(report, errors, verbose=verbose)
    if report.failures:
        raise typer.Exit(1)


@contextmanager
def told_if_locked() -> Iterator[None]:
    """Ends a command with an exit code of its own where another process holds the index."""
    try:
        yield
    except IndexLocked as error:
        typer.secho(f"maieutic: {error.message}", err=True, fg="red")
        typer.echo(error.remedy, err=True)
        raise typer.Exit(LOCKED) from error


def show(report: SyncReport, console: Console, *, verbose: bool = False) -> None:
    """What a run did, a line for each file of which there is something to tell, and in all."""
    for file in report.files if verbose else report.changes:
        console.print(_line(file), soft_wrap=True)
        if file.status == "failed":
            console.print(f"    {escape(str(file.remedy))}", soft_wrap=True)
    counts = report.counts
    told = ", ".join(f"{counts[s]} {s}" for s in sorted(counts)) or "nothing to do"
    if report.dry_run:
        console.print(f"Documents: {told}; nothing was written.")
        return
    rate = f" ({report.embedded / report.seconds:.0f}/s)" if report.embedded else ""
    console.print(
        f"Documents: {told}; {report.embedded} passages embedded in {report.seconds:.1f} s{rate}."
    )


def _line(file: FileResult) -> str:
    colour = _COLOURS.get(file.status, "green")
    parts = [f"  [{colour}]{file.status:<9}[/] {escape(file.path)}"]
    if file.reason:
        parts.append(f": {escape(file.reason)}")
    if file.moved_from:
        parts.append(f" from {escape(file.moved_from)}")
    if file.passages:
        parts.append(f", {file.passages} passages")
    for other in file.duplicates:
        alike = "the same as" if other.kind == "exact" else f"{other.similarity:.0%} the same as"
        parts.append(f", {alike} {escape(other.document_id)}")
    if file.findings:
        parts.append(f", {file.findings} findings: `maieutic documents show` tells them")
    return "".join(parts)


def _as_json(file: FileResult) -> dict[str, object]:
    told = asdict(file)
    told["document"] = told.pop("document_id")
    return told


def _taken_in(settings: Settings, path: Path, *, dry_run: bool) -> SyncReport:
    """Copies of a file, or of a folder's files, taken into the library.

    Raises:
        typer.BadParameter: there is no such file or folder.
    """
    started = time.perf_counter()
    if path.is_file():
        files = {path: path.name}
    elif path.is_dir():
        # The library has no folders: a file is told from its namesakes by those it was in.
        files = {p: " - ".join(p.relative_to(path).parts) for p in files_under(path)}
    else:
        raise typer.BadParameter(f"There is no file or folder {path}.")
    if not files:
        raise typer.BadParameter(f"There are no documents in {path}.")
    books = library(settings)
    if dry_run:
        return SyncReport(
            tuple(books.preview(files)), 0, time.perf_counter() - started, dry_run=True
        )
    with ingest_bar() as told:
        results = books.add_files(files, getpass.getuser(), told)
    embedded = sum(result.embedded for result in results)
    return SyncReport(tuple(results), embedded, time.perf_counter() - started)
