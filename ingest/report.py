"""What a run of `sync` says, while it runs and when it is done."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

Status = Literal["added", "unchanged", "updated", "removed", "failed"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come."""

    done: int
    """Files that are finished."""
    total: int
    path: str
    """The file at hand, under the root."""
    share: float = 0.0
    """Of the file at hand, 0 to 1."""


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one file."""

    path: str
    status: Status
    document_id: str | None = None
    passages: int = 0
    reason: str | None = None
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a run did."""

    files: tuple[FileResult, ...]
    embedded: int
    """Passages that were embedded."""
    seconds: float

    @property
    def counts(self) -> Counter[Status]:
        """Files by what became of them."""
        return Counter(result.status for result in self.files)

    @property
    def failures(self) -> tuple[FileResult, ...]:
        """The files that could not be ingested, each with reason and remedy."""
        return tuple(result for result in self.files if result.status == "failed")
