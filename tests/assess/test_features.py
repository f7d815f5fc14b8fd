"""The features: one row a target, computed for the piece that fits it best."""

from __future__ import annotations

import numpy as np

from ingest import HashingEncoder
from tutor.assess.features import exemplars, feature_names, features
from tutor.dialogue import Target

TARGETS = (
    Target("E1", "expectation", "Ask why he refuses.", ("find out his reasons",), ("never ask",)),
    Target("E2", "expectation", "Seek a second view.", ("call the ethics committee",), ()),
)
ENCODERS = [HashingEncoder(), HashingEncoder(64)]


def _row(text: str, target: int = 0) -> dict[str, float]:
    found = features(text, exemplars(TARGETS, ENCODERS, str), ENCODERS)
    return dict(zip(feature_names(2), found.values[target], strict=True))


def test_a_row_a_target_and_a_column_a_name() -> None:
    found = features("find out his reasons", exemplars(TARGETS, ENCODERS, str), ENCODERS)
    assert found.values.shape == (2, len(feature_names(2)))
    assert np.isfinite(found.values).all()


def test_the_piece_that_fits_is_the_one_quoted() -> None:
    text = "I would find out his reasons first. Then I would call the ethics committee at once."
    found = features(text, exemplars(TARGETS, ENCODERS, str), ENCODERS)
    assert "reasons" in found.pieces[0] and "ethics" not in found.pieces[0]
    assert "ethics" in found.pieces[1]


def test_an_exemplar_is_nearest_to_itself() -> None:
    row = _row("find out his reasons")
    assert row["accept_0"] > 0.99
    assert row["overlap_accept"] == 1.0


def test_negation_that_the_exemplar_lacks_is_seen() -> None:
    assert _row("do not find out his reasons")["polarity_differs"] == 1.0
    assert _row("find out his reasons")["polarity_differs"] == 0.0


def test_a_target_without_near_misses_has_no_contrast() -> None:
    assert _row("call the ethics committee", 1)["accept_minus_near_miss_0"] == 0.0


def test_texts_are_folded_before_they_are_compared() -> None:
    folded = exemplars(TARGETS, ENCODERS, str.lower)
    loud = features("FIND OUT HIS REASONS", folded, ENCODERS)
    quiet = features("find out his reasons", folded, ENCODERS)
    assert np.allclose(loud.values, quiet.values)
    assert loud.pieces[0] == "FIND OUT HIS REASONS"


def test_what_is_typed_in_capitals_is_compared_in_small_letters() -> None:
    known = exemplars(TARGETS, ENCODERS, str)
    loud = features("FIND OUT HIS REASONS", known, ENCODERS)
    assert np.allclose(loud.values, features("find out his reasons", known, ENCODERS).values)
    assert loud.pieces[0] == "FIND OUT HIS REASONS"


def test_a_rejection_that_the_exemplar_lacks_is_seen() -> None:
    row = _row("I do not believe that you should find out his reasons")
    assert row["rejection_differs"] == 1.0 and row["rejections"] == 1.0
    assert _row("find out his reasons")["rejection_differs"] == 0.0


def test_what_is_called_unneeded_denies_the_idea() -> None:
    row = _row("no need to find out his reasons")
    assert row["denies"] == row["unneeded_differs"] == 1.0


def test_rare_words_count_more_than_common_ones() -> None:
    targets = (
        Target("E1", "expectation", "the plan", ("the plan says why",), ()),
        Target("E2", "expectation", "the plan", ("the plan says who",), ()),
        Target("E3", "expectation", "the plan", ("the plan says when",), ()),
    )
    known = exemplars(targets, ENCODERS, str)
    assert known.weight({"why"}) > known.weight({"plan"})
    assert known.weight({"unheard"}) >= known.weight({"why"})


def test_a_corrected_idea_is_compared_with_its_misconception() -> None:
    targets = (
        Target("M1", "misconception", "It is absolute.", ("confidentiality is absolute",), ()),
        Target("M1:repair", "repair", "It can yield.", ("there are exceptions to it",), ()),
    )
    found = features("there are exceptions to it", exemplars(targets, ENCODERS, str), ENCODERS)
    wrong, right = (dict(zip(feature_names(2), row, strict=True)) for row in found.values)
    assert right["margin_to_opposite_0"] > 0.3
    assert wrong["margin_to_opposite_0"] == -right["margin_to_opposite_0"]
    assert wrong["opposite_0"] > 0.99
