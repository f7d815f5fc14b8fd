"""Vectors and their nearest neighbours, behind methods that any vector store can offer."""

from ingest.index.chroma import ChromaIndex
from ingest.index.open import open_index
from ingest.index.protocol import VectorIndex, Where, matches, metadata

__all__ = ["ChromaIndex", "VectorIndex", "Where", "matches", "metadata", "open_index"]
