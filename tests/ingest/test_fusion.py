import numpy as np
import pytest

from ingest.fusion import LEXICAL, WEIGHTS, Leg, Usual, fuse
from ingest.legs import DENSE, ENGLISH

USUAL = Usual(0.2, 0.1)


def leg(rows: list[int], scores: list[float], **options: object) -> Leg:
    held = np.asarray(rows, dtype=np.intp), np.asarray(scores, dtype=np.float32)
    return Leg(*held, **options)  # type: ignore[arg-type]


def words(everywhere: list[float]) -> Leg:
    scores = np.asarray(everywhere, dtype=np.float32)
    rows = [int(row) for row in np.argsort(-scores, kind="stable") if scores[row] > 0]
    return leg(rows, [everywhere[row] for row in rows], everywhere=scores)


def test_the_best_of_every_leg_scores_one() -> None:
    rows, scores = fuse(
        {DENSE: leg([2, 0], [0.8, 0.5], usual=USUAL), LEXICAL: words([1.0, 0.0, 4.0])}
    )
    assert rows.tolist() == [2, 0]
    assert scores[0] == pytest.approx(1.0)
    assert 0 < scores[1] < 1


def test_a_dense_leg_counts_in_spreads_and_the_words_in_shares_of_the_best() -> None:
    weights = {DENSE: 0.5, ENGLISH: 0.5, LEXICAL: 2.0}
    dense = leg([0, 1], [0.6, 0.4], usual=USUAL)
    rows, scores = fuse({DENSE: dense, LEXICAL: words([0.0, 3.0])}, weights)
    # 0: four spreads. 1: two spreads, and the best of the words. All of both would be six.
    assert rows.tolist() == [0, 1]
    assert scores.tolist() == pytest.approx([4 / 6, 4 / 6])


def test_words_of_a_passage_that_the_leg_did_not_return_still_count() -> None:
    everywhere = np.asarray([4.0, 3.0], dtype=np.float32)
    short = leg([0], [4.0], everywhere=everywhere)
    dense = leg([1, 0], [0.5, 0.5], usual=USUAL)
    _, scores = fuse({DENSE: dense, LEXICAL: short})
    assert scores[1] > 0.5


def test_a_passage_that_a_dense_leg_did_not_return_is_taken_for_less_than_its_last() -> None:
    dense = leg([0, 1], [0.8, 0.5], usual=USUAL)
    assert dense.comparable(np.asarray([0, 1, 2])).tolist() == pytest.approx([6.0, 3.0, 2.4])
    low = leg([0], [0.1], usual=USUAL)
    assert low.comparable(np.asarray([0, 1])).tolist() == pytest.approx([-1.0, -1.0])


def test_a_passage_that_the_english_leg_cannot_read_is_not_punished_for_it() -> None:
    reads = np.asarray([True, False])
    dense = leg([0, 1], [0.6, 0.6], usual=USUAL)
    english = leg([0], [0.3], usual=USUAL, reads=reads)
    rows, _ = fuse({DENSE: dense, ENGLISH: english, LEXICAL: words([0.0, 0.0])})
    assert rows.tolist() == [1, 0]
    blind = leg([0], [0.3], usual=USUAL)
    rows, _ = fuse({DENSE: dense, ENGLISH: blind, LEXICAL: words([0.0, 0.0])})
    assert rows.tolist() == [0, 1]


def test_without_the_english_leg_the_other_has_its_weight() -> None:
    dense = leg([0, 1], [0.6, 0.3], usual=USUAL)
    both = {**{DENSE: dense}, ENGLISH: dense, LEXICAL: words([0.0, 1.0])}
    alone = {DENSE: dense, LEXICAL: words([0.0, 1.0])}
    assert fuse(both)[1].tolist() == pytest.approx(fuse(alone)[1].tolist())
    assert WEIGHTS[DENSE] + WEIGHTS[ENGLISH] == pytest.approx(1.0)


def test_nothing_found_is_nothing() -> None:
    rows, scores = fuse({DENSE: leg([], [], usual=USUAL), LEXICAL: words([0.0])})
    assert rows.size == scores.size == 0


def test_equal_scores_come_in_a_fixed_order_and_one_text_alone_is_found() -> None:
    rows, _ = fuse({DENSE: leg([1, 0], [0.5, 0.5], usual=USUAL), LEXICAL: words([0.0, 0.0])})
    assert rows.tolist() == [0, 1]
    flat = leg([0], [0.9], usual=Usual.of(np.asarray([0.9], dtype=np.float32)))
    rows, scores = fuse({DENSE: flat, LEXICAL: words([0.0])})
    assert (rows.tolist(), scores.tolist()) == ([0], [1.0])


def test_what_each_leg_said_can_be_told() -> None:
    told = leg([3, 1, 2], [0.9, 0.8, 0.7]).told(np.asarray([1, 3, 9]))
    assert told == {3: (pytest.approx(0.9), 1), 1: (pytest.approx(0.8), 2)}
