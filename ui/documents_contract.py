"""What the service says of educators' documents, typed."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from ui.contract import Answer, Language, Passage

FileState = Literal["indexed", "needs_ocr", "encrypted", "unsupported", "failed"]
STATES: tuple[FileState, ...] = ("indexed", "needs_ocr", "encrypted", "unsupported", "failed")
KINDS = ("guideline", "curriculum", "case", "other")
JURISDICTIONS = ("HK", "CN", "MO", "INT", "EU", "UK", "US")


class Job(Answer):
    """An upload on its way."""

    id: str
    name: str
    at: dt.datetime
    state: Literal["queued", "reading", "embedding", "done", "failed"]
    share: float = 0.0
    waits_for: str | None = None
    status: str | None = None
    code: str | None = None
    document_id: str | None = None
    passages: int | None = None
    reason: str | None = None
    remedy: str | None = None

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in {"done", "failed"}


class Jobs(Answer):
    """A job a file."""

    jobs: tuple[Job, ...]


class File(Answer):
    """A file and what became of it."""

    id: str
    path: str
    origin: Literal["corpus", "uploads"]
    state: FileState
    reason: str | None = None
    remedy: str | None = None
    title: str
    kind: str | None = None
    language: Language | None = None
    jurisdiction: str | None = None
    issuer: str | None = None
    year: int | None = None
    url: str | None = None
    licence: str | None = None
    as_of: str | None = None
    review: str | None = None
    version: int = 1
    by: str | None = None
    at: dt.datetime | None = None
    pages: int | None = None
    unread: tuple[int, ...] = ()
    passages: int = 0
    findings: int = 0
    duplicates: int = 0


class Section(Answer):
    """A heading and how much stands below it."""

    path: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()
    passages: int = 0
    first: int = 0


class Finding(Answer):
    """A place of a document that an educator should look at."""

    kind: str
    rule: str
    severity: Literal["high", "low"] = "high"
    passage_id: str | None = None
    page: int | None = None
    excerpt: str = ""


class Version(Answer):
    """A version of a document."""

    number: int
    at: dt.datetime | None = None
    by: str | None = None
    passages: int = 0
    state: str = ""


class Duplicate(Answer):
    """A document that says the same, or nearly."""

    document_id: str
    title: str | None = None
    kind: str = "near"
    similarity: float = 0.0


class FileDetail(File):
    """What the index made of a file, and some of its passages."""

    sections: tuple[Section, ...] = ()
    scan: tuple[Finding, ...] = ()
    versions: tuple[Version, ...] = ()
    same: tuple[Duplicate, ...] = ()
    offset: int = 0
    shown: tuple[Passage, ...] = ()


class Deletion(Answer):
    """A deletion and its proof."""

    document_id: str
    passages: int
    searched: int
    found: int
    left_vectors: int


class Erasure(Answer):
    """An erasure and its proof."""

    document_id: str
    passages: int
    files: int
    bytes: int
    looked_for: int = 0
    shared: int = 0
    found: int


class Leg(Answer):
    """What one leg of the search said: its own score, and its 1-based rank."""

    score: float
    rank: int


class Hit(Answer):
    """A passage that answers a query, and why it came."""

    passage: Passage
    score: float
    legs: dict[str, Leg] = {}


class Found(Answer):
    """Hits, best first."""

    hits: tuple[Hit, ...] = ()
