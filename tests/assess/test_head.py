"""The heads: whole, small, and refused when they do not fit the code."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import numpy as np
import pytest

from ingest import E5, MINILM, Encoder, HashingEncoder
from tutor.assess import EncoderJudge, HeadMismatch, load_heads
from tutor.assess.head import Logistic


def _raw() -> dict[str, Any]:
    text = (resources.files("tutor.assess") / "heads.json").read_text("utf-8")
    raw: dict[str, Any] = json.loads(text)
    return raw


def test_the_logistic_function_is_the_textbook_one() -> None:
    head = Logistic(np.array([1.0]), np.array([2.0]), np.array([3.0]), -0.5)
    assert head(np.array([[2.0]]))[0] == pytest.approx(1 / (1 + np.exp(-(3 * 0.5 - 0.5))))


def test_an_extreme_input_gives_a_probability_and_no_warning() -> None:
    head = Logistic(np.array([0.0]), np.array([1.0]), np.array([1e9]), 0.0)
    assert head(np.array([[1e9], [-1e9]])) == pytest.approx([1.0, 0.0], abs=1e-9)


def test_the_shipped_heads_say_what_they_were_fitted_on() -> None:
    raw = _raw()
    assert raw["command"] == "python -m evals.fit_judge"
    assert len(raw["data"]) == 16
    assert set(load_heads()) == {"en", "zh"}


def test_a_head_with_a_weight_missing_is_refused() -> None:
    raw = _raw()
    raw["heads"]["en"]["said"]["weights"].pop()
    with pytest.raises(HeadMismatch, match="evals.fit_judge"):
        load_heads(raw)


def test_a_head_fitted_on_other_columns_is_refused() -> None:
    raw = _raw()
    raw["heads"]["zh"]["columns"][0] = "something_else"
    encoders: dict[str, Encoder] = {E5: HashingEncoder(), MINILM: HashingEncoder()}
    with pytest.raises(HeadMismatch, match="Fit it again"):
        EncoderJudge(encoders, load_heads(raw))
