"""Searching the corpus, and opening a passage."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from ingest import Kind, Language
from tutor.api.deps import CurrentUser, RuntimeDep
from tutor.api.render import hit_out, passage_in_place
from tutor.api.schemas import PassageInPlace, SearchResult
from tutor.errors import NotFound

router = APIRouter(tags=["corpus"])


@router.get("/search")
def search(
    _: CurrentUser,
    runtime: RuntimeDep,
    q: str,
    lang: Language | None = None,
    kind: Kind | None = None,
    jurisdiction: str | None = None,
    document: str | None = None,
    as_of: date | None = None,
    prefer: Language | None = None,
    condense: bool = True,
    k: Annotated[int, Query(ge=1, le=50)] = 8,
) -> SearchResult:
    """The k best passages, best first, and the chance that the first of them answers.

    `lang`, `kind`, `jurisdiction`, `document` and `as_of` (checked on that day or later) are strict
    filters. With `prefer`, the language versions of one section are one hit, in that language if it
    exists. Neighbouring and nearly identical passages are one hit, unless `condense` is false.
    """
    found = runtime.searcher.find(
        q,
        k=k,
        prefer_language=prefer,
        condense=condense,
        kind=kind,
        language=lang,
        jurisdiction=jurisdiction,
        document=document,
        as_of=as_of.isoformat() if as_of else None,
    )
    return SearchResult(
        query=q,
        hits=tuple(hit_out(hit) for hit in found.hits),
        relevance=found.relevance.probability,
        likely=found.relevance.likely,
    )


@router.get("/passages/{passage_id}")
def passage(_: CurrentUser, runtime: RuntimeDep, passage_id: str) -> PassageInPlace:
    """A passage and what stands before and after it."""
    try:
        found = runtime.searcher.passage(passage_id)
        before, after = runtime.searcher.neighbours(passage_id)
    except KeyError as error:
        raise NotFound(
            "passage of that id", remedy="The corpus may have been renewed; search again."
        ) from error
    return passage_in_place(found, before, after)
