import pytest

from ingest import (
    EmptyDocument,
    EncryptedDocument,
    IngestError,
    UnreadableDocument,
    UnsupportedDocument,
)
from ingest.errors import NeedsOcr, ParsingStopped, ParsingTimedOut, ParsingTooLarge
from ingest.states import FILE_STATES, state_of


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (NeedsOcr("a.pdf", (1,)), "needs_ocr"),
        (EncryptedDocument("a.pdf"), "encrypted"),
        (UnsupportedDocument("a.epub", (".pdf",)), "unsupported"),
        (EmptyDocument("a.pdf"), "failed"),
        (UnreadableDocument("a.pdf", "it is torn"), "failed"),
        (ParsingTimedOut("a.pdf", 120.0), "failed"),
        (ParsingTooLarge("a.pdf", "it is huge"), "failed"),
        (ParsingStopped("a.pdf", "was ended by SIGSEGV"), "failed"),
    ],
)
def test_every_error_is_one_state_and_has_a_remedy(error: IngestError, state: str) -> None:
    assert state_of(error) == state
    assert state in FILE_STATES
    assert error.remedy.endswith(".")


def test_the_remedy_of_a_scan_names_what_to_install() -> None:
    missing = NeedsOcr("a.pdf", (1,), packages="tesseract-ocr")
    assert "apt-get install tesseract-ocr`" in missing.remedy
    assert "apt-get" not in NeedsOcr("a.pdf", (1,)).remedy
