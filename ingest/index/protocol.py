"""What every vector store offers, and what a search can filter by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from ingest.documents import Passage
from ingest.encoders import Vectors

Where = Mapping[str, str | Sequence[str]]
"""Fields of a passage with the value, or the values of which one, it must have."""


class VectorIndex(Protocol):
    """Holds one vector for each passage."""

    def upsert(self, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Adds passages, or replaces those of the same id; `vectors` is float32 [n, dim]."""
        ...

    def delete(self, ids: Sequence[str]) -> None:
        """Removes passages; ids that are not there are no error."""
        ...

    def query(self, vector: Vectors, k: int, where: Where | None = None) -> list[tuple[str, float]]:
        """The k nearest passages to a vector [dim], as (id, cosine), nearest first."""
        ...

    def count(self) -> int:
        """How many passages there are."""
        ...

    def ids(self) -> set[str]:
        """The ids of all passages."""
        ...

    def refresh(self) -> None:
        """Makes visible what another process has written."""
        ...

    def close(self) -> None:
        """Lets go of files and connections."""
        ...


def matches(passage: Passage, where: Where) -> bool:
    """Whether a passage has the values that a filter asks for."""
    own = metadata(passage)
    return all(
        own[name] == wanted if isinstance(wanted, str) else own[name] in wanted
        for name, wanted in where.items()
    )


def metadata(passage: Passage) -> dict[str, str]:
    """The fields that a search can filter by."""
    return {
        "document": passage.document_id,
        "kind": passage.source.kind,
        "language": passage.language,
        "jurisdiction": passage.source.jurisdiction,
        "tenant": passage.source.tenant,
    }
