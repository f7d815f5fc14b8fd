"""Decisions out of one installation and into another, and the command that does it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from typer.testing import CliRunner

from tests.review.trying import Learner, decide, queue
from tutor.cli.main import app as maieutic
from tutor.errors import InvalidRequest
from tutor.records import open_database
from tutor.review import DecisionStore
from tutor.review.transfer import exported, imported
from tutor.runtime import Runtime
from tutor.settings import Settings


@pytest.fixture
def lines(client: TestClient, learner: Learner, settings: Settings) -> list[str]:
    """What one installation gives out: three decisions, one of which teaches nothing."""
    for words in ("well maybe E1 is it", "so maybe E2 is it", "and maybe M1 is it"):
        learner.says(words)
    ids = [item["id"] for item in queue(client)]
    decide(client, ids[0], "said")
    decide(client, ids[1], "unusable")
    decide(client, ids[-1], "held")
    engine = open_database(settings.records_url)
    found = list(exported(DecisionStore(engine).newest()))
    engine.dispose()
    return found


@pytest.fixture
def other(tmp_path: Path) -> Engine:
    """Another installation."""
    return open_database(f"sqlite:///{tmp_path / 'other.sqlite3'}")


def take(lines: list[str], engine: Engine, runtime: Runtime) -> tuple[int, int]:
    cases = {name: case.texts for name, case in runtime.cases.items()}
    return imported(lines, DecisionStore(engine), cases, "importer")


def test_out_and_in_again(lines: list[str], other: Engine, hesitant: Runtime) -> None:
    assert [(json.loads(x)["target"], json.loads(x)["list"]) for x in lines] == [
        ("E1", "accept"),
        ("M1", "exemplars"),
    ]
    assert take([*lines, ""], other, hesitant) == (2, 0)
    assert take(lines, other, hesitant) == (0, 2)
    store = DecisionStore(other)
    assert [e.text for e in store.in_force("tiny")] == ["maybe E1 is it", "maybe M1 is it"]
    assert store.newest()[0].by == "local (imported by importer)"
    again = [json.loads(x)["text_hash"] for x in exported(store.newest())]
    assert again == [json.loads(x)["text_hash"] for x in lines]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"text": "other words than those"}, "hash"),
        ({"case": "none"}, "no case"),
        ({"target": "M9"}, "no idea"),
        ({"target": "P1"}, "target"),
        ({"list": "repair"}, "no list"),
        ({"language": "fr"}, "language"),
        ({"format": 2}, "format"),
        ({"more": 1}, "more"),
        ({"text": "yes"}, "too few"),
        (None, "not JSON"),
    ],
)
def test_a_faulty_line_is_named_and_nothing_is_taken(
    lines: list[str], other: Engine, hesitant: Runtime, change: dict[str, Any] | None, why: str
) -> None:
    bad = "{" if change is None else json.dumps(json.loads(lines[1]) | change)
    with pytest.raises(InvalidRequest, match="Line 2 cannot be taken") as told:
        take([lines[0], bad], other, hesitant)
    assert why in str(told.value)
    assert DecisionStore(other).newest() == []


def test_the_command_lists_and_exports(lines: list[str], settings: Settings) -> None:
    env = {"MAIEUTIC_HOME": str(settings.home)}
    run = CliRunner()
    told = run.invoke(maieutic, ["review", "export"], env=env)
    assert told.stdout.splitlines() == lines
    told = run.invoke(maieutic, ["review", "list", "--decided", "--json"], env=env)
    assert {json.loads(x)["target"] for x in told.stdout.splitlines()} == {"E1", "E2", "M1"}
    told = run.invoke(maieutic, ["review", "list", "--case", "none"], env=env)
    assert "There are none." in told.stdout
