"""`maieutic eval export`: a run, or real sessions, for other people's programs."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Literal

import typer

from evals.commands.common import runs_folder, told
from evals.export import OF_RUNS, OF_SESSIONS, ExportError, Veil, rows_of_run, rows_of_sessions
from evals.export.files import Format, write
from evals.export.papers import Papers
from evals.runs import RunFolder, run_named
from evals.task import find_tasks
from tutor.errors import ServiceError
from tutor.records import EventStore, open_database
from tutor.settings import get_settings

NO_INSPECT = (
    "Logs of Inspect AI need the package inspect-ai, which is not installed. Install it with "
    "pip install 'maieutic[inspect]'; see docs/inspect.md."
)


def export(
    name: Annotated[
        str | None,
        typer.Argument(help="A run: its name, the beginning of it, `last`, or its folder."),
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--out", "--to", help="Folder to write; a new one.")
    ] = None,
    form: Annotated[
        Literal["csv", "parquet", "inspect"],
        typer.Option("--format", help="Tables, or logs that Inspect AI's viewer opens."),
    ] = "csv",
    sessions: Annotated[
        bool, typer.Option("--sessions", help="Real sessions from the records, not a run.")
    ] = False,
    approval: Annotated[
        str | None,
        typer.Option(
            "--i-have-approval",
            help="Reference of the ethics approval under which real sessions are exported; it is "
            "written into the export.",
        ),
    ] = None,
    runs: Annotated[
        Path | None, typer.Option(help="Folder of the runs; by default evals/ in MAIEUTIC_HOME.")
    ] = None,
) -> None:
    """Write a run, or real sessions, as de-identified tables with a data dictionary."""
    if (name is None) is not sessions:
        raise typer.BadParameter("Name a run, or give --sessions for real ones; not both.")
    if sessions:
        _sessions(to or Path("maieutic-sessions"), form, approval)
        return
    with told():
        run = run_named(runs_folder(get_settings(), runs), name or "")
    folder = to or Path(f"{run.name}-{form}")
    try:
        if form == "inspect":
            _inspect(run, folder)
        else:
            _run(run, folder, form)
    except ExportError as error:
        raise typer.BadParameter(str(error)) from error


def _run(run: RunFolder, folder: Path, form: Format) -> None:
    rows = rows_of_run(run, find_tasks(), Veil())
    papers = Papers(f"the run {run.name} ({', '.join(run.tasks)})", form=form)
    with told():
        counts = write(rows, OF_RUNS, folder, form, papers)
    _tell(folder, counts)


def _inspect(run: RunFolder, folder: Path) -> None:
    if find_spec("inspect_ai") is None:
        raise typer.BadParameter(NO_INSPECT)
    from evals.inspect_adapter.convert import write_logs

    with told():
        paths = write_logs(run, find_tasks(), folder, Veil())
    for path in paths:
        typer.echo(path)
    typer.echo(f"To look at them: inspect view --log-dir {folder}")


def _sessions(folder: Path, form: str, approval: str | None) -> None:
    if form == "inspect":
        raise typer.BadParameter("Real sessions are exported as csv or parquet.")
    if approval is None or not approval.strip():
        raise typer.BadParameter(
            "Learners were not asked whether their sessions may be used for research, and the "
            "product cannot know. Where an ethics committee has approved it, give its reference: "
            '--i-have-approval "reference of the approval".'
        )
    settings = get_settings()
    try:
        store = EventStore(open_database(settings.records_url))
        counts = write(
            rows_of_sessions(store, Veil()),
            OF_SESSIONS,
            folder,
            "csv" if form == "csv" else "parquet",
            Papers("real sessions with the tutor, de-identified", approval.strip(), form),
        )
    except ServiceError as error:
        raise typer.BadParameter(f"{error} {error.remedy}") from error
    except ExportError as error:
        raise typer.BadParameter(str(error)) from error
    _tell(folder, counts)


def _tell(folder: Path, counts: dict[str, int]) -> None:
    rows = ", ".join(f"{table} {count:,}" for table, count in counts.items())
    typer.echo(f"{folder}: {rows} rows. Read README.md there first.")
