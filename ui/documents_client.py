"""The calls about educators' documents. Every method raises ServiceError."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import BinaryIO
from urllib.parse import quote

from ui.client import Form, Service
from ui.documents_contract import Deletion, Erasure, File, FileDetail, Found, Hit, Job, Jobs

Sent = tuple[str, BinaryIO]
"""A file's name and its bytes."""
MOST_HITS = 50


class DocumentsService(Service):
    """The service, on behalf of an educator."""

    def upload(self, files: Sequence[Sent], details: Mapping[str, str]) -> Jobs:
        """Send files; a job for each comes back."""
        form = Form(details, [("files", file) for file in files])
        return self._send_form("POST", "/documents", Jobs, form)

    def replace(self, document_id: str, file: Sent) -> Job:
        """Send the next version of a document."""
        return self._send_form("PUT", _at(document_id), Job, Form({}, [("files", file)]))

    def jobs(self) -> list[Job]:
        """The uploads of late, the newest first."""
        return self._get("/documents/jobs", list[Job])

    def files(self, **filters: str | None) -> list[File]:
        """Every file; filters are `state`, `origin`, `kind`, `lang` and `q`."""
        query = {name: value for name, value in filters.items() if value}
        return self._get("/documents/files", list[File], query)

    def file(self, document_id: str, offset: int = 0, limit: int = 20) -> FileDetail:
        """A document, with some of its passages."""
        query = {"offset": str(offset), "limit": str(limit)}
        return self._get(_at(document_id), FileDetail, query)

    def try_query(self, document_id: str, query: str, k: int = 8) -> list[Hit]:
        """The best passages of one document."""
        asked = {"q": query, "k": str(MOST_HITS), "document": document_id}
        found = self._get("/search", Found, asked)
        return [hit for hit in found.hits if hit.passage.document_id == document_id][:k]

    def remove(self, document_id: str) -> Deletion:
        """Take a document out of the search."""
        return self._read_as(Deletion, "DELETE", _at(document_id))

    def erase(self, document_id: str) -> Erasure:
        """Take a document out of every file of the service."""
        return self._post(f"{_at(document_id)}/erase", Erasure, {"confirm": document_id})


def _at(document_id: str) -> str:
    # Dots are escaped too: ".." in an address would lead out of the documents.
    parts = (quote(part, safe="").replace(".", "%2E") for part in document_id.split("/"))
    return f"/documents/files/{'/'.join(parts)}"
