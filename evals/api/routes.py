"""Runs over HTTP, for evaluators.

A run is addressed by its name and nothing else: no request names a path.
"""

from __future__ import annotations

import re
from pathlib import Path as FilePath
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import Response

from evals.api import showing, why
from evals.api.views import (
    ComparisonsView,
    RecordDetail,
    RecordPage,
    RunDetail,
    RunView,
    WhyView,
)
from evals.report import page
from evals.report.reading import Reading, reading
from evals.runs import PLAN, RunFolder, find_runs, open_run
from evals.task import DataError, Record
from ingest import Language
from tutor.api.deps import BackendDep, RuntimeDep, require_role
from tutor.api.render import hit_out
from tutor.api.schemas import SearchResult
from tutor.errors import NotFound, ServiceError
from tutor.records import User

router = APIRouter(prefix="/runs", tags=["runs"])
Evaluator = Annotated[User, Depends(require_role("evaluator"))]
Turn = Annotated[int, Query(ge=0, le=10_000)]
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,199}")
FOLDER = "evals"
"""Of the runs, in the home of the service."""


class DamagedRun(ServiceError):
    """A file of a run cannot be read."""

    def __init__(self, error: DataError) -> None:
        """Takes what was wrong with it."""
        super().__init__(str(error), remedy="Restore the file, or measure again.")


def _folder(backend: BackendDep) -> FilePath:
    return backend.settings.home / FOLDER


Folder = Annotated[FilePath, Depends(_folder)]


def named(folder: FilePath, name: str) -> RunFolder:
    """A run in a folder.

    Raises:
        NotFound: there is none of that name.
        DamagedRun: its plan cannot be read.
    """
    if not _NAME.fullmatch(name) or not (folder / name / PLAN).is_file():
        raise NotFound("run of that name", remedy="Choose one from the list of runs.")
    try:
        return open_run(folder / name)
    except DataError as error:
        raise DamagedRun(error) from error


def _run(folder: Folder, run: Annotated[str, Path(max_length=200)]) -> RunFolder:
    return named(folder, run)


RunDep = Annotated[RunFolder, Depends(_run)]


def _reading(run: RunDep, task: Annotated[str, Path(max_length=200)]) -> Reading:
    if task not in run.tasks or not run.log_of(task).is_file():
        raise NotFound("log of that task in the run")
    try:
        return reading(run.log_of(task))
    except DataError as error:
        raise DamagedRun(error) from error


ReadingDep = Annotated[Reading, Depends(_reading)]


def _record(read: ReadingDep, line: Annotated[int, Path(ge=1, le=2**31)]) -> Record:
    names = {number: name for name, number in read.log.lines.items()}
    found = next((r for r in read.log.records if r.id == names.get(line)), None)
    if found is None:
        raise NotFound("sample on that line of the log")
    return found


RecordDep = Annotated[Record, Depends(_record)]


@router.get("")
def runs(_: Evaluator, folder: Folder) -> list[RunView]:
    """Every run, the last first; one whose plan is damaged is left out."""
    return [showing.run_view(run) for run in find_runs(folder)]


@router.get("/{run}")
def detail(_: Evaluator, run: RunDep) -> RunDetail:
    """One run with the figures of its tasks, and what its gates say of them."""
    try:
        return showing.run_detail(run)
    except DataError as error:
        raise DamagedRun(error) from error


@router.get("/{run}/comparison")
def comparison(
    _: Evaluator, run: RunDep, folder: Folder, baseline: Annotated[str, Query(max_length=200)]
) -> ComparisonsView:
    """What changed since a baseline: every task that both have finished, and which was left out."""
    try:
        return showing.comparison(named(folder, baseline), run)
    except DataError as error:
        raise DamagedRun(error) from error


@router.get("/{run}/report", response_class=Response)
def report(
    _: Evaluator,
    run: RunDep,
    folder: Folder,
    baseline: Annotated[str | None, Query(max_length=200)] = None,
    lang: Language = "en",
) -> Response:
    """The run as one HTML file, to be kept or passed on, in a language."""
    try:
        written = page(run, named(folder, baseline) if baseline else None, lang)
    except DataError as error:
        raise DamagedRun(error) from error
    name = f"{run.name}.html"
    return Response(
        written,
        media_type="text/html; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.get("/{run}/tasks/{task}/records")
def records(
    _: Evaluator,
    read: ReadingDep,
    figure: Annotated[int | None, Query(ge=0, le=2**31)] = None,
    failing: bool = False,
    q: Annotated[str, Query(max_length=200)] = "",
    offset: Annotated[int, Query(ge=0, le=2**31)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> RecordPage:
    """Lines of the log, those with failures first.

    With `figure`, those it rests on and what each adds; with `failing`, those with failures; with
    `q`, those whose id or failures hold these words.
    """
    if figure is not None and figure >= len(read.log.figures):
        raise NotFound("figure of that number")
    return showing.record_page(read, figure, q, offset, limit, failing=failing)


@router.get("/{run}/tasks/{task}/records/{line}")
def record(_: Evaluator, read: ReadingDep, found: RecordDep, backend: BackendDep) -> RecordDetail:
    """One line: the conversation, what was heard in it, and all else that the log holds."""
    known = why.statements(backend.runtime, found) if backend.ready else {}
    return showing.record_detail(read, found, known)


@router.get("/{run}/tasks/{task}/records/{line}/why")
def explained(
    _: Evaluator,
    found: RecordDep,
    runtime: RuntimeDep,
    target: Annotated[str, Query(max_length=100)],
    turn: Turn = 0,
) -> WhyView:
    """What each feature adds to a judgement, by the judge as it is now."""
    return WhyView.model_validate(why.why(runtime, found, turn, target))


@router.get("/{run}/tasks/{task}/records/{line}/hits")
def hits(_: Evaluator, found: RecordDep, runtime: RuntimeDep, turn: Turn = 0) -> SearchResult:
    """What the corpus has for the words of a turn, by the index as it is now."""
    words, result = why.hits(runtime, found, turn)
    return SearchResult(
        query=words,
        hits=tuple(hit_out(hit) for hit in result.hits),
        relevance=result.relevance.probability,
        likely=result.relevance.likely,
    )
