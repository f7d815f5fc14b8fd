"""Searching the corpus, and opening a passage."""

from __future__ import annotations

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
    prefer: Language | None = None,
    k: Annotated[int, Query(ge=1, le=50)] = 8,
) -> SearchResult:
    """The k best passages, best first; `lang`, `kind` and `jurisdiction` are strict filters.

    With `prefer`, the language versions of one section are one hit, in that language if it exists.
    """
    hits = runtime.searcher.search(
        q, k=k, kind=kind, language=lang, jurisdiction=jurisdiction, prefer_language=prefer
    )
    return SearchResult(query=q, hits=tuple(hit_out(hit) for hit in hits))


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
