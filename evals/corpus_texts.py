"""The texts of the product's corpus, document by document."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from ingest import Passage
from ingest.errors import IngestError
from ingest.folder import files_in
from ingest.readers import is_readable, read_document
from ingest.split import embedding_text, split


def corpus_documents(root: Path) -> list[str]:
    """Paths of the files that a reader exists for, below the corpus, sorted."""
    found = (path for path in root.rglob("*") if path.is_file() and is_readable(path))
    return [path.relative_to(root).as_posix() for path in sorted(found)]


def passages_of(root: Path, document: str) -> list[str]:
    """The passages of a document; none where it cannot be read, and so is in no index either."""
    try:
        return [passage.text for passage in split(read_document(root / document, root=root))]
    except IngestError:
        return []


@cache
def taught(root: Path) -> tuple[Passage, ...]:
    """Every passage that `sync` takes from a corpus, in the catalogue's order; read once.

    Raises:
        IngestError: a file cannot be read.
    """
    return tuple(p for file in files_in(root) for p in split(read_document(file.path, root=root)))


def passages_hash(passages: Iterable[Passage]) -> str:
    """sha256 over what is searched and what filters read of it, 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for p in passages:
        told = (p.id, embedding_text(p), p.source.kind, p.language, p.source.jurisdiction)
        digest.update(repr(told).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:16]
