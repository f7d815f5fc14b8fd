from pathlib import Path

import pytest

import ingest
from ingest import IngestError
from ingest.errors import (
    EmptyDocument,
    EncryptedDocument,
    IndexDamaged,
    IndexLocked,
    IndexMismatch,
    IndexMissing,
    ModelChecksumError,
    ModelMissing,
    StorageFull,
    UnreadableDocument,
    UnsupportedDocument,
)

PLACE = Path("/data/a file.pdf")
ERRORS = [
    UnreadableDocument(PLACE, "it is torn"),
    EmptyDocument(PLACE),
    EncryptedDocument(PLACE),
    UnsupportedDocument(PLACE, (".pdf", ".md")),
    ModelMissing(PLACE),
    ModelMissing("package x", packaged=True),
    ModelChecksumError(PLACE, "aa", "bb"),
    ModelChecksumError(PLACE, "aa", "bb", packaged=True),
    IndexMissing(PLACE),
    IndexMismatch(PLACE, "one, 3", "two, 4"),
    IndexDamaged(PLACE, "no such page"),
    IndexLocked(PLACE, "17"),
    StorageFull(PLACE),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_is_a_sentence_and_its_remedy_another(error: IngestError) -> None:
    for text in (str(error), error.remedy):
        assert text[0].isupper()
        assert text.endswith(".")
    assert str(error) == error.message


def test_a_wrong_checksum_names_file_expected_and_found() -> None:
    error = ModelChecksumError(PLACE, "aa11", "bb22")
    assert all(part in str(error) for part in (str(PLACE), "aa11", "bb22"))


def test_the_public_names_are_sorted_and_there() -> None:
    upper = [name for name in ingest.__all__ if name.isupper()]
    classes = [name for name in ingest.__all__ if name[0].isupper() and not name.isupper()]
    functions = [name for name in ingest.__all__ if name[0].islower()]
    assert ingest.__all__ == [*sorted(upper), *sorted(classes), *sorted(functions)]
    assert all(hasattr(ingest, name) for name in ingest.__all__)


def test_an_unknown_public_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = ingest.Nothing
