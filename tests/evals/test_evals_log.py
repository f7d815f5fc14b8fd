from __future__ import annotations

import math
from pathlib import Path

import pytest

from evals.log import open_log, read_log
from evals.stats import Figure
from evals.task import DataError


def test_a_log_has_a_header_its_samples_and_the_figures(tmp_path: Path) -> None:
    with open_log(tmp_path / "logs", "judging", {"seed": 3}) as log:
        log.sample({"id": "a", "text": "他"})
        log.sample({"id": "b"})
        log.figures([Figure("all", "F1", 0.5, math.nan, math.nan, 2)], ("A note.",))
    first, *samples, last = read_log(log.path)
    assert (first["type"], first["task"], first["seed"]) == ("run", "judging", 3)
    assert [s["id"] for s in samples] == ["a", "b"]
    assert last["samples"] == 2
    assert last["figures"][0] == {
        "group": "all",
        "name": "F1",
        "value": 0.5,
        "low": None,
        "high": None,
        "n": 2,
    }
    assert "他" in log.path.read_text(encoding="utf-8")


def test_a_second_run_never_touches_the_first(tmp_path: Path) -> None:
    paths = []
    for _ in range(3):
        with open_log(tmp_path, "ask", {}) as log:
            paths.append(log.path)
    assert len(set(paths)) == 3


def test_a_run_that_was_cut_short_keeps_its_samples(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), open_log(tmp_path, "ask", {}) as log:
        log.sample({"id": "a"})
        raise KeyboardInterrupt
    assert [line["type"] for line in read_log(log.path)] == ["run", "sample"]


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"type": "run"}\nnot json\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"x\.jsonl:2"):
        read_log(path)
