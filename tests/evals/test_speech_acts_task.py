"""The labelled messages, their reader and the figures made of them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from evals.acts import messages_hash, read_messages
from evals.run import Options, run_task
from evals.task import DataError, Resources, find_tasks
from evals.tasks.speech_acts import Row, confusions
from ingest import LANGUAGES
from tutor.assess.act_features import fold
from tutor.runtime import Runtime
from tutor.settings import Settings

MAIN_ACTS = ("distress", "give_up", "question", "injection")
TEST_HALF = "6f9ac961e0c51d77"
"""Of the half that nothing was tuned on. Whoever changes a text or label there changes this too."""


def test_there_are_enough_messages_of_each_act_and_language() -> None:
    messages = read_messages()
    for language in LANGUAGES:
        count = Counter(a for m in messages if m.language == language for a in m.acts)
        assert all(count[act] >= 80 for act in MAIN_ACTS)
        assert min(count.values()) >= 30
        traps = Counter(m.trap for m in messages if m.language == language)
        assert all(traps[act] >= 10 for act in MAIN_ACTS)


def test_the_test_half_is_as_it_was_written() -> None:
    assert messages_hash([m for m in read_messages() if m.split == "test"]) == TEST_HALF


def test_no_test_message_is_a_dev_message_too() -> None:
    messages = read_messages()
    dev = {_bare(m.text) for m in messages if m.split == "dev"}
    assert not [m.id for m in messages if m.split == "test" and _bare(m.text) in dev]


def _bare(text: str) -> str:
    """Without script, case and closing marks: the same words are the same message."""
    return fold(text).lower().strip("。.！!？?…, ") or text


def _line(acts: list[str], split: str) -> str:
    return json.dumps({"id": "a", "text": "x", "acts": acts, "register": "plain", "split": split})


@pytest.mark.parametrize(
    ("name", "line", "says"),
    [
        ("en", "{", "en.jsonl:1"),
        ("en", _line(["shouting"], "dev"), "shouting"),
        ("en", _line([], "dev"), "en.jsonl:1"),
        ("en", _line(["agree"], "odd"), "odd"),
        ("fr", "", "not a language"),
    ],
)
def test_a_faulty_file_is_named(tmp_path: Path, name: str, line: str, says: str) -> None:
    (tmp_path / f"{name}.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(DataError, match=says):
        read_messages(tmp_path)


def test_an_id_is_used_once(tmp_path: Path) -> None:
    line = _line(["agree"], "dev")
    (tmp_path / "en.jsonl").write_text(f"{line}\n{line}\n", encoding="utf-8")
    with pytest.raises(DataError, match="twice"):
        read_messages(tmp_path)


def test_mix_ups_are_listed_by_act() -> None:
    rows = [
        Row("a", "en", ("affect",), ("distress",)),
        Row("b", "en", ("affect",), ("affect", "assertion")),
        Row("c", "en", ("affect",), ("affect",)),
    ]
    assert confusions(rows) == ("affect (3) heard as: affect 2, distress 1",)


def test_the_figures_of_a_few_messages(
    real_settings: Settings, runtime: Runtime, tmp_path: Path
) -> None:
    found = run_task(
        find_tasks()["speech_acts"],
        Resources(real_settings, runtime),
        Options(tmp_path, limit=60),
    )
    by_name = {(f.group, f.name): f for f in found.report.figures}
    assert by_name["messages, en, distress", "recall"].value > 0.5
    assert by_name["messages, en, distress", "recall"].n >= 40
    assert by_name["speed", "ms beside encoding, 60 words, p95"].value > 0
