"""What the corpus holds, for everybody; what became of each file, for educators."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.concurrency import run_in_threadpool

from ingest import Kind, Language
from ingest.library import DocumentState
from ingest.states import FileState
from tutor.api.deps import BackendDep, CurrentUser, DocumentsDep, RuntimeDep, require_role
from tutor.api.document_render import (
    deletion_out,
    erasure_out,
    file_detail,
    file_out,
    job_out,
)
from tutor.api.document_schemas import (
    Confirmation,
    DeletionOut,
    ErasureOut,
    FileDetail,
    FileOut,
    JobOut,
    Jobs,
)
from tutor.api.render import document_out
from tutor.api.schemas import DocumentOut
from tutor.api.uploads import MULTIPART, received, take
from tutor.errors import InvalidRequest
from tutor.records import User

router = APIRouter(tags=["corpus"])
files = APIRouter(prefix="/documents", tags=["documents"])
PUBLIC = "public"
Educator = Annotated[User, Depends(require_role("educator"))]


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


@files.post("", status_code=202, openapi_extra=MULTIPART)
async def upload(
    user: Educator, backend: BackendDep, library: DocumentsDep, request: Request
) -> Jobs:
    """Send one or many files, in fields named `files`, with what is known of them.

    Every file gets a job, one that cannot be taken a job that has failed. Once this is answered
    the files are stored: they are taken into the index whatever happens to the service.
    """
    async with received(request, backend.settings) as form:
        names: set[str] = set()
        jobs = []
        for file in form.files:
            job = await run_in_threadpool(
                take, library, file, user.name, form.details, backend.settings, taken=names
            )
            jobs.append(job_out(job))
    return Jobs(jobs=tuple(jobs))


@files.get("/jobs")
def list_jobs(_: Educator, library: DocumentsDep) -> list[JobOut]:
    """The uploads since the service was started, the newest first."""
    return [job_out(job) for job in library.jobs()]


@files.get("/jobs/{job_id}")
def get_job(_: Educator, library: DocumentsDep, job_id: str) -> JobOut:
    """How far an upload has come."""
    return job_out(library.job(job_id))


@files.get("/files")
def list_files(
    _: Educator,
    library: DocumentsDep,
    state: FileState | None = None,
    origin: str | None = None,
    kind: Kind | None = None,
    lang: Language | None = None,
    q: str = "",
) -> list[FileOut]:
    """Every file, also those that could not be read. `q` is looked for in titles and names."""
    return [
        file_out(s)
        for s in library.states()
        if state in {None, s.state}
        and origin in {None, s.origin}
        and (kind is None or (s.source is not None and s.source.kind == kind))
        and (lang is None or (s.source is not None and s.source.language == lang))
        and _says(s, q)
    ]


@files.get("/files/{document_id:path}")
def get_file(
    _: Educator,
    runtime: RuntimeDep,
    library: DocumentsDep,
    document_id: str,
    offset: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
) -> FileDetail:
    """What the index made of a file; `limit` of its passages from position `offset`."""
    state = library.state(document_id)
    try:
        passages = runtime.searcher.passages(document_id)
    except KeyError:
        passages = []
    versions = library.versions(document_id)
    titles = {d.id: d.source.title for d in runtime.searcher.documents()}
    return file_detail(state, passages, versions, titles, offset=offset, limit=limit)


@files.put("/files/{document_id:path}", status_code=202, openapi_extra=MULTIPART)
async def replace(
    user: Educator,
    backend: BackendDep,
    library: DocumentsDep,
    document_id: str,
    request: Request,
) -> JobOut:
    """Send the next version of a document: one file of the same kind.

    The new version is searched, the old one is kept in the history.
    """
    state = await run_in_threadpool(library.uploaded, document_id)
    async with received(request, backend.settings) as form:
        if len(form.files) != 1:
            raise InvalidRequest(
                "A document is replaced by exactly one file.", remedy="Send one file."
            )
        [file] = form.files
        name = PurePosixPath(state.path).name
        kept, new = (PurePosixPath(n or "").suffix.lower() for n in (name, file.filename))
        if kept != new:
            raise InvalidRequest(
                f"The document is a file of the kind {kept}, and the new version is not.",
                remedy=f"Save the new version as {kept}, or upload it as a document of its own.",
            )
        job = await run_in_threadpool(
            take, library, file, user.name, form.details, backend.settings, replaces=state
        )
    return job_out(job)


@files.delete("/files/{document_id:path}")
def delete(user: Educator, library: DocumentsDep, document_id: str) -> DeletionOut:
    """Take a document out of the search; the answer proves that none of it is found any more."""
    return deletion_out(library.delete(document_id, user.name))


@files.post("/files/{document_id:path}/erase")
def erase(
    user: Educator, library: DocumentsDep, document_id: str, body: Confirmation
) -> ErasureOut:
    """Take a document, its history included, out of every file of the service, with a proof."""
    if body.confirm != document_id:
        raise InvalidRequest(
            "The confirmation does not name this document; nothing was erased.",
            remedy="Send the document's id as `confirm`.",
        )
    return erasure_out(library.erase(document_id, user.name))


def _says(state: DocumentState, query: str) -> bool:
    """Whether every word is in the title, the file's name or the issuer."""
    source = state.source
    about = f"{source.title} {source.issuer or ''}" if source else ""
    text = f"{state.path} {about}".casefold()
    return all(word in text for word in query.casefold().split())


router.include_router(files)
