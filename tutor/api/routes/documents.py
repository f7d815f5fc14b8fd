"""What the corpus holds."""

from __future__ import annotations

from fastapi import APIRouter

from ingest import Kind, Language
from tutor.api.deps import CurrentUser, RuntimeDep
from tutor.api.render import document_out
from tutor.api.schemas import DocumentOut

router = APIRouter(tags=["corpus"])
PUBLIC = "public"


@router.get("/documents")
def documents(
    _: CurrentUser,
    runtime: RuntimeDep,
    kind: Kind | None = None,
    lang: Language | None = None,
) -> list[DocumentOut]:
    """Every public document in the index, by id."""
    return [
        document_out(d)
        for d in runtime.searcher.documents()
        if d.source.tenant == PUBLIC
        and kind in {None, d.source.kind}
        and lang in {None, d.source.language}
    ]
