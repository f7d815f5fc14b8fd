import json

import pytest

from ingest import Document, EncryptedDocument, Page, Source
from ingest.errors import IngestError, NeedsOcr, ParsingStopped
from ingest.parsing import wire
from ingest.parsing.wire import HEADER, WireError, document_of, error_of, frame, message

DOCUMENT = Document(
    "guidelines/code",
    Source("The code", kind="guideline", year=2021),
    (Page("病人\U0001f642", 1, "iv", ("Aims", "Scope")), Page("text", recognised=True)),
    "ab" * 32,
    (2, 3),
)


def there_and_back(said: wire.Message) -> wire.Message:
    sent = frame(said)
    (length,) = HEADER.unpack(sent[: HEADER.size])
    assert length == len(sent) - HEADER.size
    return message(sent[HEADER.size :])


def test_a_document_comes_back_as_it_was() -> None:
    assert document_of(there_and_back(wire.document_message(DOCUMENT))["document"]) == DOCUMENT


@pytest.mark.parametrize("error", [EncryptedDocument("a.pdf"), NeedsOcr("b.pdf", (1, 2))])
def test_an_error_comes_back_as_it_was(error: IngestError) -> None:
    back = error_of(there_and_back(wire.error_message(error))["error"])
    assert type(back) is type(error)
    assert (str(back), back.remedy) == (str(error), error.remedy)
    assert getattr(back, "pages", None) == getattr(error, "pages", None)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[]", b"1"])
def test_what_is_no_message_is_refused(body: bytes) -> None:
    with pytest.raises(WireError):
        message(body)


@pytest.mark.parametrize("name", ["KeyboardInterrupt", "Path", "", "IngestErrors"])
def test_no_class_is_made_that_is_not_an_error_of_ours(name: str) -> None:
    with pytest.raises(WireError):
        error_of({"class": name, "message": "m", "remedy": "r"})


@pytest.mark.parametrize("change", [{"id": None}, {"source": {"no": 1}}, {"pages": [{}]}])
def test_what_is_no_document_is_refused(change: dict[str, object]) -> None:
    values = {**json.loads(json.dumps(wire.document_message(DOCUMENT)["document"], default=str))}
    values.update(change)
    if change.get("id", "") is None:
        del values["id"]
    with pytest.raises(WireError):
        document_of(values)


def test_an_error_of_parsing_is_one_of_ours() -> None:
    back = error_of({"class": "ParsingStopped", "message": "m", "remedy": "r"})
    assert isinstance(back, ParsingStopped)
