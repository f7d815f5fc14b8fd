"""The task on questions to the corpus, here and over HTTP, and the one on generated answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evals.log import read_log
from evals.remote import Remote
from evals.resources import Resources
from evals.stats import Estimate
from evals.task import Context, Record, Sample
from evals.tasks import ask, ask_generated
from tests.evals.running import figure, run


def _record(number: int, digests: list[str], cited: list[str], **told: Any) -> Record:
    asked: dict[str, Any] = {"part": "question", "language": "en", "split": "test", "kind": "plain"}
    output: dict[str, Any] = {
        "found": bool(cited),
        "chance": 0.9 if cited else 0.1,
        "scope": None,
        "cited": [[f"guidelines/{key}.en", "words"] for key in cited],
        "verbatim": [True for _ in cited],
    }
    for name, value in told.items():
        (output if name in output else asked)[name] = value
    return Record(Sample(f"q{number}", {**asked, "digests": digests}), output)


def test_figures_of_a_worked_example() -> None:
    records = [
        _record(0, ["a"], ["a", "b"]),
        _record(1, ["a"], ["b"], verbatim=[False]),
        _record(2, ["a"], []),
        _record(3, [], ["b"]),
        _record(4, [], []),
        _record(5, ["a", "b"], ["a"], kind="multi-hop"),
        _record(6, [], [], kind="patient", scope="patient"),
        _record(7, [], [], kind="legal"),
        _record(8, [], [], part="learner", scope="legal"),
    ]
    found = {(f.group, f.name): f for f in ask.report(records, Estimate()).figures}
    assert found["test, all", "right digest cited"].value == 0.5
    assert found["test, all", "answerable declined"].value == 0.25
    assert found["test, all", "unanswerable declined"].value == 0.75
    assert found["test, all", "every digest of a multi-hop question cited"].value == 0.0
    assert found["test, all", "quotes that occur in their passage"].value == 0.8
    assert found["test, all", "right digest cited"].samples == ("q0", "q1", "q2", "q5")
    assert found["test, sent elsewhere", "patient: recognised"].value == 1.0
    assert found["test, sent elsewhere", "legal: recognised"].value == 0.0
    name = "false alarms on learners' questions in a case"
    assert found["test, sent elsewhere", name].value == 1.0
    assert found[ask.CHANCE, "ROC area"].value == 0.75 * 0.75 + (0.75 * 0.25 + 0.25 * 0.75) / 2
    assert [ask.failures(r) for r in records] == [
        [],
        ["a quote that is not in its passage", "wrong digest"],
        ["declined"],
        ["answered, though the corpus does not"],
        [],
        ["a digest is missing"],
        [],
        ["taken for one of the subject"],
        ["taken for one of legal"],
    ]


def test_asking_declines_cites_and_quotes(resources: Resources, tmp_path: Path) -> None:
    found = run(ask.TASK, resources, tmp_path, limit=40)
    for record in read_log(found.log).records:
        assert all(record["verbatim"])
        assert record["found"] == bool(record["cited"])
    assert figure(found, "test, en", "quotes that occur in their passage") == 1.0


def test_over_http_the_answers_are_the_same(resources: Resources, remote: Remote) -> None:
    here, there = Context(resources), Context(resources, remote=remote)
    kinds: dict[str, list[Sample]] = {}
    for sample in ask.samples(here):
        kinds.setdefault(sample.input.get("kind", "learner"), []).append(sample)
    assert len(kinds) == 5
    for sample in (s for chosen in kinds.values() for s in chosen[:6]):
        assert ask.solve_remote(there, sample) == {**ask.solve(here, sample), "chance": None}


def test_generated_answers_of_a_worked_example() -> None:
    def record(number: int, kind: str, trick: str, shown: bool, right: list[bool]) -> Record:
        asked = {"language": "en", "split": "test", "kind": kind, "trick": trick}
        output = {"given": number < 9, "shown": shown, "right": right, "refused": []}
        return Record(Sample(f"c{number}", asked, f"quote {number // 2}"), output)

    records = [
        record(0, "supported", "as is", True, [True]),
        record(1, "supported", "two sources", True, [True, False]),
        record(2, "supported", "as is", False, []),
        record(3, "supported", "uncited", False, []),
        record(4, "negated", "as is", True, [True]),
        record(9, "negated", "as is", True, [True]),
    ]
    report = ask_generated.report(records, Estimate())
    found = {(f.group, f.name): f.value for f in report.figures}
    assert found["test, all", "supported sentences shown"] == pytest.approx(2 / 3)
    assert found["test, all", "unsupported sentences dropped"] == 0.5
    assert found["test, all", "citation precision"] == 0.75
    assert found["test, all", "citation recall"] == pytest.approx(2 / 3)
    assert found["test, what is wrong", "uncited: dropped"] == 1.0
    assert found["test, what is wrong", "negated: dropped"] == 0.0
    told = [bool(ask_generated.failures(r)) for r in records]
    assert told == [False, True, True, False, True, False]


def test_a_scripted_model_is_held_to_its_sources(resources: Resources, tmp_path: Path) -> None:
    found = run(ask_generated.TASK, resources, tmp_path, limit=30)
    records = read_log(found.log).records
    assert any(r["given"] for r in records)
    for record in records:
        if record["trick"] in {"uncited", "no such source", "injected"}:
            assert not record["shown"]
