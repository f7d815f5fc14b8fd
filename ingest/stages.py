"""The stages between a file and its vectors, as functions that may run in any process.

They take and give plain values, so that one process or a cluster may run them: same files, same
passages, same ids, same vectors.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from ingest.details import Details
from ingest.documents import Document, Passage, Source
from ingest.readers import read_document
from ingest.screening import Finding, HiddenRun, hidden_runs, screen
from ingest.split import split


class Reader(Protocol):
    """Reads files: `ParsingProcess`, or whatever stands in for it."""

    def examine(
        self, path: Path, *, root: Path, defaults: Source | None = None
    ) -> tuple[Document, tuple[HiddenRun, ...]]:
        """What a file says, as `read_document` gives it, and what it holds and does not show."""
        ...


class TrustingReader:
    """Reads files in this process: for files that are trusted, and for tests in a hurry."""

    def examine(
        self, path: Path, *, root: Path, defaults: Source | None = None
    ) -> tuple[Document, tuple[HiddenRun, ...]]:
        """See `Reader`."""
        return read_document(path, root=root, defaults=defaults, ocr=True), hidden_runs(path)


@dataclass(frozen=True, slots=True)
class Task:
    """A file to be read."""

    path: Path
    root: Path
    document_id: str
    content_hash: str
    details: Details = Details()


@dataclass(frozen=True, slots=True)
class Made:
    """What a file became."""

    document: Document
    passages: tuple[Passage, ...]
    findings: tuple[Finding, ...]


def read_stage(task: Task, reader: Reader) -> Made:
    """Reads, splits and scans one file.

    Raises:
        IngestError: the file is not to be read.
        OSError: the system refused it.
    """
    read, hidden = reader.examine(task.path, root=task.root, defaults=task.details.defaults)
    document = task.details.applied(
        replace(read, id=task.document_id, content_hash=task.content_hash)
    )
    passages = tuple(split(document))
    findings = screen(document, passages, hidden)
    return Made(document, passages, findings)
