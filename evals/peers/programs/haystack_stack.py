"""Haystack's hybrid pipeline as in its tutorial, without the re-ranker: BM25 and dense, joined."""

from __future__ import annotations

from typing import Any

from haystack import Document, Pipeline  # type: ignore[import-not-found]
from haystack.components.joiners import DocumentJoiner  # type: ignore[import-not-found]
from haystack.components.preprocessors import DocumentSplitter  # type: ignore[import-not-found]
from haystack.components.retrievers.in_memory import (  # type: ignore[import-not-found]
    InMemoryBM25Retriever,
    InMemoryEmbeddingRetriever,
)
from haystack.document_stores.in_memory import (  # type: ignore[import-not-found]
    InMemoryDocumentStore,
)
from haystack_integrations.components.embedders.sentence_transformers import (  # type: ignore[import-not-found]
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from peer_io import Index, Rank, answer  # type: ignore[import-not-found]

PACKAGES = (
    "haystack-ai",
    "sentence-transformers-haystack",
    "sentence-transformers",
    "torch",
)
SIZE, OVERLAP = 512, 32
"""Words, as in Haystack's tutorial of hybrid retrieval."""


def load(request: dict[str, Any]) -> Index:
    """See `peer_io.answer`."""
    encoder = {"model": request["model"], "progress_bar": False, "local_files_only": True}
    documents_encoder = SentenceTransformersDocumentEmbedder(**encoder)
    documents_encoder.warm_up()
    query_encoder = SentenceTransformersTextEmbedder(**encoder)
    query_encoder.warm_up()

    def index() -> tuple[int, Rank]:
        splitter = DocumentSplitter(split_by="word", split_length=SIZE, split_overlap=OVERLAP)
        documents = [
            Document(content=text, meta={"document": id_})
            for id_, text in request["documents"].items()
        ]
        chunks = splitter.run(documents=documents)["documents"]
        store = InMemoryDocumentStore()
        store.write_documents(documents_encoder.run(documents=chunks)["documents"])
        pipeline = hybrid(store, query_encoder)

        def rank(text: str, depth: int) -> list[str]:
            found = pipeline.run(
                {
                    "encoder": {"text": text},
                    "dense": {"top_k": depth},
                    "lexical": {"query": text, "top_k": depth},
                }
            )
            return [chunk.meta["document"] for chunk in found["joiner"]["documents"]]

        return len(chunks), rank

    return index


def hybrid(
    store: InMemoryDocumentStore, query_encoder: SentenceTransformersTextEmbedder
) -> Pipeline:
    """Both retrievers over one store, joined by reciprocal rank fusion."""
    pipeline = Pipeline()
    pipeline.add_component("encoder", query_encoder)
    pipeline.add_component("dense", InMemoryEmbeddingRetriever(store))
    pipeline.add_component("lexical", InMemoryBM25Retriever(store))
    pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
    pipeline.connect("encoder.embedding", "dense.query_embedding")
    pipeline.connect("dense", "joiner")
    pipeline.connect("lexical", "joiner")
    return pipeline


if __name__ == "__main__":
    answer(PACKAGES, load)
