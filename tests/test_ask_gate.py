"""The probability that the corpus answers: monotone, bounded, refittable, not shaken by a refit."""

from __future__ import annotations

import json
import math

import pytest

from ingest import Hit, Passage, Source
from ingest.documents import LegScore
from tutor.ask.gate import FEATURES, GATE, gate, measure, probability, threshold

SOURCE = Source(title="T", kind="guideline")
PASSAGE = Passage("p", "d", SOURCE, "Consent is asked first.", 0)
HIT = Hit(PASSAGE, 0.8, {"dense": LegScore(0.9, 1), "lexical": LegScore(6.0, 1)})


def values(question: str = "When is consent asked?", **changed: object) -> list[float]:
    given: dict[str, object] = {
        "sentence": 0.9,
        "centred": 0.5,
        "search": 0.6,
        "unknown": False,
        "told": "Consent is asked first.",
    }
    return measure(question, "en", [HIT], **(given | changed))  # type: ignore[arg-type]


def test_the_shipped_head_is_of_these_features_and_this_threshold() -> None:
    held = json.loads(GATE.read_text(encoding="utf-8"))
    assert tuple(held["features"]) == FEATURES
    assert held["threshold"] == pytest.approx(threshold(), abs=1e-4)
    assert sum(bin_["n"] for bin_ in held["reliability"]) == held["samples"]


def test_nearer_is_likelier_and_a_price_without_money_is_less_likely() -> None:
    assert probability(values(sentence=0.95)) > probability(values(sentence=0.82))
    assert probability(values(search=0.9)) > probability(values(search=0.1))
    dear = "How much does it cost?"
    assert probability(values(dear)) < probability(values(dear, told="It costs 5 dollars."))


def test_a_search_that_is_surer_than_sure_moves_the_gate_no_further() -> None:
    assert values(search=1.0) == values(search=0.9999)
    moved = probability(values(search=0.65)) - probability(values(search=0.6))
    assert 0 <= moved < 0.05


def test_what_a_small_corpus_cannot_give_counts_as_usual() -> None:
    usual = dict(zip(FEATURES, gate()["mean"], strict=True))["centred"]
    told = values(centred=None)
    assert math.isnan(told[FEATURES.index("centred")])
    assert probability(told) == pytest.approx(probability(values(centred=usual)), abs=1e-9)


def test_the_threshold_follows_the_costs() -> None:
    assert threshold(1.0, 1.0) == 0.5
    assert threshold(9.0, 1.0) == 0.9
