"""The texts of the product's corpus, document by document."""

from __future__ import annotations

from pathlib import Path

from ingest.errors import IngestError
from ingest.readers import is_readable, read_document
from ingest.split import split


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
