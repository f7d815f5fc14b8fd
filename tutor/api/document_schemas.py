"""The shapes of educators' documents on the HTTP interface."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, HttpUrl, StringConstraints

from ingest import Kind, Language
from ingest.report import Status
from ingest.screening import FindingKind, Severity
from ingest.states import FileState
from tutor.api.schemas import PassageOut, Shape
from tutor.documents import JobState

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class Details(Shape):
    """What an educator says of a document; what is left out is read from the file itself."""

    title: Line | None = None
    kind: Kind | None = None
    language: Language | None = None
    jurisdiction: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,3}$")] | None = None
    issuer: Line | None = None
    year: Annotated[int, Field(ge=1000, le=2200)] | None = None
    url: HttpUrl | None = None
    licence: Line | None = None
    as_of: dt.date | None = None

    def said(self) -> dict[str, str]:
        """What was said, by name, as text."""
        return {name: str(value) for name, value in self.model_dump(exclude_none=True).items()}


class JobOut(Shape):
    """An upload on its way; the fields from `status` on are null until it has ended."""

    id: str
    name: str
    by: str
    at: dt.datetime
    state: JobState
    share: float
    """Of its passages that are embedded, 0 to 1."""
    waits_for: str | None
    status: Status | None
    """`unchanged` where the same file was there already, `duplicate` where another document says
    exactly the same and is searched in its place."""
    code: str | None
    """Of a failure: the file's state, or `empty`, `too_large`, `same_name`, `unnamed`."""
    document_id: str | None
    passages: int | None
    reason: str | None
    remedy: str | None


class Jobs(Shape):
    """What came of a request with several files: a job a file, in their order."""

    jobs: tuple[JobOut, ...]


class FindingOut(Shape):
    """A place of a document that an educator should look at; personal data is masked."""

    kind: FindingKind
    rule: str
    severity: Severity
    passage_id: str | None
    page: int | None
    start: int
    end: int
    excerpt: str


class VersionOut(Shape):
    """A version of a document; one at most is searched."""

    number: int
    content_hash: str
    at: str
    by: str | None
    passages: int
    state: str


class DuplicateOut(Shape):
    """Another document that says the same, or nearly."""

    document_id: str
    title: str | None
    kind: Literal["exact", "near"]
    similarity: float
    """How alike the two texts are, 0 to 1."""


class FileOut(Shape):
    """A file and what became of it. Sources are null where it could not be read."""

    id: str
    path: str
    origin: Literal["corpus", "uploads"]
    state: FileState
    reason: str | None
    remedy: str | None
    title: str
    kind: Kind | None
    language: Language | None
    jurisdiction: str | None
    issuer: str | None
    year: int | None
    url: str | None
    licence: str | None
    as_of: str | None
    review: str | None
    version: int
    by: str | None
    at: str | None
    pages: int | None
    unread: tuple[int, ...]
    passages: int
    findings: int
    duplicates: int


class SectionOut(Shape):
    """A heading with what stands below it."""

    path: tuple[str, ...]
    """Headings, the outermost first; empty for text before any."""
    pages: tuple[int, ...]
    passages: int
    first: int
    """Position of its first passage."""


class FileDetail(FileOut):
    """A document as the index holds it: outline, findings, history, and some of its passages."""

    content_hash: str | None
    sections: tuple[SectionOut, ...]
    scan: tuple[FindingOut, ...]
    versions: tuple[VersionOut, ...]
    same: tuple[DuplicateOut, ...]
    offset: int
    """Position of the first passage of `shown`."""
    shown: tuple[PassageOut, ...]


class DeletionOut(Shape):
    """A deletion and its proof: each passage was searched for again."""

    document_id: str
    passages: int
    """That were removed."""
    searched: int
    """Searches that were made for them."""
    found: int
    """Of them that still found one: 0, or something is wrong."""
    left_vectors: int
    at: str
    by: str | None


class ErasureOut(Shape):
    """An erasure and its proof: the bytes of every file were read."""

    document_id: str
    passages: int
    files: int
    """That were read."""
    bytes: int
    looked_for: int
    """Byte strings, of its texts, ids and vectors, that were looked for in every file."""
    shared: int
    """Byte strings that were not, because other documents hold them too."""
    found: int
    """Places in which one of them still stands: 0, or something is wrong."""
    seconds: float
    at: str
    by: str | None


class Confirmation(Shape):
    """An erasure cannot be undone: the document's id once more."""

    confirm: str
