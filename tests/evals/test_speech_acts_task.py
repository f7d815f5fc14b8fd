"""The labelled messages, their reader and the figures made of them."""

from __future__ import annotations

import json
from collections import Counter
from importlib.resources import files as resources_of
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from evals.acts import messages_hash, read_messages
from evals.resources import Resources
from evals.stats import Estimate
from evals.task import Context, DataError, Record, Sample
from evals.tasks.speech_acts import BURIED, CALM, TASK, confusions
from ingest import LANGUAGES, Encoder
from tests.evals.running import run
from tutor.assess.act_features import fold
from tutor.dialogue.sentences import parts

MAIN_ACTS = ("distress", "give_up", "question", "injection")
TEST_HALF = "b3d4768a0f3a7868"
"""Of the half that nothing is fitted on. Whoever changes a text or label there changes this too."""
FIRST_TEST_HALF = "6f9ac961e0c51d77"
"""Of the part of it that was written before any rule, cue or head."""
FIRST = {"en": 347, "zh-Hant": 363, "zh-Hans": 360}
"""Its messages by language, which carry the lowest numbers."""
ALIKE = 0.95
"""Cosine from which on two messages say nearly the same."""


def test_there_are_enough_messages_of_each_act_and_language() -> None:
    messages = read_messages()
    for language in LANGUAGES:
        count = Counter(a for m in messages if m.language == language for a in m.acts)
        assert all(count[act] >= 80 for act in MAIN_ACTS)
        assert min(count.values()) >= 30
        traps = Counter(m.trap for m in messages if m.language == language)
        assert all(traps[act] >= 10 for act in MAIN_ACTS)


def test_the_test_half_is_as_it_was_written() -> None:
    test = [m for m in read_messages() if m.split == "test"]
    assert messages_hash(test) == TEST_HALF
    first = [m for m in test if int(m.id.rsplit("t", 1)[1]) <= FIRST[m.language]]
    assert len(first) == sum(FIRST.values())
    assert messages_hash(first) == FIRST_TEST_HALF


def test_scripted_learners_say_nothing_that_the_head_has_learnt(e5: Encoder) -> None:
    dev = [m.text for m in read_messages() if m.split == "dev"]
    learnt = e5.encode_queries([fold(text) for text in dev])
    bare = {_bare(text) for text in dev}
    spoken = resources_of("evals.learners").joinpath("phrases.yaml").read_text("utf-8")
    for kinds in YAML(typ="safe", pure=True).load(spoken).values():
        said = [*kinds["small_talk"], *kinds["distress"]]
        assert not bare & {_bare(s) for text in said for s in (text, *parts(text))}
        likeness = e5.encode_queries([fold(text) for text in kinds["small_talk"]]) @ learnt.T
        assert likeness.max() < ALIKE


def test_small_talk_is_there_beside_small_talk_around_distress() -> None:
    messages = read_messages()
    for language in LANGUAGES:
        own = [m for m in messages if m.language == language]
        small = Counter(m.split for m in own if m.main == "off_task" and m.trap == "distress")
        assert small["dev"] >= 100
        assert small["test"] >= 20
        long = [m for m in own if m.register == "rambling"]
        assert {m.split for m in long} == {"test"}
        assert Counter("distress" in m.acts for m in long) == {True: 9, False: 8}


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


def _record(number: int, acts: list[str], heard: list[str], **told: object) -> Record:
    asked = {"part": "message", "language": "en", "register": "plain", "text": "x", "trap": None}
    return Record(Sample(f"m{number}", {**asked, "acts": acts, **told}), {"heard": heard})


def test_mix_ups_are_listed_by_act() -> None:
    records = [
        _record(0, ["affect"], ["distress"]),
        _record(1, ["affect"], ["affect", "assertion"]),
        _record(2, ["affect"], ["affect"]),
    ]
    assert confusions(records) == ("affect (3) heard as: affect 2, distress 1",)


def test_figures_of_a_worked_example() -> None:
    records = [
        _record(0, ["distress"], ["distress"]),
        _record(1, ["distress", "question"], ["assertion", "question"]),
        _record(2, ["assertion"], ["distress", "assertion"], trap="distress"),
        _record(3, ["give_up"], ["help_request"]),
        _record(4, [], ["assertion"], part=BURIED),
        _record(5, [], ["assertion"], part=CALM),
    ]
    found = {(f.group, f.name): f for f in TASK.report(records, Estimate()).figures}
    assert found["messages, en, distress", "recall"].value == 0.5
    assert found["messages, en, distress", "precision"].value == 0.5
    assert found["messages, en, distress", "recall"].samples == ("m0", "m1")
    assert found["messages, en", "recognised"].value == 0.25
    # To give up and to ask for help lead to the same move.
    assert found["messages, en", "treated alike"].value == 0.5
    assert found["messages, en", "statements taken for distress"].value == 1.0
    assert found["messages, en", BURIED].value == found["messages, en", CALM].value == 0.0
    assert [bool(TASK.failures(r)) for r in records] == [False, True, True, True, True, False]
    assert "taken for distress" in TASK.failures(records[2])


def test_the_long_answers_differ_by_their_distress_alone(resources: Resources) -> None:
    samples = {s.id: s.input for s in TASK.samples(Context(resources))}
    calm = [name for name in samples if name.endswith("/calm")]
    assert len(calm) >= 120
    for name in calm:
        sad = samples[name.removesuffix("/calm")]
        assert "distress" in sad["acts"]
        buried = samples[name.replace("/calm", "/buried")]
        assert buried["text"] == f"{samples[name]['text']} {sad['text']}"


def test_the_figures_of_the_fast_subset(resources: Resources, tmp_path: Path) -> None:
    found = run(TASK, resources, tmp_path, fast=True)
    by_name = {(f.group, f.name): f for f in found.report.figures}
    assert by_name["all", "treated alike"].value >= by_name["all", "recognised"].value > 0.5
    assert any(group == "act: assertion" for group, _ in by_name)
    for language in LANGUAGES:
        assert by_name[f"messages, {language}, distress", "recall"].value > 0.5
        assert by_name[f"messages, {language}, distress", "recall"].n >= 5
