"""`maieutic review`: the queue at a glance, and decisions in and out."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tutor.cases.load import read_case
from tutor.cli.common import lines_of
from tutor.records import open_database
from tutor.review import DecisionStore, Filters
from tutor.review.queue import Queue, State
from tutor.review.transfer import exported, imported
from tutor.settings import get_settings

app = typer.Typer(no_args_is_help=True)
out = Console(highlight=False)
CaseOption = Annotated[str | None, typer.Option("--case", help="Only this case, by its name.")]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON, one line each.")]


@app.callback()
def review() -> None:
    """What was unsure or misjudged, and what educators decided: list, export, import."""


@app.command("list")
def list_(
    case: CaseOption = None,
    decided: Annotated[bool, typer.Option("--decided", help="What is decided, not open.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """The queue, the oldest first. Decisions are made on the page Review."""
    state: State = "decided" if decided else "open"
    queue = Queue(open_database(get_settings().records_url))
    total, entries = queue.page(Filters(case=case, state=state), 0, limit)
    if as_json:
        for entry in entries:
            told = {"id": entry.id, "case": entry.case_id, "target": entry.target}
            more = {"language": entry.language, "reason": entry.reason, "said": entry.said}
            typer.echo(json.dumps({**told, **more, "at": entry.at.isoformat()}, ensure_ascii=False))
        return
    table = Table("number", "case", "idea", "language", "why", "heard", "words")
    for entry in entries:
        heard = f"{entry.judgement.probability:.2f}" if entry.judgement else ""
        words = entry.said if len(entry.said) <= 80 else entry.said[:79] + "…"
        row = (str(entry.id), entry.case_id, entry.target, entry.language, entry.reason)
        table.add_row(*row, heard, escape(words))
    out.print(table if entries else "There are none.")
    if total > len(entries):
        out.print(f"{total - len(entries)} more; --limit shows them.")


@app.command()
def export(case: CaseOption = None) -> None:
    """The examples in force as JSON Lines, with who decided and when: `> decisions.jsonl`.

    Each line names the list of the case file (accept, near_miss, exemplars, repair) to which an
    author may move it.
    """
    store = DecisionStore(open_database(get_settings().records_url))
    for line in exported(store.newest(case)):
        typer.echo(line)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="As `maieutic review export` writes it.")],
) -> None:
    """Take examples in that were decided elsewhere: all lines, or none where one is faulty.

    They can be revoked on the page Review, one by one.
    """
    settings = get_settings()
    folders = (path.parent for path in (settings.corpus / "cases").glob("*/case.yaml"))
    cases = {folder.name: read_case(folder) for folder in folders}
    store = DecisionStore(open_database(settings.records_url))
    taken, known = imported(lines_of(file), store, cases, getpass.getuser())
    out.print(f"Taken in: {taken}. There already: {known}.")
