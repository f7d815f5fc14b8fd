import pytest

from ingest.fusion import fuse


def test_a_passage_that_both_legs_find_leads() -> None:
    fused = fuse({"dense": [("a", 0.9), ("b", 0.8)], "lexical": [("b", 4.0), ("c", 2.0)]})
    assert dict(fused) == pytest.approx({"a": 0.6, "b": 0.4, "c": 0.2})
    assert [id_ for id_, _ in fused] == ["a", "b", "c"]


def test_a_leg_without_hits_counts_nothing() -> None:
    assert fuse({"dense": [("a", 0.5)], "lexical": []}) == [("a", 0.6)]
    assert fuse({"dense": [], "lexical": []}) == []


def test_the_best_of_both_legs_scores_one() -> None:
    fused = fuse({"dense": [("a", 0.9), ("b", 0.1)], "lexical": [("a", 4.0)]})
    assert fused[0] == ("a", pytest.approx(1.0))
    assert all(0 <= score <= 1 for _, score in fused)


def test_equal_scores_come_in_a_fixed_order() -> None:
    assert [i for i, _ in fuse({"dense": [("b", 0.5), ("a", 0.5)]})] == ["a", "b"]
