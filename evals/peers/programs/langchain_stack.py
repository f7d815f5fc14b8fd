"""LangChain's default stack: recursive splitter, a Hugging Face encoder, Chroma on disk."""

from __future__ import annotations

from typing import Any

from langchain_chroma import Chroma  # type: ignore[import-not-found]
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings  # type: ignore[import-not-found]
from langchain_text_splitters import RecursiveCharacterTextSplitter
from peer_io import Index, Rank, answer  # type: ignore[import-not-found]

PACKAGES = (
    "langchain-core",
    "langchain-text-splitters",
    "langchain-huggingface",
    "langchain-chroma",
    "chromadb",
    "sentence-transformers",
    "torch",
)
SIZE, OVERLAP = 1000, 200
"""Characters, as in LangChain's tutorial of retrieval-augmented generation."""


def load(request: dict[str, Any]) -> Index:
    """See `peer_io.answer`."""
    embeddings = HuggingFaceEmbeddings(
        model_name=request["model"], model_kwargs={"device": "cpu", "local_files_only": True}
    )

    def index() -> tuple[int, Rank]:
        splitter = RecursiveCharacterTextSplitter(chunk_size=SIZE, chunk_overlap=OVERLAP)
        documents = [
            Document(page_content=text, metadata={"document": id_})
            for id_, text in request["documents"].items()
        ]
        chunks = splitter.split_documents(documents)
        store = Chroma.from_documents(chunks, embeddings, persist_directory=request["work"])

        def rank(text: str, depth: int) -> list[str]:
            return [found.metadata["document"] for found in store.similarity_search(text, k=depth)]

        return len(chunks), rank

    return index


if __name__ == "__main__":
    answer(PACKAGES, load)
