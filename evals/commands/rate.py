"""`maieutic eval rate`: have people rate turns and answers, and see what they gave.

Rating itself is done in the front end, on the page Rating.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from evals.commands.common import Json, Runs, interval, number, runs_folder, table, told
from evals.human import NOTES, compared, export_lines, figures, outcome, revealing, samples_of
from evals.human_items import KINDS, draw, kind_of
from evals.log import Log, plain, read_log
from evals.runs import run_named
from evals.stats import Estimate
from evals.stats.paired import Difference
from evals.stats.ppi import prediction_powered
from evals.task import DataError, Record
from tutor.cli.common import Lang
from tutor.rating import load_rubric
from tutor.rating.service import Ratings
from tutor.records import RatingStore, UserStore, open_database
from tutor.records.rating_tables import NAME_LENGTH
from tutor.records.ratings import Batch
from tutor.settings import get_settings

A_LOG = "A run (its name, the beginning of it, or `last`), or the path of a log."
_NAME = re.compile(rf"[a-z0-9][a-z0-9._-]{{0,{NAME_LENGTH - 1}}}")
app = typer.Typer(
    no_args_is_help=True,
    help="Have people rate turns and answers: sampled, blinded, in an order of each rater's own.",
)
BatchName = Annotated[str, typer.Argument(help="A batch of `maieutic eval rate list`.")]


@app.command()
def make(
    log: Annotated[str, typer.Argument(help=A_LOG)],
    name: Annotated[str, typer.Option("--name", help="Of the batch; raters see it.")],
    second: Annotated[
        str | None,
        typer.Option("--log", help="A second run, for a blinded comparison of two systems."),
    ] = None,
    n: Annotated[int, typer.Option("--n", min=1, max=2000, help="Items in all.")] = 60,
    seed: Annotated[int, typer.Option(help="Of the sample and of the raters' orders.")] = 0,
    raters: Annotated[int, typer.Option(min=2, max=26, help="People who rate every item.")] = 2,
    apart: Annotated[
        int,
        typer.Option(min=1, max=2, help="Steps between raters from which on a third one settles."),
    ] = 2,
    language: Annotated[
        list[Lang] | None,
        typer.Option("--language", help="Only what is in a language; may be given several times."),
    ] = None,
    out: Runs = None,
) -> None:
    """Sample a batch from the logs of the tasks dialogue or ask, evenly over cases and languages.

    Who has the role evaluator or educator finds it on the page Rating.
    """
    settings = get_settings()
    if not _NAME.fullmatch(name):
        raise typer.BadParameter(
            "A name has small letters, digits, dots and dashes, and begins with a letter or digit."
        )
    with told():
        logs = dict(_log(which, runs_folder(settings, out)) for which in _both(log, second))
        if second is not None and len(logs) < 2:
            raise DataError("Both logs are of one run; name two runs.")
        languages = [chosen.code for chosen in language or ()]
        items = draw(logs, n, seed, languages, settings.corpus / "cases")
        kind = kind_of(next(iter(logs.values())))
    rubric = load_rubric(kind)
    batch = Batch(name, kind, seed, raters, apart, rubric, datetime.now(UTC))
    RatingStore(open_database(settings.records_url)).add(batch, items)
    systems = " and ".join(logs)
    typer.echo(
        f"Batch {name}: {len(items)} items ({kind}) from {systems}, for {raters} raters, "
        f"rubric {rubric.version} ({rubric.hash[:12]})."
    )
    if settings.auth == "local":
        typer.echo(
            "This service has one local user, so only one person can rate. For two, set "
            "MAIEUTIC_AUTH=password and add accounts: maieutic user add NAME --role evaluator."
        )


@app.command("list")
def list_batches(as_json: Json = False) -> None:
    """The batches there are, and how far their raters are."""
    engine = open_database(get_settings().records_url)
    views = Ratings(RatingStore(engine)).batches(UserStore(engine).local())
    if as_json:
        typer.echo(json.dumps([v.model_dump(mode="json") for v in views], ensure_ascii=False))
        return
    if not views:
        typer.echo("There are none; `maieutic eval rate make` makes one.")
        return
    shown = Table(box=None)
    for column in ("batch", "kind", "items", "raters", "handed in", "stage", "to settle"):
        shown.add_column(column)
    for view in views:
        seated = f"{view.seated} of {view.raters}"
        left = "" if view.disputes is None else f"{view.disputes_open} of {view.disputes}"
        row = (view.name, view.kind, str(view.items), seated, str(view.handed_in), view.stage, left)
        shown.add_row(*row)
    Console().print(shown)


@app.command()
def results(
    batch: BatchName,
    seed: Annotated[int, typer.Option(help="Of the bootstrap.")] = 0,
    log: Annotated[
        str | None,
        typer.Option(
            "--log",
            help="The run that turns were sampled from: its leak measure on the turns that nobody "
            "rated sharpens the figure for `revealing`.",
        ),
    ] = None,
    out: Runs = None,
    as_json: Json = False,
) -> None:
    """What raters gave, by system: means, steps, agreement, difference of two systems."""
    settings = get_settings()
    lines = list(export_lines(RatingStore(open_database(settings.records_url)), batch))
    with told():
        records = [Record(s, outcome(s)) for s in samples_of(lines, batch)]
        powered = None
        if log is not None:
            system, held = _log(log, runs_folder(settings, out))
            powered = _powered(records, held, system)
    found = figures(records, Estimate(seed))
    pair = compared(records, seed)
    if as_json:
        answer = {
            "batch": batch,
            "figures": [plain(figure) for figure in found],
            "compared": None if pair is None else [asdict(d) for d in pair[2]],
            "revealing": powered,
            "notes": list(NOTES),
        }
        typer.echo(json.dumps(_finite(answer), ensure_ascii=False))
        return
    console = Console(highlight=False)
    console.print(table(batch, found))
    if pair is not None:
        console.print(_compared(*pair))
    if powered is not None:
        console.print(
            "Turns that give something away, prediction-powered: "
            f"{number(powered['value'])} ({interval(powered['low'], powered['high'])}), from "
            f"{powered['labelled']} rated turns and {powered['judged']} others.",
            soft_wrap=True,
        )
    for note in NOTES:
        console.print(f"• {note}", soft_wrap=True)


@app.command()
def export(
    batch: BatchName,
    out: Annotated[Path, typer.Option("--out", help="File to write, JSON Lines.")],
) -> None:
    """Write a batch without names: rater A, rater B, what was settled, and the rubric.

    `maieutic eval run human_rating --data FILE` makes a run of it.
    """
    lines = list(export_lines(RatingStore(open_database(get_settings().records_url)), batch))
    try:
        with out.open("x", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
    except FileExistsError as error:
        raise typer.BadParameter(f"{out} is there already; name another file.") from error
    typer.echo(f"{out}: {len(lines) - 1} items.")


def _both(first: str, second: str | None) -> list[str]:
    return [first] if second is None else [first, second]


def _log(which: str, folder: Path) -> tuple[str, Log]:
    """A log and what it is called in a batch: the run and its task.

    Raises:
        DataError: there is none, or the run holds more than one that can be rated.
    """
    path = Path(which)
    if path.is_file():
        return f"{path.resolve().parent.name}/{path.stem}", read_log(path)
    run = run_named(folder, which)
    usable = {task: log for task, log in run.logs().items() if task in KINDS}
    if len(usable) != 1:
        there = ", ".join(str(run.log_of(task)) for task in usable) or "none"
        raise DataError(
            f"The run {run.name} holds {len(usable)} logs of {' and '.join(KINDS)}; name the "
            f"path of one ({there})."
        )
    ((task, log),) = usable.items()
    return f"{run.name}/{task}", log


def _powered(records: list[Record], log: Log, system: str) -> dict[str, float]:
    held = revealing(records, log, system)
    try:
        found = prediction_powered(
            held.human, held.judge, held.unlabelled, held.clusters, held.unlabelled_clusters
        )
    except ValueError as error:
        raise DataError(str(error)) from error
    return asdict(found)


def _compared(first: str, second: str, found: list[Difference]) -> Table:
    drawn = Table(title=f"{second} less {first}")
    for column in ("dimension", "difference", "95 % interval", "p", "p, corrected"):
        drawn.add_column(column, justify="left" if column == "dimension" else "right")
    for one in found:
        row = (number(one.difference), interval(one.low, one.high), number(one.p))
        drawn.add_row(one.name, *row, number(one.corrected))
    return drawn


def _finite(value: object) -> object:
    """JSON has no NaN: what is not defined is null."""
    if isinstance(value, dict):
        return {key: _finite(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(held) for held in value]
    return None if isinstance(value, float) and value != value else value
