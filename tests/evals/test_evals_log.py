from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from evals.log import LogWriter, read_log
from evals.stats import Figure
from evals.task import DataError, Picture, Record, Report, Sample

RECORDS = [
    Record(Sample(name, {"text": "他"}, "c"), {"heard": name != "b"})
    for name in ("a", "b", "c", "d")
]


def write(path: Path, *, finished: bool = True) -> Path:
    with path.open("ab") as file:
        log = LogWriter(file, path)
        log.header({"task": "judging", "seed": 3})
        for record in RECORDS:
            log.record(record)
        if finished:
            figure = Figure("all", "F1", 0.5, math.nan, 1.0, 3, "share", ("a", "b", "d"))
            picture = Picture("reliability", "all", [[0.5, 0.4, 10]])
            log.report(Report([figure], ("A note.",), (picture,)), RECORDS)
    return path


def test_a_log_is_read_as_it_was_written(tmp_path: Path) -> None:
    log = read_log(write(tmp_path / "x.jsonl"))
    assert (log.task, log.header["seed"], log.finished) == ("judging", 3, True)
    assert [r.output for r in log.records] == [r.output for r in RECORDS]
    assert log.notes == ("A note.",)
    assert log.pictures[0].rows == [[0.5, 0.4, 10]]
    (figure,) = log.figures
    assert (figure.name, figure.value, figure.high, figure.unit) == ("F1", 0.5, 1.0, "share")
    assert math.isnan(figure.low)


def test_a_figure_names_the_lines_it_rests_on(tmp_path: Path) -> None:
    path = write(tmp_path / "x.jsonl")
    lines = path.read_text(encoding="utf-8").splitlines()
    held = json.loads(lines[-1])["figures"][0]["lines"]
    assert held == [[2, 3], [5, 5]]
    named = [json.loads(lines[n - 1])["id"] for low, high in held for n in range(low, high + 1)]
    log = read_log(path)
    assert tuple(named) == log.figures[0].samples
    assert log.lines == {"a": 2, "b": 3, "c": 4, "d": 5}


def test_what_follows_the_last_whole_line_is_no_part_of_a_log(tmp_path: Path) -> None:
    path = write(tmp_path / "x.jsonl", finished=False)
    whole = path.stat().st_size
    with path.open("ab") as file:
        file.write(b'{"type": "sample", "id": "e", "inp')
    log = read_log(path)
    assert (len(log.records), log.whole_bytes, log.finished) == (4, whole, False)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"type": "run", "task": "x"}\nnot json\n', r"x\.jsonl:2"),
        ('{"type": "run", "task": "x"}\n[1]\n', r"x\.jsonl:2"),
        ('{"type": "run", "task": "x"}\n{"type": "sample", "id": "a"}\n', "without 'input'"),
        ('{"type": "sample"}\n', "not the log of a run"),
        ("", "not the log of a run"),
    ],
)
def test_a_damaged_log_is_named(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=told):
        read_log(path)


def test_a_log_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_log(tmp_path / "none.jsonl")
