"""What becomes of files: the state that each ends in, its text beside another reader's, damage."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from evals.fuzz import mutation
from evals.second_reader import recall, second_reading
from evals.stats import Figure
from evals.task import Context, DataError, Report, Skipped, task
from ingest.documents import Document
from ingest.errors import IngestError, ParsingStopped, ParsingTimedOut
from ingest.parsing import Limits, ParsingProcess
from ingest.states import FILE_STATES, state_of

MUTATIONS = 200
MUTATIONS_VARIABLE = "EVAL_MUTATIONS"
"""In the environment: how many damaged files are read, in place of MUTATIONS."""
LIMITS = Limits(seconds=30.0)
AS_THEY_ARE, DAMAGED, TEXT = "files as they are", "damaged files", "text"
NOTES = (
    "A crash is a reading process that ended over a file, a hang one that was ended at its limit "
    f"of {LIMITS.seconds:.0f} s; each is one file's failure and stops no other.",
    "Text is compared with pdfminer.six (PDF), the bare XML (DOCX) and the paragraphs and headings "
    "outside navigation (HTML): the share of their words that ours has.",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file."""

    state: str
    seconds: float
    reason: str = ""
    crashed: bool = False
    hung: bool = False
    document: Document | None = None


@task("readers", "A folder of files (--data): states, text beside another reader's, damaged files")
def readers(context: Context) -> Report:
    """The share of files in each state, crashes and hangs; token recall."""
    if context.data is None:
        raise Skipped("it needs a folder of files to read; name one with --data.")
    if find_spec("pdfminer") is None:
        raise Skipped("it needs pdfminer.six to compare with: run `pip install pdfminer.six`.")
    files = sorted(path for path in context.data.rglob("*") if path.is_file())
    files = [path for path in files if path.stat().st_size]
    if not files:
        raise DataError(f"There is no file in {context.data}.")
    whole, recalls = _as_they_are(context, files)
    damaged = _damaged(context, files)
    figures = [*_figures(context, AS_THEY_ARE, whole), *_figures(context, DAMAGED, damaged)]
    for kind, values in sorted(recalls.items()):
        figures.append(context.estimate.mean(TEXT, f"recall, {kind}", values))
    return Report(figures, NOTES)


def _as_they_are(
    context: Context, files: list[Path]
) -> tuple[list[Outcome], dict[str, list[float]]]:
    outcomes: list[Outcome] = []
    recalls: dict[str, list[float]] = {}
    assert context.data is not None
    with ParsingProcess() as process:
        for path in context.samples(files, "reading"):
            outcome = read(process, path, context.data)
            outcomes.append(outcome)
            found = _recall(path, outcome.document)
            if found is not None:
                recalls.setdefault(path.suffix.lower().lstrip("."), []).append(found)
            context.write({"file": path.name, **_logged(outcome), "recall": found})
    return outcomes, recalls


def _recall(path: Path, document: Document | None) -> float | None:
    """None where there is nothing to compare: pictures of text have none for other readers."""
    if document is None or any(page.recognised for page in document.pages):
        return None
    theirs = second_reading(path)
    if not theirs or not theirs.strip():
        return None
    titles = {title for page in document.pages for title in page.section}
    ours = "\n".join([document.source.title, *titles, *(page.text for page in document.pages)])
    return recall(ours, theirs)


def _damaged(context: Context, files: list[Path]) -> list[Outcome]:
    count = int(os.environ.get(MUTATIONS_VARIABLE, MUTATIONS))
    outcomes = []
    with (
        tempfile.TemporaryDirectory(prefix="maieutic-fuzz-") as folder,
        ParsingProcess(LIMITS, ocr=False) as process,
    ):
        for number in context.samples(range(count), "reading damaged files"):
            made = mutation(files, number, context.seed)
            path = Path(folder) / f"damaged{made.path.suffix}"
            path.write_bytes(made.data)
            outcome = read(process, path, Path(folder))
            outcomes.append(outcome)
            told = {"mutation": number, "of": made.path.name, "change": made.change}
            context.write({**told, **_logged(outcome)})
    return outcomes


def read(process: ParsingProcess, path: Path, root: Path) -> Outcome:
    """Reads a file and says what became of it."""
    began = time.perf_counter()
    try:
        document = process.read(path, root=root)
    except IngestError as error:
        return Outcome(
            state_of(error),
            time.perf_counter() - began,
            error.message,
            crashed=isinstance(error, ParsingStopped),
            hung=isinstance(error, ParsingTimedOut),
        )
    return Outcome("indexed", time.perf_counter() - began, document=document)


def _logged(outcome: Outcome) -> dict[str, object]:
    document = outcome.document
    return {
        "state": outcome.state,
        "seconds": round(outcome.seconds, 3),
        "reason": outcome.reason,
        "crashed": outcome.crashed,
        "hung": outcome.hung,
        "pages": len(document.pages) if document else 0,
        "unread": list(document.unread) if document else [],
    }


def _figures(context: Context, group: str, outcomes: list[Outcome]) -> Iterator[Figure]:
    mean = context.estimate.mean
    yield mean(group, "crashes", [float(outcome.crashed) for outcome in outcomes])
    yield mean(group, "hangs", [float(outcome.hung) for outcome in outcomes])
    for state in FILE_STATES:
        yield mean(group, state, [float(outcome.state == state) for outcome in outcomes])
    yield mean(group, "seconds a file", [outcome.seconds for outcome in outcomes])
