"""Educators' documents as the HTTP interface shows them."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, TypeVar

from ingest import Passage
from ingest.details import FIELDS
from ingest.library import DeletionProof, DocumentState, ErasureProof, Version
from tutor.api.document_schemas import (
    DeletionOut,
    DuplicateOut,
    ErasureOut,
    FileDetail,
    FileOut,
    FindingOut,
    JobOut,
    SectionOut,
    VersionOut,
)
from tutor.api.render import passage_out
from tutor.api.schemas import Shape
from tutor.documents import Job

T = TypeVar("T", bound=Shape)
_OF_SOURCE = (*(field for field in FIELDS if field != "title"), "review")
"""A title is looked for elsewhere too, where the source has none."""


def job_out(job: Job) -> JobOut:
    """An upload on its way."""
    result = job.result
    return JobOut(
        id=job.id,
        name=job.name,
        by=job.by,
        at=job.at,
        state=job.state,
        share=job.share,
        waits_for=job.waits_for,
        status=result.status if result else None,
        code=job.code,
        document_id=result.document_id if result else None,
        passages=result.passages if result else None,
        reason=_without_folder(result.reason, result.path) if result else None,
        remedy=result.remedy if result else None,
    )


def file_out(state: DocumentState) -> FileOut:
    """A line of the list."""
    return FileOut(**_file(state))


def file_detail(
    state: DocumentState,
    passages: Sequence[Passage],
    versions: Iterable[Version],
    titles: Mapping[str, str],
    *,
    offset: int,
    limit: int,
) -> FileDetail:
    """A document with `limit` of its passages from position `offset`.

    `titles` are those of other documents by id, as far as they have one.
    """
    return FileDetail(
        **_file(state),
        content_hash=state.content_hash,
        sections=outline(passages),
        scan=tuple(_same_fields(FindingOut, finding) for finding in state.findings),
        versions=tuple(_same_fields(VersionOut, version) for version in versions),
        same=tuple(
            DuplicateOut(
                document_id=d.document_id,
                title=titles.get(d.document_id),
                kind=d.kind,
                similarity=d.similarity,
            )
            for d in state.duplicates
        ),
        offset=offset,
        shown=tuple(passage_out(passage) for passage in passages[offset : offset + limit]),
    )


def outline(passages: Sequence[Passage]) -> tuple[SectionOut, ...]:
    """The sections in reading order; neighbouring passages of one section are one entry."""
    found: list[SectionOut] = []
    for passage in passages:
        last = found[-1] if found else None
        if last is not None and last.path == passage.section:
            pages = tuple(dict.fromkeys((*last.pages, *passage.pages)))
            found[-1] = last.model_copy(update={"pages": pages, "passages": last.passages + 1})
        else:
            found.append(
                SectionOut(
                    path=passage.section,
                    pages=passage.pages,
                    passages=1,
                    first=passage.position,
                )
            )
    return tuple(found)


def deletion_out(proof: DeletionProof) -> DeletionOut:
    """A deletion's proof."""
    return _same_fields(DeletionOut, proof)


def erasure_out(proof: ErasureProof) -> ErasureOut:
    """An erasure's proof."""
    return _same_fields(ErasureOut, proof)


def _same_fields(shape: type[T], value: Any) -> T:
    """A dataclass as a shape; fields that the shape does not name stay behind."""
    names = {f.name for f in dataclasses.fields(value)}
    return shape(**{n: getattr(value, n) for n in shape.model_fields if n in names})


def _without_folder(reason: str | None, path: str) -> str | None:
    """A reason that names the file without the folder of this machine in which it lies."""
    if reason is None:
        return None
    name = PurePosixPath(path).name
    return re.sub(rf"(?:/[^/\n]+)*/{re.escape(name)}", lambda _: name, reason)


def _file(state: DocumentState) -> dict[str, Any]:
    source = state.source
    told = {name: getattr(source, name) if source else None for name in _OF_SOURCE}
    return told | {
        "id": state.document_id,
        "path": state.path,
        "origin": state.origin,
        "state": state.state,
        "reason": _without_folder(state.reason, state.path),
        "remedy": state.remedy,
        "title": source.title if source else PurePosixPath(state.path).name,
        "version": state.version,
        "by": state.by,
        "at": state.at or None,
        "pages": state.pages,
        "unread": state.unread,
        "passages": state.passages,
        "findings": len(state.findings),
        "duplicates": len(state.duplicates),
    }
