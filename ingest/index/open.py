"""Chooses a vector store by its address."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from ingest.errors import IndexUnreachable
from ingest.index.chroma import ChromaIndex
from ingest.index.protocol import VectorIndex

SCHEMES = ("chroma://", "chromas://", "postgresql://")


def open_index(url: str | None, folder: Path, encoder_name: str, dim: int) -> VectorIndex:
    """The store at `url`, or where there is none, Chroma in `folder`; made if it is not there.

    Addresses are `chroma://HOST:PORT`, `chromas://HOST:PORT` for TLS, and
    `postgresql://USER:PASSWORD@HOST:PORT/DATABASE` as libpq knows it.

    Raises:
        IndexUnreachable: the address is of no known kind, or nothing answers there.
        IndexMismatch: the store holds vectors of another encoder, or of another length.
        IndexDamaged: the store cannot be read.
    """
    if not url:
        return ChromaIndex(folder, encoder_name, dim)
    match urlsplit(url).scheme:
        case "chroma" | "chromas":
            from ingest.index.chroma_server import ChromaServerIndex

            return ChromaServerIndex(url, encoder_name, dim)
        case "postgresql" | "postgres":
            from ingest.index.pgvector import PgVectorIndex

            return PgVectorIndex(url, encoder_name, dim)
        case scheme:
            raise IndexUnreachable(
                f"{scheme}://" if scheme else "the address given",
                "no store goes by that kind of address",
                remedy=f"Give one that begins with {', '.join(SCHEMES)}, or none.",
            )
