"""What every vector store has to do, asked of all of them: see `store` in conftest.py."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from ingest import HashingEncoder, IndexMismatch, Passage, Source, VectorIndex
from ingest.index import matches

ENCODER = HashingEncoder(64)
Opener = Callable[..., VectorIndex]


def passage(number: int, text: str, **source: str) -> Passage:
    return Passage(f"{number:020d}", f"doc{number}", Source("A title", **source), text, 0)  # type: ignore[arg-type]


PASSAGES = [
    passage(1, "telling a relative", kind="guideline", jurisdiction="HK"),
    passage(2, "an alert that stayed quiet", kind="case", jurisdiction="HK"),
    passage(3, "signing a drafted note", kind="case", jurisdiction="CN", tenant="ward"),
]


def fill(index: VectorIndex, passages: list[Passage] = PASSAGES) -> None:
    index.upsert(passages, ENCODER.encode_documents([p.text for p in passages]))


def vector(text: str) -> np.ndarray:
    return ENCODER.encode_queries([text])[0]


def directions(n: int, seed: int = 0) -> np.ndarray:
    drawn = np.random.default_rng(seed).standard_normal((n, 64))
    return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


def test_the_nearest_comes_first_with_its_cosine(index: VectorIndex) -> None:
    fill(index)
    found = index.query(vector("an alert that stayed quiet"), 2)
    assert [id_ for id_, _ in found][0] == PASSAGES[1].id
    assert found[0][1] == pytest.approx(1.0, abs=1e-4)
    own = [vector(p.text) for p in PASSAGES]
    cosines = sorted((float(v @ own[1]) for v in own), reverse=True)
    assert [score for _, score in found] == pytest.approx(cosines[:2], abs=1e-4)


@pytest.mark.parametrize(
    ("where", "numbers"),
    [
        ({}, {1, 2, 3}),
        ({"kind": "case"}, {2, 3}),
        ({"kind": "case", "jurisdiction": "HK"}, {2}),
        ({"tenant": ["public", "ward"]}, {1, 2, 3}),
        ({"tenant": ("public",)}, {1, 2}),
        ({"tenant": []}, set()),
        ({"document": ["doc3", "doc1", "doc9"]}, {1, 3}),
        ({"kind": "curriculum"}, set()),
    ],
)
def test_filters_are_strict_and_the_same_on_both_legs(
    index: VectorIndex, where: dict[str, str | list[str]], numbers: set[int]
) -> None:
    fill(index)
    found = {int(id_) for id_, _ in index.query(vector("a note"), 10, where)}
    assert found == numbers
    assert {int(p.id) for p in PASSAGES if matches(p, where)} == numbers


def test_a_filter_by_what_no_passage_has_is_a_mistake(index: VectorIndex) -> None:
    fill(index)
    with pytest.raises(KeyError, match="author"):
        index.query(vector("a note"), 1, {"author": "x"})
    with pytest.raises(KeyError, match="author"):
        matches(PASSAGES[0], {"author": "x"})


def test_passages_are_replaced_and_removed(index: VectorIndex) -> None:
    fill(index)
    assert index.query(vector("a"), 9, {"tenant": "ward"})[0][0] == PASSAGES[2].id
    moved = passage(1, "about walruses", tenant="ward", kind="case")
    fill(index, [moved])
    assert index.query(vector("about walruses"), 1)[0][0] == moved.id
    assert index.count() == 3
    inside = {id_ for id_, _ in index.query(vector("a"), 9, {"tenant": "ward"})}
    assert inside == {moved.id, PASSAGES[2].id}
    index.delete([moved.id, "not there"])
    index.delete([])
    assert index.ids() == {PASSAGES[1].id, PASSAGES[2].id}
    assert moved.id not in {id_ for id_, _ in index.query(vector("about walruses"), 9)}
    assert index.query(vector("a"), 9, {"tenant": "ward"})[0][0] == PASSAGES[2].id


def test_an_empty_store_answers_with_nothing(index: VectorIndex) -> None:
    assert index.query(vector("a"), 5) == []
    assert index.query(vector("a"), 5, {"tenant": "public"}) == []
    assert index.count() == 0
    assert index.ids() == set()
    index.delete(["not there"])
    index.upsert([], np.zeros((0, 64), dtype=np.float32))
    fill(index)
    assert index.query(vector("a"), 0) == []
    index.delete(sorted(index.ids()))
    assert index.query(vector("a"), 5) == []


def test_it_is_there_when_opened_again(store: Opener) -> None:
    first = store()
    fill(first)
    first.close()
    again = store()
    assert again.count() == 3
    assert again.query(vector(PASSAGES[0].text), 1)[0][0] == PASSAGES[0].id


def test_vectors_of_another_length_are_refused(store: Opener) -> None:
    index = store()
    fill(index)
    with pytest.raises(IndexMismatch, match="64 dimensions") as caught:
        store(dim=65)
    assert "maieutic ingest" in caught.value.remedy
    assert index.count() == 3


def test_a_reader_sees_what_another_wrote_after_a_refresh(store: Opener) -> None:
    writer, reader = store(), store()
    fill(writer)
    reader.refresh()
    assert {int(i) for i, _ in reader.query(vector("a"), 9, {"tenant": "public"})} == {1, 2}
    extra = passage(4, "a message on a private phone")
    fill(writer, [extra, passage(5, "a secret message", tenant="ward")])
    writer.delete([PASSAGES[0].id])
    # Not even before it has heard of the change may a reader find what its filter forbids.
    assert "5" not in {str(int(i)) for i, _ in reader.query(vector("a"), 9, {"tenant": "public"})}
    reader.refresh()
    assert reader.query(vector(extra.text), 1)[0][0] == extra.id
    assert {int(i) for i, _ in reader.query(vector("a"), 9, {"tenant": "public"})} == {2, 4}
    assert reader.count() == 4


ODD = ["'; DROP TABLE passages; --", '"%s" {0} %(a)s \\', "醫療 🩺 \u200f", "a\nb\tc", "x" * 900]


def test_odd_ids_and_names_are_kept_as_they_are(index: VectorIndex) -> None:
    odd = [Passage(o, f"{o}/doc", Source("t", jurisdiction=o), "text", 0) for o in ODD]
    index.upsert(odd, directions(len(odd)))
    assert index.ids() == set(ODD)
    for name, own in zip(ODD, directions(len(odd)), strict=True):
        assert index.query(own, 1)[0][0] == name
        assert [i for i, _ in index.query(own, 9, {"document": f"{name}/doc"})] == [name]
        assert [i for i, _ in index.query(own, 9, {"jurisdiction": [name, "HK"]})] == [name]
    index.delete(ODD[:4])
    assert index.ids() == {ODD[4]}


@pytest.mark.parametrize("name", ["half \ud83d of a sign", "a zero \0 byte"])
def test_names_that_are_no_text_can_be_stored_and_asked_for(index: VectorIndex, name: str) -> None:
    strange = Passage("1", name, Source("t"), "text", 0)
    index.upsert([strange], directions(1))
    assert index.query(directions(1)[0], 1, {"document": name})[0][0] == "1"
    assert matches(strange, {"document": [name]})


def test_many_passages_in_one_call_and_neighbours_as_by_brute_force(index: VectorIndex) -> None:
    rows = directions(6_000)
    places = ("HK", "CN", "INT", "MO")
    many = [passage(n, "", jurisdiction=places[min(n % 10, 3)]) for n in range(len(rows))]
    index.upsert(many, rows)
    assert index.count() == len(rows)
    queries = directions(20, seed=1)
    for where in ({}, {"jurisdiction": "MO"}, {"jurisdiction": "HK"}):
        allowed = np.array([matches(p, where) for p in many])
        shares = []
        for query in queries:
            exact = np.argsort(-np.where(allowed, rows @ query, -2.0))[:10]
            found = [int(id_) for id_, _ in index.query(query, 10, where)]
            assert all(allowed[found])
            shares.append(len(set(found) & set(exact.tolist())) / 10)
        assert np.mean(shares) >= 0.95
    index.delete([p.id for p in many[:5_990]])
    assert {int(i) for i, _ in index.query(queries[0], 50)} == set(range(5_990, 6_000))


@pytest.mark.parametrize("far", [1_600, 1_200])
def test_a_filter_that_only_the_farthest_pass_finds_the_nearest_of_these(
    index: VectorIndex, far: int
) -> None:
    """As a filter by language does, where the query is in another language."""
    rows = directions(6_000 if far == 1_200 else 3_000)
    rows[:, 0] = 0.9
    rows[:far, 0] = -0.9
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    places = ["CN" if n < far else "HK" for n in range(len(rows))]
    index.upsert([passage(n, "", jurisdiction=p) for n, p in enumerate(places)], rows)
    shares = []
    for query in rows[-5:]:
        exact = np.argsort(-(rows[:far] @ query))[:10].tolist()
        found = [int(id_) for id_, _ in index.query(query, 10, {"jurisdiction": "CN"})]
        assert len(found) == 10
        shares.append(len(set(found) & set(exact)) / 10)
    assert np.mean(shares) >= 0.9


def test_vectors_are_given_back_as_they_were_stored(index: VectorIndex) -> None:
    fill(index)
    found = index.vectors([PASSAGES[2].id, "not there", PASSAGES[0].id])
    assert found.keys() == {PASSAGES[0].id, PASSAGES[2].id}
    for kept in (PASSAGES[0], PASSAGES[2]):
        assert found[kept.id].dtype == np.float32
        np.testing.assert_allclose(found[kept.id], vector(kept.text), atol=1e-6)
    assert index.vectors([]) == {}
    assert index.vectors(["not there"]) == {}


def test_threads_may_ask_at_once_while_one_writes(index: VectorIndex) -> None:
    fill(index)
    rows = directions(40)

    def ask(number: int) -> str:
        where = {"tenant": "public"} if number % 2 else None
        return index.query(vector(PASSAGES[number % 2].text), 1, where)[0][0]

    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(ask, number) for number in range(64)]
        for number, row in enumerate(rows, start=100):
            index.upsert([passage(number, "")], row[np.newaxis])
    assert [a.result() for a in answers] == [PASSAGES[n % 2].id for n in range(64)]
    assert index.count() == 43
