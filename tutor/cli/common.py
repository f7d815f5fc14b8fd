"""What several commands share: languages, progress bars, and the parts of a runtime."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Literal

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from ingest import (
    E5,
    MINILM,
    Encoder,
    Language,
    Searcher,
    SyncReport,
    ensure_models,
    sync,
)
from ingest import Progress as Step
from ingest.folder import Origin
from ingest.legs import DENSE, ENGLISH
from ingest.library import Library
from ingest.plan import preview
from tutor.cases import LoadedCase
from tutor.runtime import Runtime, build_runtime, load_encoders, open_search
from tutor.settings import Settings, get_settings

errors = Console(stderr=True, highlight=False)
"""Progress and remarks go to standard error, so that standard output is the result alone."""


class Lang(StrEnum):
    """The languages, as an option shows them."""

    EN = "en"
    HANT = "zh-Hant"
    HANS = "zh-Hans"

    @property
    def code(self) -> Language:
        """As the other rooms write it."""
        return {"en": "en", "zh-Hant": "zh-Hant", "zh-Hans": "zh-Hans"}[self.value]  # type: ignore[return-value]


@contextmanager
def bar(description: str, total: float | None = None) -> Iterator[tuple[Progress, TaskID]]:
    """A progress bar on standard error, gone when it is done."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=errors, transient=True) as progress:
        yield progress, progress.add_task(description, total=total)


def make_models(settings: Settings) -> None:
    """The encoders' folders, made where they are not there yet, with a progress bar.

    Raises:
        ModelChecksumError: a package's weights are not the ones that were measured.
    """
    with bar("Models", 100) as (progress, task):

        def told(what: str, share: float) -> None:
            progress.update(task, description=f"Models: {what}", completed=int(share * 100))

        ensure_models(settings.models_dir, told)


@contextmanager
def ingest_bar() -> Iterator[Callable[[Step], None]]:
    """A progress bar of an ingest: files, passages a second, and the time left by bytes."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.fields[files]}"),
        BarColumn(bar_width=30),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=errors, transient=True) as progress:
        task = progress.add_task("", total=1.0, files="", rate="")
        started = time.monotonic()

        def told(step: Step) -> None:
            seconds = time.monotonic() - started
            rate = f"{step.embedded / seconds:.0f} passages/s" if step.embedded else ""
            progress.update(
                task,
                completed=step.work,
                files=f"{step.done}/{step.total}",
                rate=rate,
                description=escape(step.path),
            )

        yield told


def bring_up_to_date(
    settings: Settings,
    *,
    dry_run: bool = False,
    retry: bool = False,
    engine: Literal["local", "ray"] = "local",
) -> SyncReport:
    """The index, brought in line with the corpus and the uploads, with a progress bar."""
    folders: list[tuple[Path, Origin]] = [(settings.corpus, "corpus")]
    if settings.uploads_dir.is_dir():
        # After the corpus: an upload that a document of the corpus made a duplicate, or leaves
        # without its original, is seen to here.
        folders.append((settings.uploads_dir, "uploads"))
    if dry_run:
        files = [f for folder, o in folders for f in preview(folder, settings.index_dir, o)]
        return SyncReport(tuple(files), 0, 0.0, dry_run=True)
    encoders = load_encoders(settings)
    with ingest_bar() as told:
        reports = [
            sync(
                folder,
                settings.index_dir,
                encoders[E5],
                english=encoders[MINILM],
                progress=told,
                origin=origin,
                retry=retry,
                engine=engine,
                encoder_folders={
                    DENSE: settings.models_dir / E5,
                    ENGLISH: settings.models_dir / MINILM,
                },
                vectors_url=settings.vectors_url,
            )
            for folder, origin in folders
        ]
    return SyncReport(
        tuple(file for report in reports for file in report.files),
        sum(report.embedded for report in reports),
        sum(report.seconds for report in reports),
    )


def library(settings: Settings) -> Library:
    """The uploads, for commands that change them."""
    encoders = load_encoders(settings)
    return Library(
        settings.uploads_dir,
        settings.index_dir,
        encoders[E5],
        encoders[MINILM],
        vectors_url=settings.vectors_url,
    )


def retrieval() -> tuple[Searcher, Encoder]:
    """The index and its encoder, for commands that need no case."""
    settings = get_settings()
    encoders = load_encoders(settings)
    return open_search(settings, encoders), encoders[E5]


def runtime_for(case: str, lang: Lang) -> tuple[Runtime, LoadedCase]:
    """All that a dialogue needs, with a line that says what is being loaded; and one case of it.

    Raises:
        typer.BadParameter: there is no such case, found out before anything is loaded; or it is
            not written in the language.
    """
    settings = get_settings()
    folder = settings.corpus / "cases"
    known = sorted(path.parent.name for path in folder.glob("*/case.yaml"))
    if case not in known:
        there = f"The cases are {', '.join(known)}." if known else f"There are none in {folder}."
        raise typer.BadParameter(f"There is no case {case!r}. {there}")
    # The case that was named is spoken of below; what ails another concerns its author.
    logging.getLogger("tutor.runtime").setLevel(logging.ERROR)
    with errors.status("Starting") as status:
        held = build_runtime(settings, lambda what: status.update(what))
    if case in held.left_out:
        raise typer.BadParameter(f"The case {case} cannot be taught.\n{held.left_out[case]}")
    loaded = held.cases[case]
    if lang.code not in loaded.languages:
        raise typer.BadParameter(
            f"The case {case} is not written in {lang.code}, but in {', '.join(loaded.languages)}."
        )
    return held, loaded


def lines_of(path: Path) -> list[str]:
    """The lines of a file that a user named.

    Raises:
        typer.BadParameter: there is no such file, or it is not text in UTF-8.
    """
    if not path.is_file():
        raise typer.BadParameter(f"There is no file {path}.")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise typer.BadParameter(
            f"{path} is not text in UTF-8 (byte {error.start}). Save it as UTF-8."
        ) from error
    # Not splitlines(): it would also cut at marks that may stand inside a JSON string.
    return text.split("\n")
