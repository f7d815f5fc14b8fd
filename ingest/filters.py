"""What a search may be narrowed to, and which passages pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.documents import Kind, Language, Passage
from ingest.index import Where

PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Filter:
    """Strict conditions, all of which a hit meets; None: any."""

    kind: Kind | None = None
    language: Language | None = None
    jurisdiction: str | None = None
    document: str | None = None
    tenant: str | None = None
    """Documents of a tenant are found only when it is named, beside the public ones."""
    as_of: str | None = None
    """ISO date: only documents that were checked on that day or later."""


class FilterColumns:
    """The fields that filters look at, as one array of codes for each."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        """In the order of the passages, whose places are the rows of every mask."""
        self._size = len(passages)
        self._codes: dict[str, tuple[dict[str, int], NDArray[np.int32]]] = {
            "kind": _coded([p.source.kind for p in passages]),
            "language": _coded([p.language for p in passages]),
            "jurisdiction": _coded([p.source.jurisdiction for p in passages]),
            "document": _coded([p.document_id for p in passages]),
            "tenant": _coded([p.source.tenant for p in passages]),
        }
        self._as_of = np.array([p.source.as_of or "" for p in passages], dtype=np.str_)

    def mask(self, wanted: Filter) -> NDArray[np.bool_]:
        """By row, whether a passage passes."""
        passes = np.ones(self._size, dtype=np.bool_)
        for name, values in _conditions(wanted):
            known, codes = self._codes[name]
            chosen = [known[value] for value in values if value in known]
            passes &= np.isin(codes, chosen) if len(chosen) != 1 else codes == chosen[0]
        if wanted.as_of is not None:
            # ISO dates compare as they are; a year alone is before any day of it.
            passes &= self._as_of >= wanted.as_of
        return passes

    def where(self, wanted: Filter, passes: NDArray[np.bool_]) -> Where:
        """The same conditions as a vector index understands them.

        A date is said by the documents that have it: vector stores do not keep it.
        """
        where: dict[str, str | list[str]] = {n: list(v) for n, v in _conditions(wanted)}
        if wanted.as_of is not None:
            known, codes = self._codes["document"]
            names = list(known)
            where["document"] = [names[code] for code in np.unique(codes[passes])]
        return where

    def rows_in(self, language: Language) -> NDArray[np.bool_]:
        """By row, whether a passage is in a language."""
        known, codes = self._codes["language"]
        return np.asarray(codes == known.get(language, -1))


def _conditions(wanted: Filter) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "tenant", (PUBLIC, wanted.tenant) if wanted.tenant else (PUBLIC,)
    for name in ("kind", "language", "jurisdiction", "document"):
        value: str | None = getattr(wanted, name)
        if value is not None:
            yield name, (value,)


def _coded(values: Sequence[str]) -> tuple[dict[str, int], NDArray[np.int32]]:
    known: dict[str, int] = {}
    codes = np.fromiter((known.setdefault(v, len(known)) for v in values), np.int32, len(values))
    return known, codes
