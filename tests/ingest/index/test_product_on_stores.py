"""The product on every vector store: ingest, search, delete; and erase, which asks for files."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from ingest import HashingEncoder, IndexUnreachable, IngestError, open_searcher, sync
from ingest.library import Library, Upload
from ingest.stages import TrustingReader
from tests.ingest.index.conftest import STORES

TEXT = b"A walrus on the ward is told to the nurse in charge before the night is over."


@pytest.fixture(params=STORES)
def url(request: pytest.FixtureRequest) -> str | None:
    """Where the vectors go; None: to the index."""
    if request.param == "folder":
        return None
    address: str = request.getfixturevalue(request.param).url
    return f"{address}/{uuid4().hex[:8]}" if request.param == "chroma" else address


def test_a_document_comes_is_found_and_goes(tmp_path: Path, url: str | None) -> None:
    # A server has one table for each encoder: this test's own is told apart by its length.
    encoder, english = HashingEncoder(96), HashingEncoder(80)
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    guidelines = corpus / "guidelines"
    guidelines.mkdir(parents=True)
    (guidelines / "code.en.md").write_text("# Code\n\nTell a relative.", encoding="utf-8")
    reader = TrustingReader()
    report = sync(corpus, index, encoder, english=english, vectors_url=url, reader=reader)
    assert report.counts == {"added": 1}
    library = Library(tmp_path / "uploads", index, encoder, english, reader=reader, vectors_url=url)
    added = library.add(Upload("walrus.txt", TEXT, "an educator", {}))
    assert added.state == "indexed"
    assert added.document_id is not None

    searcher = open_searcher(index, encoder, english=english, vectors_url=url)
    best = searcher.search("walrus on the ward")[0]
    assert best.passage.document_id == added.document_id
    assert set(best.legs) == {"dense", "english", "lexical"}
    assert library.verify().sound

    proof = library.delete(added.document_id, "an educator")
    assert (proof.passages, proof.found, proof.left_vectors) == (1, 0, 0)
    left = {hit.passage.document_id for hit in searcher.search("walrus on the ward")}
    assert added.document_id not in left
    searcher.close()
    assert library.verify().sound
    if url is not None:
        with pytest.raises(IngestError, match="server"):
            library.erase(added.document_id, "an educator")


def test_an_address_where_nothing_listens_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    with pytest.raises(IndexUnreachable):
        sync(
            tmp_path / "corpus",
            tmp_path / "index",
            HashingEncoder(),
            vectors_url="chroma://127.0.0.1:9",
            reader=TrustingReader(),
        )
