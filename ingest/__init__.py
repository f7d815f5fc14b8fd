"""From files to searchable passages: reading, splitting, embedding, indexing and searching.

The usual way through: `ensure_models` and `load_encoder` once, `sync` whenever the corpus has
changed, `open_searcher` to ask. `MaieuticRetriever` is loaded when it is first named, because
LangChain is slow to import.
"""

from typing import TYPE_CHECKING, Any

from ingest.catalogue import DocumentInfo
from ingest.documents import (
    LANGUAGES,
    Confidence,
    Document,
    Hit,
    Kind,
    Language,
    LegScore,
    Page,
    Passage,
    Source,
    passage_id,
    weakest,
)
from ingest.encoders import (
    Encoder,
    HashingEncoder,
    OnnxEncoder,
    SentenceTransformerEncoder,
    load_encoder,
)
from ingest.errors import (
    ClusterMissing,
    EmptyDocument,
    EncryptedDocument,
    IndexDamaged,
    IndexLocked,
    IndexMismatch,
    IndexMissing,
    IndexUnreachable,
    IngestError,
    ModelChecksumError,
    ModelMissing,
    NeedsOcr,
    ParsingStopped,
    ParsingTimedOut,
    ParsingTooLarge,
    StorageFull,
    UnreadableDocument,
    UnsupportedDocument,
)
from ingest.filters import Filter
from ingest.index import ChromaIndex, VectorIndex
from ingest.language import detect_language, to_simplified, to_traditional
from ingest.models import E5, MINILM, ensure_models, verify_model
from ingest.readers import read_document
from ingest.relevance import Relevance
from ingest.report import FileResult, Progress, SyncReport
from ingest.search import Found, Searcher, open_searcher
from ingest.split import split
from ingest.states import FileState, state_of
from ingest.sync import sync

if TYPE_CHECKING:
    from ingest.retriever import MaieuticRetriever

__all__ = [
    "E5",
    "LANGUAGES",
    "MINILM",
    "ChromaIndex",
    "ClusterMissing",
    "Confidence",
    "Document",
    "DocumentInfo",
    "EmptyDocument",
    "Encoder",
    "EncryptedDocument",
    "FileResult",
    "FileState",
    "Filter",
    "Found",
    "HashingEncoder",
    "Hit",
    "IndexDamaged",
    "IndexLocked",
    "IndexMismatch",
    "IndexMissing",
    "IndexUnreachable",
    "IngestError",
    "Kind",
    "Language",
    "LegScore",
    "MaieuticRetriever",
    "ModelChecksumError",
    "ModelMissing",
    "NeedsOcr",
    "OnnxEncoder",
    "Page",
    "ParsingStopped",
    "ParsingTimedOut",
    "ParsingTooLarge",
    "Passage",
    "Progress",
    "Relevance",
    "Searcher",
    "SentenceTransformerEncoder",
    "Source",
    "StorageFull",
    "SyncReport",
    "UnreadableDocument",
    "UnsupportedDocument",
    "VectorIndex",
    "detect_language",
    "ensure_models",
    "load_encoder",
    "open_searcher",
    "passage_id",
    "read_document",
    "split",
    "state_of",
    "sync",
    "to_simplified",
    "to_traditional",
    "verify_model",
    "weakest",
]


def __getattr__(name: str) -> Any:
    if name == "MaieuticRetriever":
        from ingest.retriever import MaieuticRetriever

        return MaieuticRetriever
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
