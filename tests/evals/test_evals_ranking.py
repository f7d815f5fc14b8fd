from __future__ import annotations

import math

import pytest

from evals import ranking


def test_ndcg_of_a_worked_example() -> None:
    # Found: grade 0, 2, 1 at ranks 1, 2, 3. Ideal: 2, 1, 1.
    relevance = {"b": 2, "c": 1, "z": 1}
    gained = 2 / math.log2(3) + 1 / math.log2(4)
    ideal = 2 / math.log2(2) + 1 / math.log2(3) + 1 / math.log2(4)
    assert ranking.ndcg(["a", "b", "c"], relevance) == pytest.approx(gained / ideal)
    assert ranking.ndcg(["b", "c", "z"], relevance) == pytest.approx(1.0)


def test_ndcg_stops_at_k_on_both_sides() -> None:
    relevance = {"a": 1, "b": 1, "c": 1}
    assert ranking.ndcg(["a", "x", "b", "c"], relevance, k=1) == pytest.approx(1.0)
    assert ranking.ndcg(["x", "a"], relevance, k=1) == 0.0


def test_recall_and_reciprocal_rank() -> None:
    relevance = {"a": 1, "b": 1, "no": 0}
    assert ranking.recall(["no", "a", "x"], relevance, 2) == pytest.approx(0.5)
    assert ranking.recall(["no", "a", "b"], relevance, 3) == pytest.approx(1.0)
    assert ranking.reciprocal_rank(["no", "x", "b"], relevance) == pytest.approx(1 / 3)
    assert ranking.reciprocal_rank(["no", "x"], relevance) == 0.0


def test_a_query_without_relevant_documents_scores_nothing() -> None:
    assert ranking.ndcg(["a"], {"a": 0}) == 0.0
    assert ranking.recall(["a"], {}, 10) == 0.0
