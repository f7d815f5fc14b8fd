"""The search as a LangChain retriever, for whoever builds a chain on this corpus."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from ingest.documents import Hit
from ingest.search import Searcher


class MaieuticRetriever(BaseRetriever):
    """Gives the passages that `Searcher.search` finds.

    `options` are keyword arguments of `Searcher.search`: its filters (`kind`, `language`,
    `jurisdiction`, `document`, `tenant`, `as_of`), `prefer_language`, `condense`. Arguments of one
    call come before them. Every document says in its metadata how likely it is that the corpus
    answers at all (`relevance`, 0 to 1), so that a chain can decline.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    searcher: Searcher
    k: int = 8
    options: dict[str, Any] = Field(default_factory=dict)
    least_relevance: float = 0.0
    """Below this nothing is returned."""

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 (the base class passes it)
        **options: Any,
    ) -> list[Document]:
        found = self.searcher.find(query, **{"k": self.k, **self.options, **options})
        relevance = found.relevance.probability
        if relevance < self.least_relevance:
            return []
        return [_document(hit, relevance) for hit in found.hits]


def _document(hit: Hit, relevance: float) -> Document:
    passage = hit.passage
    return Document(
        id=passage.id,
        page_content=passage.text,
        metadata={
            "document_id": passage.document_id,
            "title": passage.source.title,
            "section": list(passage.section),
            "pages": list(passage.pages),
            "language": passage.language,
            "kind": passage.source.kind,
            "jurisdiction": passage.source.jurisdiction,
            "as_of": passage.source.as_of,
            "url": passage.source.url,
            "score": hit.score,
            "relevance": relevance,
            "legs": {name: asdict(leg) for name, leg in hit.legs.items()},
        },
    )
