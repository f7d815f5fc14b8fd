"""The heads: whole, small, and refused when they do not fit the code."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ingest import E5, MINILM, Encoder, HashingEncoder
from tutor.assess import EncoderJudge, HeadMismatch, heads_of, load_heads
from tutor.assess.head import TRAINED, Logistic


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


def test_without_training_the_shipped_heads_are_in_force(tmp_path: Path) -> None:
    assert heads_of(tmp_path)["en"].said.intercept == load_heads()["en"].said.intercept


def test_trained_heads_are_in_force(tmp_path: Path) -> None:
    raw = _raw()
    raw["heads"]["en"]["said"]["intercept"] = 7.5
    (tmp_path / TRAINED).parent.mkdir()
    (tmp_path / TRAINED).write_text(json.dumps(raw), encoding="utf-8")
    assert heads_of(tmp_path)["en"].said.intercept == 7.5


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"heads": 3}', '{"heads": {"en": {}}}'])
def test_trained_heads_that_cannot_be_read_are_told_of(tmp_path: Path, text: str) -> None:
    (tmp_path / TRAINED).parent.mkdir()
    (tmp_path / TRAINED).write_text(text, encoding="utf-8")
    with pytest.raises(HeadMismatch, match="maieutic judge train"):
        heads_of(tmp_path)
