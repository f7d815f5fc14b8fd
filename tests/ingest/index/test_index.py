from pathlib import Path

import numpy as np
import pytest

from ingest import ChromaIndex, HashingEncoder, IndexMismatch, Passage, Source
from ingest.index import matches

ENCODER = HashingEncoder(64)


def passage(number: int, text: str, **source: str) -> Passage:
    return Passage(f"{number:020d}", f"doc{number}", Source("A title", **source), text, 0)  # type: ignore[arg-type]


PASSAGES = [
    passage(1, "telling a relative", kind="guideline", jurisdiction="HK"),
    passage(2, "an alert that stayed quiet", kind="case", jurisdiction="HK"),
    passage(3, "signing a drafted note", kind="case", jurisdiction="CN", tenant="ward"),
]


@pytest.fixture
def index(tmp_path: Path) -> ChromaIndex:
    made = ChromaIndex(tmp_path / "chroma", ENCODER.name, ENCODER.dim)
    made.upsert(PASSAGES, ENCODER.encode_documents([p.text for p in PASSAGES]))
    return made


def vector(text: str) -> np.ndarray:
    return ENCODER.encode_queries([text])[0]


def test_the_nearest_comes_first_with_its_cosine(index: ChromaIndex) -> None:
    found = index.query(vector("an alert that stayed quiet"), 2)
    assert [id_ for id_, _ in found][0] == PASSAGES[1].id
    assert found[0][1] == pytest.approx(1.0, abs=1e-4)
    assert len(found) == 2


@pytest.mark.parametrize(
    ("where", "numbers"),
    [
        ({}, {1, 2, 3}),
        ({"kind": "case"}, {2, 3}),
        ({"kind": "case", "jurisdiction": "HK"}, {2}),
        ({"tenant": ["public", "ward"]}, {1, 2, 3}),
        ({"tenant": "public"}, {1, 2}),
        ({"kind": "curriculum"}, set()),
    ],
)
def test_filters_are_strict_and_the_same_on_both_legs(
    index: ChromaIndex, where: dict[str, str | list[str]], numbers: set[int]
) -> None:
    found = {int(id_) for id_, _ in index.query(vector("a note"), 10, where)}
    assert found == numbers
    assert {int(p.id) for p in PASSAGES if matches(p, where)} == numbers


def test_passages_are_replaced_and_removed(index: ChromaIndex) -> None:
    index.upsert(PASSAGES[:1], ENCODER.encode_documents(["about walruses"]))
    assert index.query(vector("about walruses"), 1)[0][0] == PASSAGES[0].id
    assert index.count() == 3
    index.delete([PASSAGES[0].id, "not there"])
    index.delete([])
    assert index.ids() == {PASSAGES[1].id, PASSAGES[2].id}


def test_it_is_there_when_opened_again_and_nothing_is_asked_of_an_empty_one(
    index: ChromaIndex, tmp_path: Path
) -> None:
    index.close()
    again = ChromaIndex(tmp_path / "chroma", ENCODER.name, ENCODER.dim)
    assert again.count() == 3
    empty = ChromaIndex(tmp_path / "empty", ENCODER.name, ENCODER.dim)
    assert empty.query(vector("a"), 5) == []
    assert again.query(vector("a"), 0) == []


@pytest.mark.parametrize(("name", "dim"), [("another", 64), (ENCODER.name, 65)])
def test_an_index_of_another_encoder_is_refused(
    index: ChromaIndex, tmp_path: Path, name: str, dim: int
) -> None:
    with pytest.raises(IndexMismatch, match="hashing-64, 64 dimensions") as caught:
        ChromaIndex(tmp_path / "chroma", name, dim)
    assert "maieutic ingest" in caught.value.remedy
    assert index.count() == 3


def test_a_reader_sees_what_another_client_wrote_after_a_refresh(
    index: ChromaIndex, tmp_path: Path
) -> None:
    reader = ChromaIndex(tmp_path / "chroma", ENCODER.name, ENCODER.dim)
    assert reader.query(vector("a note"), 1)
    extra = passage(4, "a message on a private phone")
    index.upsert([extra], ENCODER.encode_documents([extra.text]))
    reader.refresh()
    assert reader.query(vector(extra.text), 1)[0][0] == extra.id
