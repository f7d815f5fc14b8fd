"""How thresholds are chosen, and which messages are held out together."""

from __future__ import annotations

import numpy as np
import pytest

from evals.fit_acts import best_threshold, together


def test_of_thresholds_that_are_as_good_the_highest_is_taken() -> None:
    chance = np.asarray([0.1, 0.2, 0.7, 0.75])
    label = np.asarray([False, False, True, True])
    threshold, value = best_threshold(chance, label, 1.0)
    assert value == 1.0
    assert 0.68 <= threshold <= 0.7


def test_slack_gives_up_a_little_recall_for_fewer_false_alarms() -> None:
    chance = np.asarray([0.9] * 8 + [0.3] * 2 + [0.4] * 6 + [0.05] * 20)
    label = np.asarray([True] * 10 + [False] * 26)
    # All ten at .3 with six false: F2 = 50 / 56; eight of ten alone: 40 / 48.
    strict, best = best_threshold(chance, label, 2.0)
    assert strict <= 0.3
    assert best == pytest.approx(50 / 56)
    easy, value = best_threshold(chance, label, 2.0, slack=0.07)
    assert easy > 0.4
    assert value == pytest.approx(40 / 48)


def test_likeness_chains_messages_into_groups() -> None:
    alike = np.eye(5, dtype=bool)
    for one, other in ((0, 3), (3, 4)):
        alike[one, other] = alike[other, one] = True
    assert together(alike).tolist() == [0, 1, 2, 0, 0]
