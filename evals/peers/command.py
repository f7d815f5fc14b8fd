"""The command: make the environments, run what is not yet measured, print, draw, and keep a log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from evals.beir import read_beir
from evals.peers import book as books
from evals.peers.book import Book, Entry
from evals.peers.environments import install, is_installed
from evals.peers.figures import standings
from evals.peers.plot import svg
from evals.peers.request import ask, titles
from evals.peers.roster import Peer, PeerFailed, chosen
from evals.peers.table import as_json, drawn, markdown, remarks
from evals.stats import Estimate
from evals.task import DataError
from ingest import E5, MINILM, IngestError, verify_model
from tutor.settings import get_settings

remark = Console(stderr=True, highlight=False)
"""Progress and reasons; standard output holds the figures alone."""


def peers(
    data: Annotated[
        list[Path] | None,
        typer.Option(help="A folder in BEIR layout; may be given more than once."),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            help="Measure this peer alone: maieutic, langchain, llamaindex, haystack or txtai; "
            "may be given more than once."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder of logs, tables and plots; evals/peers/ in MAIEUTIC_HOME."),
    ] = None,
    as_lines: Annotated[bool, typer.Option("--json", help="One line of JSON a data set.")] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Measure again what is measured already.")
    ] = False,
    install_only: Annotated[
        bool, typer.Option("--install", help="Make the peers' environments and stop.")
    ] = False,
    from_log: Annotated[
        Path | None, typer.Option(help="Draw table and plot of a log again; nothing is measured.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the bootstrap.")] = 0,
) -> None:
    """Measure the search beside other search stacks, on the same data and machine.

    Each runs in its own environment (minutes and 1.5 GB the first time).

    One after the other, all with the same encoder and two threads.

    What is measured already is kept; what fails is named with its reason.
    """
    settings = get_settings()
    folder = out or settings.home / "evals" / "peers"
    home = settings.home / "peers"
    try:
        wanted = chosen(only or [])
        if from_log is not None:
            _show(books.read_book(from_log), from_log, seed, as_lines=as_lines)
            return
        if install_only:
            raise typer.Exit(_install_all(wanted, home))
        if not data:
            raise DataError("Name a folder in BEIR layout with --data, or a log with --from-log.")
        for name in (MINILM, E5):
            verify_model(settings.models_dir / name)
        for each in data:
            path = _measure(each, wanted, folder, settings.models_dir, home, fresh=fresh)
            _show(books.read_book(path), path, seed, as_lines=as_lines)
    except KeyError as error:
        raise typer.BadParameter(str(error.args[0])) from error
    except DataError as error:
        raise typer.BadParameter(str(error)) from error
    except IngestError as error:
        raise typer.BadParameter(f"{error.message} {error.remedy}") from error


def _install_all(wanted: list[Peer], home: Path) -> int:
    """Makes the environments; 1 where one could not be made."""
    failed = 0
    for peer in wanted:
        try:
            _install(peer, home)
        except PeerFailed as reason:
            failed = 1
            remark.print(f"{peer.title}: {reason}", soft_wrap=True)
        else:
            remark.print(f"{peer.title}: ready")
    return failed


def _install(peer: Peer, home: Path) -> None:
    if not is_installed(peer, home):
        with remark.status(f"{peer.title}: making its environment, which takes minutes"):
            install(peer, home)


def _measure(
    data: Path, wanted: list[Peer], folder: Path, models_dir: Path, home: Path, *, fresh: bool
) -> Path:
    """Runs what is to be run on one data set, and returns its log."""
    if not data.is_dir():
        raise DataError(f"There is no folder {data}.")
    collection = read_beir(data)
    if not collection.queries:
        raise DataError(f"{data} has no judged query, so nothing can be measured on it.")
    titled = titles(data)
    path = books.path_of(folder, data)
    done = {} if fresh else {entry.peer: entry.fingerprint for entry in books.finished(path)}
    run = books.now()
    books.begin(path, data, collection)
    for peer in wanted:
        print_ = peer.fingerprint(models_dir)
        if done.get(peer.name) == print_:
            remark.print(f"{peer.title}: measured already (--fresh measures it again)")
            continue
        try:
            _install(peer, home)
            with remark.status(peer.title) as status:

                def told(what: str, answered: int, total: int, name: str = peer.title) -> None:
                    count = f", {answered} of {total} queries" if answered else ""
                    status.update(f"{name}: {what}{count}")

                result = ask(peer, collection, titled, models_dir, home, told)
        except PeerFailed as reason:
            remark.print(f"{peer.title}: {reason}", soft_wrap=True)
            books.add(path, Entry(peer.name, run, print_, reason=str(reason)))
        else:
            remark.print(f"{peer.title}: {len(result.answers)} queries answered")
            scores = books.scores_of(result, collection)
            books.add(path, Entry(peer.name, run, print_, result, scores))
    return path


def _show(book: Book, log: Path, seed: int, *, as_lines: bool) -> None:
    """Prints one data set, and writes its table and plot beside its log."""
    found = standings(book, Estimate(seed))
    table, plot = log.with_suffix(".md"), log.with_suffix(".svg")
    table.write_text(markdown(book, found), encoding="utf-8")
    plot.write_text(svg(book, found), encoding="utf-8")
    if as_lines:
        told = {**as_json(book, found), "log": str(log), "table": str(table), "plot": str(plot)}
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    console = Console(highlight=False)
    console.print(drawn(book, found))
    for note in remarks(book):
        console.print(f"• {note}", soft_wrap=True)
    console.print(f"Log: {log}\nTable: {table}\nPlot: {plot}", soft_wrap=True)
