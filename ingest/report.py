"""What a run of `sync` says, while it runs and when it is done."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final, Literal

from ingest.duplicates import Duplicate
from ingest.states import FileState

Status = Literal["added", "updated", "moved", "duplicate", "unchanged", "removed", "failed"]
QUIET: Final[frozenset[Status]] = frozenset({"unchanged"})
"""What need not be told of a file unless somebody asks."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come."""

    done: int
    """Files that are finished."""
    total: int
    path: str
    """The file at hand, under the root."""
    share: float = 0.0
    """Of the file at hand, 0 to 1: 0 while it is read, then of its passages that are embedded."""
    embedded: int = 0
    """Passages that were embedded so far in this run."""
    work: float = 0.0
    """Of the bytes of the files that have to be read, 0 to 1: what time left is told from."""


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one file."""

    path: str
    status: Status
    document_id: str | None = None
    passages: int = 0
    reason: str | None = None
    remedy: str | None = None
    state: FileState | None = None
    """None for a file that is gone, and in a dry run for one that would have to be read."""
    embedded: int = 0
    """Of its passages, those that had to be embedded."""
    moved_from: str | None = None
    version: int = 0
    duplicates: tuple[Duplicate, ...] = ()
    findings: int = 0
    """Of the scan for hidden instructions and personal data."""


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a run did."""

    files: tuple[FileResult, ...]
    embedded: int
    """Passages that were embedded."""
    seconds: float
    dry_run: bool = False
    """Whether this is only what a run would do."""

    @property
    def counts(self) -> Counter[Status]:
        """Files by what became of them."""
        return Counter(result.status for result in self.files)

    @property
    def failures(self) -> tuple[FileResult, ...]:
        """The files that could not be ingested, each with reason and remedy."""
        return tuple(result for result in self.files if result.status == "failed")

    @property
    def changes(self) -> tuple[FileResult, ...]:
        """The files of which there is something to tell."""
        return tuple(result for result in self.files if result.status not in QUIET)
