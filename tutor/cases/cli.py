"""`maieutic case`: begin a case, check it, look at it, compare its versions."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from ingest import IngestError
from tutor.cases.check import check_case
from tutor.cases.diff import Difference, NoSuchVersion, compare, marked, version_at
from tutor.cases.load import CaseError, Fault
from tutor.cases.new import TODO, NotWritten, new_case, new_translation
from tutor.cases.preview import preview_page
from tutor.cases.sources import corpus_passages, count_citations
from tutor.dialogue.judge import Judge
from tutor.settings import get_settings

FAULTY, MISUSED = 1, 2
LanguageCode = Literal["en", "zh-Hant", "zh-Hans"]
Chinese = Literal["zh-Hant", "zh-Hans"]
SlugArgument = Annotated[str, typer.Argument(metavar="SLUG", help="The folder under cases/.")]
app = typer.Typer(
    help="Cases: begin one, check it, look at it, compare its versions.", no_args_is_help=True
)


@app.command()
def new(
    slug: Annotated[str, typer.Argument(help="Its name in addresses: the-second-letter.")],
    title: Annotated[str, typer.Option(help="As learners read it.")] = "TODO a short title",
) -> None:
    """Begin a case: a case.yaml in which every part is explained where it stands."""
    try:
        path = new_case(get_settings().corpus / "cases", slug, title, _today())
    except NotWritten as error:
        raise _misused(str(error)) from error
    typer.echo(f"{path} is begun. Replace every {TODO}, then: maieutic case check {slug}")
    typer.echo("docs/cases.md leads through it.")


@app.command()
def translate(
    slug: SlugArgument,
    language: Annotated[Chinese, typer.Argument(help="zh-Hant or zh-Hans.")],
) -> None:
    """Begin a translation: the ids of case.yaml, its English beside each text to be written."""
    folder = _folders(get_settings().corpus / "cases", [slug], every=False)[0]
    try:
        path = new_translation(folder, language)
    except NotWritten as error:
        raise _misused(str(error)) from error
    typer.echo(f"{path} is begun. Write it afresh, then: maieutic case check {slug}")


@app.command()
def preview(
    slug: SlugArgument,
    language: Annotated[LanguageCode, typer.Option("--lang", help="Which language.")] = "en",
    out: Annotated[
        Path | None, typer.Option(help="Where to; by default previews/ in MAIEUTIC_HOME.")
    ] = None,
) -> None:
    """Write a case as one HTML page with all that the tutor may say: to read, print and review."""
    settings = get_settings()
    folder = _folders(settings.corpus / "cases", [slug], every=False)[0]
    folder_or_file = out or settings.home / "previews"
    into_folder = out is None or folder_or_file.is_dir()
    path = folder_or_file / f"{slug}.{language}.html" if into_folder else folder_or_file
    try:
        page = preview_page(folder, corpus_passages(settings.corpus), language)
    except (CaseError, NotWritten) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(FAULTY) from error
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")
    typer.echo(f"{path}")


@app.command()
def diff(
    slug: SlugArgument,
    since: Annotated[
        str, typer.Option(help="A git revision, or the folder of another copy of the case.")
    ] = "HEAD",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Show what changed, text by text; exit 1 where the version number does not say it."""
    folder = _folders(get_settings().corpus / "cases", [slug], every=False)[0]
    try:
        if (Path(since) / "case.yaml").is_file():
            found = compare(Path(since), folder)
        else:
            with version_at(folder, since) as before:
                found = compare(before, folder)
    except NoSuchVersion as error:
        raise _misused(str(error)) from error
    except CaseError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(FAULTY) from error
    if as_json:
        report = {"old": found.old, "new": found.new, "step": found.step, "enough": found.enough}
        changes = [asdict(change) for change in found.changes]
        typer.echo(json.dumps({**report, "changes": changes}, ensure_ascii=False))
    else:
        _print_difference(found)
    if not found.enough:
        raise typer.Exit(FAULTY)


@app.command()
def citations(
    slugs: Annotated[
        list[str] | None, typer.Argument(metavar="[SLUG]...", help="Folders under cases/.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every case of the corpus.")] = False,
) -> None:
    """Count the citations of each case and language, and those that open no passage; exit 1."""
    corpus = get_settings().corpus
    passages_of = corpus_passages(corpus)
    lost = 0
    table = Table("case", "lang", "cited", "dangling", "unsupported", "in own lang")
    table.columns[0].no_wrap = True
    for folder in _folders(corpus / "cases", slugs or [], every=every):
        for row in count_citations(folder, passages_of):
            lost += row.dangling + row.unsupported
            numbers = (row.cited, row.dangling, row.unsupported, row.own_language)
            table.add_row(row.case, row.language, *map(str, numbers))
    Console(highlight=False).print(table)
    if lost:
        many = "citation opens" if lost == 1 else "citations open"
        typer.echo(f"{lost} {many} no passage: maieutic case check says where.")
        raise typer.Exit(FAULTY)
    typer.echo("Every citation opens its passage, and its words stand there.")


@app.command()
def check(
    slugs: Annotated[
        list[str] | None, typer.Argument(metavar="[SLUG]...", help="Folders under cases/.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every case of the corpus.")] = False,
    judged: Annotated[
        bool,
        typer.Option("--judge", help="Also ask the judge which exemplars it confuses (slow)."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Report every fault of a case, without stopping at the first; exit 1 where one is an error."""
    corpus = get_settings().corpus
    folders = _folders(corpus / "cases", slugs or [], every=every)
    passages_of = corpus_passages(corpus)
    judge = _judge() if judged else None
    remarks = Console(stderr=True)
    faults: list[Fault] = []
    try:
        shown = track(folders, "Checking", console=remarks, transient=True, disable=not judged)
        for folder in shown:
            faults += check_case(folder, passages_of, judge)
    except CaseError as error:
        # Nothing of one case, but of what all cases share.
        faults += error.faults
    errors = sum(fault.severity == "error" for fault in faults)
    if as_json:
        typer.echo(_json(folders, faults, errors))
    else:
        for fault in faults:
            typer.echo(str(fault))
        typer.echo(_summary(len(folders), errors, len(faults) - errors))
    if errors:
        raise typer.Exit(FAULTY)


def _judge() -> Judge:
    # Loading the models takes seconds that only this check is worth.
    from tutor.assess import EncoderJudge
    from tutor.runtime import load_encoders

    try:
        return EncoderJudge(load_encoders(get_settings()))
    except IngestError as error:
        raise _misused(f"{error} Run `maieutic setup` first.") from error


def _print_difference(found: Difference) -> None:
    for change in found.changes:
        typer.echo(f"{change.language}  {change.place}: {change.kind}")
        if change.kind == "changed" and change.before and change.after:
            old, new = marked(change.before, change.after)
            typer.echo(f"    - {old}")
            typer.echo(f"    + {new}")
        else:
            typer.echo(
                f"    {'-' if change.after is None else '+'} {change.after or change.before}"
            )
    many = len(found.changes)
    typer.echo(f"{many} change{'' if many == 1 else 's'} from {found.old} to {found.new}.")
    if not found.enough:
        typer.echo(f"Such changes ask for a {found.step} step: raise `version` in every file.")
    elif many:
        typer.echo(f"Version {found.new} says so.")


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def _misused(message: str) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(MISUSED)


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
