"""What becomes of files: the state that each ends in, its text beside another reader's, damage."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from evals.fuzz import mutation
from evals.kept import kept
from evals.second_reader import recall, second_reading
from evals.stats import Estimate, Figure
from evals.task import Context, DataError, Record, Report, Sample, Skipped, Task
from evals.variables import counted
from ingest.documents import Document
from ingest.errors import IngestError, ParsingStopped, ParsingTimedOut
from ingest.parsing import Limits, ParsingProcess
from ingest.states import FILE_STATES, state_of

MUTATIONS = 200
MUTATIONS_VARIABLE = "EVAL_MUTATIONS"
"""In the environment: how many damaged files are read, in place of MUTATIONS."""
LIMITS = Limits(seconds=30.0)
AS_THEY_ARE, DAMAGED, TEXT = "files as they are", "damaged files", "text"
LOW = 0.9
"""Recall below which a file is worth a look."""
NOTES = (
    "A crash is a reading process that ended over a file, a hang one that was ended at its limit "
    f"of {LIMITS.seconds:.0f} s; each is one file's failure and stops no other.",
    "Text is compared with pdfminer.six (PDF), the bare XML (DOCX) and the paragraphs and headings "
    "outside navigation (HTML): the share of their words that ours has.",
)


def samples(context: Context) -> list[Sample]:
    """Each file of the folder as it is, then damaged ones."""
    if context.data is None:
        raise Skipped("it needs a folder of files to read; name one with --data.")
    if find_spec("pdfminer") is None:
        raise Skipped("it needs pdfminer.six to compare with: run `pip install pdfminer.six`.")
    files = _files(context.data)
    if not files:
        raise DataError(f"There is no file in {context.data}.")
    names = [path.relative_to(context.data).as_posix() for path in files]
    whole = [Sample(f"file/{name}", {"part": AS_THEY_ARE, "file": name}) for name in names]
    return whole + [
        Sample(
            f"damaged/{number}",
            {"part": DAMAGED, "file": names[number % len(names)], "number": number},
        )
        for number in range(counted(MUTATIONS_VARIABLE, MUTATIONS, "files", least=0))
    ]


def _files(folder: Path) -> list[Path]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return [path for path in found if path.stat().st_size]


def solve(context: Context, sample: Sample) -> dict[str, Any]:
    """The state that a file ends in; of one that is not damaged, how much of its text is read."""
    assert context.data is not None
    if sample.input["part"] == DAMAGED:
        return _damaged(context, sample.input["number"])
    process = kept(context, ("readers", AS_THEY_ARE), ParsingProcess)
    path = context.data / sample.input["file"]
    told, document = read(process, path, context.data)
    return told | {"recall": _recall(path, document)}


def _damaged(context: Context, number: int) -> dict[str, Any]:
    assert context.data is not None
    memo, key = context.resources.memo, ("readers", context.data)
    if key not in memo:
        memo[key] = _files(context.data)
    made = mutation(memo[key], number, context.seed)
    process = kept(context, ("readers", DAMAGED), lambda: ParsingProcess(LIMITS, ocr=False))
    with tempfile.TemporaryDirectory(prefix="maieutic-fuzz-") as folder:
        path = Path(folder) / f"damaged{made.path.suffix}"
        path.write_bytes(made.data)
        told, _ = read(process, path, Path(folder))
    return {"change": made.change, **told}


def read(process: ParsingProcess, path: Path, root: Path) -> tuple[dict[str, Any], Document | None]:
    """Reads a file and says what became of it; no document where it could not be read."""
    try:
        document = process.read(path, root=root)
    except IngestError as error:
        told = {
            "state": state_of(error),
            # A damaged file lies in a folder that has another name in every run.
            "reason": error.message.replace(f"{root.absolute()}{os.sep}", ""),
            "crashed": isinstance(error, ParsingStopped),
            "hung": isinstance(error, ParsingTimedOut),
            "pages": 0,
            "unread": [],
        }
        return told, None
    told = {"state": "indexed", "reason": "", "crashed": False, "hung": False}
    return told | {"pages": len(document.pages), "unread": list(document.unread)}, document


def _recall(path: Path, document: Document | None) -> float | None:
    """None where there is nothing to compare: pictures of text have none for other readers."""
    if document is None or any(page.recognised for page in document.pages):
        return None
    theirs = second_reading(path)
    if not theirs or not theirs.strip():
        return None
    titles = {title for page in document.pages for title in page.section}
    ours = "\n".join([document.source.title, *titles, *(page.text for page in document.pages)])
    return round(recall(ours, theirs), 6)


def report(records: Sequence[Record], estimate: Estimate) -> Report:
    """The share of files in each state, crashes and hangs; token recall."""
    whole = [r for r in records if r["part"] == AS_THEY_ARE]
    figures = [*_figures(estimate, AS_THEY_ARE, whole)]
    figures += _figures(estimate, DAMAGED, [r for r in records if r["part"] == DAMAGED])
    compared = [r for r in whole if r["recall"] is not None]
    for kind in sorted({_kind(r) for r in compared}):
        mine = [r for r in compared if _kind(r) == kind]
        values, ids = [r["recall"] for r in mine], [r.id for r in mine]
        figures.append(estimate.mean(TEXT, f"recall, {kind}", values, ids=ids, unit="share"))
    return Report([f for f in figures if f.n], NOTES)


def _kind(record: Record) -> str:
    return Path(record["file"]).suffix.lower().lstrip(".")


def _figures(estimate: Estimate, group: str, records: Sequence[Record]) -> Iterator[Figure]:
    ids = [r.id for r in records]
    yield estimate.share(group, "crashes", [r["crashed"] for r in records], ids=ids)
    yield estimate.share(group, "hangs", [r["hung"] for r in records], ids=ids)
    for state in FILE_STATES:
        yield estimate.share(group, state, [r["state"] == state for r in records], ids=ids)


def failures(record: Record) -> list[str]:
    """Crashes and hangs; of files that are not damaged also whatever was not read."""
    found = [name for name in ("crashed", "hung") if record[name]]
    if record["part"] == AS_THEY_ARE:
        if record["state"] != "indexed":
            found.append(f"{record['state']}: {record['reason']}")
        if record["recall"] is not None and record["recall"] < LOW:
            found.append(f"{record['recall']:.0%} of another reader's words")
    return found


TASK = Task(
    name="readers",
    description="A folder of files (--data): states, text beside another reader's, damaged files",
    samples=samples,
    solve=solve,
    report=report,
    failures=failures,
)
