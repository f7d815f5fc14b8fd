import numpy as np
import pytest

from evals.synthetic import BLOCK, SyntheticCorpus

SIZE = BLOCK + 1_000


@pytest.fixture(scope="module")
def corpus() -> SyntheticCorpus:
    return SyntheticCorpus(SIZE, 384)


@pytest.fixture(scope="module")
def vectors(corpus: SyntheticCorpus) -> np.ndarray:
    return np.concatenate([rows for _, rows in corpus.blocks()])


def test_it_has_as_many_passages_as_asked_for_and_no_id_twice(corpus: SyntheticCorpus) -> None:
    passages = [passage for block, _ in corpus.blocks() for passage in block]
    assert len({passage.id for passage in passages}) == len(passages) == SIZE
    tenants = [passage.source.tenant for passage in passages]
    assert 0.9 < tenants.count("public") / SIZE < 1
    assert {p.source.kind for p in passages} == {"guideline", "case", "other"}


def test_cosines_are_those_of_text(vectors: np.ndarray) -> None:
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    apart = vectors[:1_000] @ vectors[-1_000:].T
    assert 0.05 < apart.mean() < 0.2
    within = np.einsum("ij,ij->i", vectors[0::10], vectors[1::10])
    assert 0.55 < within.mean() < 0.75
    spread = np.linalg.svd(vectors - vectors.mean(axis=0), compute_uv=False) ** 2
    assert 30 < spread.sum() ** 2 / (spread**2).sum() < 120


def test_it_is_the_same_again_and_another_with_another_seed(vectors: np.ndarray) -> None:
    again = next(SyntheticCorpus(SIZE, 384).blocks())[1]
    np.testing.assert_array_equal(again, vectors[:BLOCK])
    other = next(SyntheticCorpus(SIZE, 384, seed=1).blocks())[1]
    assert abs((other[:100] * again[:100]).sum(axis=1)).max() < 0.9


def test_queries_are_near_passages_and_none_of_them(
    corpus: SyntheticCorpus, vectors: np.ndarray
) -> None:
    queries = corpus.queries(30)
    assert queries.shape == (30, 384)
    best = (queries @ vectors.T).max(axis=1)
    assert best.min() > 0.6
    assert best.max() < 0.95
