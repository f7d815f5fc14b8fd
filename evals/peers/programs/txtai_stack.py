"""txtai's hybrid index: BM25 and a dense index of the same texts, joined by its own weights."""

from __future__ import annotations

from typing import Any

from peer_io import Index, Rank, answer  # type: ignore[import-not-found]
from txtai import Embeddings  # type: ignore[import-not-found]

PACKAGES = ("txtai", "faiss-cpu", "transformers", "torch")


def load(request: dict[str, Any]) -> Index:
    """See `peer_io.answer`. txtai splits nothing by default, so that a chunk is a document."""
    embeddings = Embeddings(path=request["model"], hybrid=True, gpu=False)

    def index() -> tuple[int, Rank]:
        documents = request["documents"]
        embeddings.index((id_, text, None) for id_, text in documents.items())

        def rank(text: str, depth: int) -> list[str]:
            return [id_ for id_, _ in embeddings.search(text, depth)]

        return len(documents), rank

    return index


if __name__ == "__main__":
    answer(PACKAGES, load)
