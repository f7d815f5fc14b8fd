"""LlamaIndex's default: sentence splitter and the vector store in memory."""

from __future__ import annotations

from typing import Any

from llama_index.core import Document, VectorStoreIndex  # type: ignore[import-not-found]
from llama_index.core.node_parser import SentenceSplitter  # type: ignore[import-not-found]
from llama_index.embeddings.huggingface import (  # type: ignore[import-not-found]
    HuggingFaceEmbedding,
)
from peer_io import Index, Rank, answer  # type: ignore[import-not-found]

PACKAGES = (
    "llama-index-core",
    "llama-index-embeddings-huggingface",
    "sentence-transformers",
    "torch",
)
SIZE, OVERLAP = 1024, 20
"""Tokens; the splitter's own defaults, named so that they can be read here."""


def load(request: dict[str, Any]) -> Index:
    """See `peer_io.answer`."""
    encoder = HuggingFaceEmbedding(model_name=request["model"], device="cpu")
    splitter = SentenceSplitter(chunk_size=SIZE, chunk_overlap=OVERLAP)

    def index() -> tuple[int, Rank]:
        documents = [Document(text=text, id_=id_) for id_, text in request["documents"].items()]
        nodes = splitter.get_nodes_from_documents(documents)
        retriever = VectorStoreIndex(nodes, embed_model=encoder).as_retriever()

        def rank(text: str, depth: int) -> list[str]:
            retriever.similarity_top_k = depth
            return [found.node.ref_doc_id for found in retriever.retrieve(text)]

        return len(nodes), rank

    return index


if __name__ == "__main__":
    answer(PACKAGES, load)
