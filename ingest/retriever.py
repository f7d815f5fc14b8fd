"""The search as a LangChain retriever, for whoever builds a chain on this corpus."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from ingest.search import Searcher


class MaieuticRetriever(BaseRetriever):
    """Gives the passages that `Searcher.search` finds; `options` are its keyword arguments."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    searcher: Searcher
    k: int = 8
    options: dict[str, Any] = Field(default_factory=dict)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 (the base class passes it)
    ) -> list[Document]:
        return [
            Document(
                id=hit.passage.id,
                page_content=hit.passage.text,
                metadata={
                    "document_id": hit.passage.document_id,
                    "title": hit.passage.source.title,
                    "section": list(hit.passage.section),
                    "pages": list(hit.passage.pages),
                    "language": hit.passage.language,
                    "url": hit.passage.source.url,
                    "score": hit.score,
                },
            )
            for hit in self.searcher.search(query, k=self.k, **self.options)
        ]
