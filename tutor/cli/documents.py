"""`maieutic documents`: what became of each file, and how to be rid of one."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ingest.screening import RULES
from ingest.shelf import DocumentState, Shelf
from tutor.cli.common import library
from tutor.cli.ingest import told_if_locked
from tutor.settings import get_settings

app = typer.Typer(no_args_is_help=True)
out = Console(highlight=False)
Id = Annotated[str, typer.Argument(metavar="ID", help="As `maieutic documents list` shows it.")]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
T = TypeVar("T")


@app.callback()
def documents() -> None:
    """The documents of corpus and library: list, show, delete, erase, verify."""


@app.command("list")
def list_(
    failed: Annotated[bool, typer.Option("--failed", help="Only what is not indexed.")] = False,
    as_json: AsJson = False,
) -> None:
    """Every file, whatever became of it."""
    states = Shelf(get_settings().index_dir).states()
    shown = [state for state in states if not failed or state.state != "indexed"]
    if as_json:
        for state in shown:
            typer.echo(json.dumps(asdict(state), ensure_ascii=False))
        return
    table = Table("id", "state", "passages", "version", "findings", "duplicate of")
    for state in shown:
        table.add_row(
            escape(state.document_id),
            state.state,
            str(state.passages),
            str(state.version),
            str(len(state.findings) or ""),
            escape(", ".join(_alike(state))),
        )
    out.print(table if shown else "There are none.")


@app.command()
def show(document_id: Id, as_json: AsJson = False) -> None:
    """One document: its state, versions, duplicates and the findings of the scan."""
    books = Shelf(get_settings().index_dir)
    state = _known(document_id, lambda: books.state(document_id))
    versions = books.versions(document_id) if state.version else []
    if as_json:
        told = asdict(state) | {"versions": [asdict(version) for version in versions]}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    out.print(f"[bold]{escape(state.document_id)}[/] ({state.origin}): {state.state}")
    if state.source:
        out.print(
            f"  {escape(state.source.title)}, {state.source.language}, {state.passages} passages"
        )
    if state.reason:
        out.print(f"  {escape(state.reason)} {escape(state.remedy or '')}")
    if state.unread:
        out.print(f"  Pages that could not be read: {', '.join(map(str, state.unread))}")
    for alike in _alike(state):
        out.print(f"  Duplicate of {escape(alike)}")
    for version in versions:
        by = f" by {version.by}" if version.by else ""
        out.print(f"  Version {version.number}, {version.at}{escape(by)}: {version.state}")
    for finding in state.findings:
        place = f"page {finding.page}: " if finding.page else ""
        out.print(f"  [yellow]{RULES[finding.rule]}[/] {place}{escape(finding.excerpt)}")


@app.command()
def delete(document_id: Id, yes: Yes = False, as_json: AsJson = False) -> None:
    """Take an upload out of the search, and prove it: each of its passages is searched again.

    What it said stays in its history, which nobody searches; `erase` removes that too.
    """
    _sure(f"Delete {document_id}?", yes)
    with told_if_locked():
        books = library(get_settings())
        proof = _known(document_id, lambda: books.delete(document_id, getpass.getuser()))
    if as_json:
        typer.echo(json.dumps(asdict(proof)))
    else:
        out.print(
            f"Deleted {escape(document_id)}: {proof.passages} passages. {proof.searched} searches "
            f"for them found {proof.found}; {proof.left_vectors} of their vectors are left."
        )
    if proof.found or proof.left_vectors:
        raise typer.Exit(1)


@app.command()
def erase(document_id: Id, yes: Yes = False, as_json: AsJson = False) -> None:
    """Remove a document and its history from every file, and prove it: all bytes are read.

    The stores are made anew without it. Backups are not reached.
    """
    _sure(f"Erase {document_id} and all its versions? This cannot be undone.", yes)
    with told_if_locked():
        books = library(get_settings())
        proof = _known(document_id, lambda: books.erase(document_id, getpass.getuser()))
    if as_json:
        typer.echo(json.dumps(asdict(proof)))
    else:
        out.print(
            f"Erased {escape(document_id)}: {proof.passages} passages. {proof.looked_for} traces "
            f"of it were looked for in {proof.bytes:,} bytes of {proof.files} files, and "
            f"{proof.found} found ({proof.seconds:.1f} s)."
        )
        if proof.shared:
            out.print(f"{proof.shared} more stand in other documents too, and say nothing.")
    if proof.found:
        raise typer.Exit(1)


@app.command()
def verify(as_json: AsJson = False) -> None:
    """Check that catalogue, vectors and words agree; exit code 1 where they do not."""
    with told_if_locked():
        check = library(get_settings()).verify()
    if as_json:
        typer.echo(json.dumps(asdict(check)))
    else:
        out.print(
            f"{check.passages} passages. Vectors without a passage: "
            f"{check.vectors_without_passage}; passages without a vector: "
            f"{check.passages_without_vector}; without words: {check.passages_without_lexical}; "
            f"words without a passage: {check.lexical_without_passage}."
        )
    if not check.sound:
        typer.echo("Run `maieutic ingest`, which makes good what is missing.", err=True)
        raise typer.Exit(1)


def _alike(state: DocumentState) -> list[str]:
    return [
        other.document_id + ("" if other.kind == "exact" else f" ({other.similarity:.0%})")
        for other in state.duplicates
    ]


def _known(document_id: str, ask: Callable[[], T]) -> T:
    try:
        return ask()
    except KeyError as error:
        raise typer.BadParameter(
            f"There is no document {document_id!r}. `maieutic documents list` shows all there are."
        ) from error


def _sure(question: str, yes: bool) -> None:
    if not yes:
        typer.confirm(question, abort=True, err=True)
