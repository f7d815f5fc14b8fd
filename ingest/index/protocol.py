"""What every vector store offers, and what a search can filter by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from ingest.documents import Passage
from ingest.encoders import Vectors

Where = Mapping[str, str | Sequence[str]]
"""Fields of a passage with the value, or the values of which one, it must have."""
Terms = tuple[tuple[str, tuple[str, ...]], ...]
"""A filter in one spelling: fields in order, each with its values in order."""
FIELDS: Final = ("document", "kind", "language", "jurisdiction", "tenant")
"""What a search can filter by."""


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

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """The vectors float32 [dim] of passages, by id; ids that are not there are left out."""
        ...

    def refresh(self) -> None:
        """Makes visible what another process has written."""
        ...

    def close(self) -> None:
        """Lets go of files and connections; a writer leaves the store ready to be searched."""
        ...


def matches(passage: Passage, where: Where) -> bool:
    """Whether a passage has the values that a filter asks for."""
    own = metadata(passage)
    return all(own[name] in values for name, values in terms(where))


def metadata(passage: Passage) -> dict[str, str]:
    """The fields that a search can filter by."""
    values = (
        passage.document_id,
        passage.source.kind,
        passage.language,
        passage.source.jurisdiction,
        passage.source.tenant,
    )
    return {name: storable(value) for name, value in zip(FIELDS, values, strict=True)}


def terms(where: Where | None) -> Terms:
    """A filter in one spelling, so that two that ask the same are equal.

    Raises:
        KeyError: a field that no passage has.
    """
    for name in where or {}:
        if name not in FIELDS:
            raise KeyError(name)
    return tuple(
        (
            name,
            tuple(sorted({storable(v) for v in ([wanted] if isinstance(wanted, str) else wanted)})),
        )
        for name, wanted in sorted((where or {}).items())
    )


def storable(text: str) -> str:
    """A text that every store can keep: file names may hold halves of characters, and zeros."""
    return (
        text.encode("utf-8", "backslashreplace")
        .decode("utf-8")
        .replace("\0", "\N{SYMBOL FOR NULL}")
    )
