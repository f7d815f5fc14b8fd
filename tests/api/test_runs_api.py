"""Runs over HTTP: from a figure to its lines and to why, for evaluators and nobody else."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from evals.api import router, why
from evals.runs import RunFolder
from evals.task import Record, Sample
from tests.evals.reported import HOSTILE, known, make_run, record, some
from tutor.api import create_app
from tutor.api.app import GUESTS
from tutor.assess import EncoderJudge
from tutor.dialogue import targets_of
from tutor.errors import NotFound
from tutor.records import add_user, open_database
from tutor.runtime import Runtime
from tutor.settings import Settings

LOCAL = "http://127.0.0.1:8600"
BASE = "/api/v1/runs"


class Installed:
    """The entry point as pyproject names it."""

    def load(self) -> object:
        """The router."""
        return router


@pytest.fixture(autouse=True)
def _mounted(monkeypatch: pytest.MonkeyPatch) -> None:
    known(monkeypatch)

    def installed(group: str) -> list[Installed]:
        # A checkout that was installed before the entry point was there has none.
        return [Installed()] if group == GUESTS else []

    monkeypatch.setattr("tutor.api.app.entry_points", installed)


@pytest.fixture
def runs(settings: Settings) -> list[RunFolder]:
    """Two runs in the home of the service; the second has one failure more."""
    folder = settings.home / "evals"
    return [make_run(folder, some(9)), make_run(folder, some(9, wrong=(4, 5)))]


def test_the_service_is_told_of_the_router_by_the_project() -> None:
    root = Path(__file__).resolve().parents[2]
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"][GUESTS] == {"evals": "evals.api:router"}
    for installed in entry_points(group=GUESTS):
        assert installed.load() is router


def test_the_list_has_the_last_run_first(client: TestClient, runs: list[RunFolder]) -> None:
    found = client.get(BASE).json()
    assert [run["name"] for run in found] == [runs[1].name, runs[0].name]
    assert found[0]["finished"] == ["small"]
    assert found[0]["began"] == "2026-11-26T06:00:00+00:00"


def test_no_run_yet_is_an_empty_list(client: TestClient) -> None:
    assert client.get(BASE).json() == []


def test_a_damaged_plan_hides_no_other_run(client: TestClient, runs: list[RunFolder]) -> None:
    (runs[0].path / "run.json").write_text("{", "utf-8")
    assert [run["name"] for run in client.get(BASE).json()] == [runs[1].name]
    told = client.get(f"{BASE}/{runs[0].name}")
    assert told.status_code == 500
    assert "is not a run" in told.json()["detail"]


def test_figures_and_their_gate(client: TestClient, runs: list[RunFolder]) -> None:
    (task,) = client.get(f"{BASE}/{runs[0].name}").json()["measured"]
    assert (task["samples"], task["failing"], task["again"]) == (9, 1, 3)
    right, words, wrong = task["figures"]
    assert right["value"] == pytest.approx(8 / 9)
    assert right["gate"]["passed"] is False
    assert words["gate"] is None
    assert (wrong["lines"], wrong["value"]) == (1, 0)


def test_from_a_figure_to_its_lines(client: TestClient, runs: list[RunFolder]) -> None:
    path = f"{BASE}/{runs[0].name}/tasks/small/records"
    page = client.get(path, params={"figure": 1, "limit": 3}).json()
    assert page["total"] == 9
    assert page["records"][0]["line"] == 5
    assert page["records"][0]["failures"] == ["case/4 is wrong"]
    assert page["records"][0]["added"] == {"whole": 2, "part": 40}
    assert client.get(path, params={"figure": 2}).json()["total"] == 1
    assert client.get(path, params={"failing": True}).json()["total"] == 1
    assert client.get(path, params={"q": "IS WRONG"}).json()["total"] == 1
    assert client.get(path, params={"offset": 8}).json()["records"][0]["id"] == "case/9"


def test_a_line_with_what_was_heard(client: TestClient, runs: list[RunFolder]) -> None:
    found = client.get(f"{BASE}/{runs[0].name}/tasks/small/records/5").json()
    assert found["id"] == "case/4"
    assert (found["previous"], found["next"]) == (None, 2)
    tutor, learner = found["turns"]
    assert (tutor["move"], tutor["target"]) == ("hint", "E1")
    assert learner["heard"][0]["span"] == "would ask "
    assert [p["targets"] for p in learner["pieces"]] == [[], ["E1"], []]
    assert found["found"] == {"right": False, "words": 40, "turns": 2}


def test_the_comparison(client: TestClient, runs: list[RunFolder]) -> None:
    path = f"{BASE}/{runs[1].name}/comparison"
    told = client.get(path, params={"baseline": runs[0].name}).json()
    assert told["left_out"] == []
    (found,) = told["tasks"]
    assert (found["same"], found["changed"]) == (8, 1)
    (sample,) = found["samples"]
    assert (sample["before"], sample["after"]) == ([], ["case/5 is wrong"])
    assert sample["values"] == [{"place": "right", "before": True, "after": False}]
    right = next(d for d in found["differences"] if d["name"] == "right" and d["group"] == "all")
    assert right["difference"] == pytest.approx(-1 / 9)
    (same,) = client.get(path, params={"baseline": runs[1].name}).json()["tasks"]
    assert same["identical"] is True


def test_the_report_is_a_file_and_no_page_of_the_service(
    client: TestClient, runs: list[RunFolder]
) -> None:
    told = client.get(f"{BASE}/{runs[1].name}/report", params={"baseline": runs[0].name})
    assert told.headers["content-disposition"].startswith("attachment")
    assert "Since the baseline" in told.text


@pytest.mark.parametrize(
    "path",
    [
        "nope",
        "..",
        "%2e%2e",
        "..%2F..%2Fetc",
        "{run}/tasks/other/records",
        "{run}/tasks/small/records/1",
        "{run}/tasks/small/records/999",
        "{run}/tasks/small/records?figure=3",
        "{run}/comparison?baseline=../x",
        "{run}/report?baseline=nope",
        "{run}/tasks/small/records/5/why?target=E1&turn=0",
        "{run}/tasks/small/records/5/why?target=E1&turn=7",
        "{run}/tasks/small/records/5/hits?turn=7",
    ],
)
def test_what_is_not_there_is_not_found(
    client: TestClient, runs: list[RunFolder], path: str
) -> None:
    told = client.get(f"{BASE}/{path.format(run=runs[0].name)}")
    assert told.status_code == 404
    assert told.json()["type"] == "urn:maieutic:problem:not-found"


def test_a_damaged_line_is_named(client: TestClient, runs: list[RunFolder]) -> None:
    path = runs[0].log_of("small")
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join([*lines[:3], "no json\n", *lines[3:]]), "utf-8")
    told = client.get(f"{BASE}/{runs[0].name}/tasks/small/records")
    assert told.status_code == 500
    assert "small.jsonl:4" in told.json()["detail"]


def test_a_damaged_log_hides_no_other(client: TestClient, runs: list[RunFolder]) -> None:
    """Two tasks in the plan, the log of one of them damaged."""
    for one in runs:
        plan = json.loads((one.path / "run.json").read_text("utf-8"))
        plan["tasks"] = ["small", "torn"]
        (one.path / "run.json").write_text(json.dumps(plan), "utf-8")
    (runs[1].path / "torn.jsonl").write_text("no json\n", "utf-8")
    detail = client.get(f"{BASE}/{runs[1].name}").json()
    assert [task["name"] for task in detail["measured"]] == ["small"]
    path = f"{BASE}/{runs[1].name}/comparison"
    compared = client.get(path, params={"baseline": runs[0].name}).json()
    assert [task["task"] for task in compared["tasks"]] == ["small"]
    for told in (detail, compared):
        (left,) = told["left_out"]
        assert left["task"] == "torn"
        assert "torn.jsonl:1: not a line of a log" in left["reason"]
    report = client.get(f"{BASE}/{runs[1].name}/report")
    assert "torn.jsonl:1: not a line of a log" in report.text


def test_a_run_of_which_nothing_can_be_read_is_an_error(
    client: TestClient, runs: list[RunFolder]
) -> None:
    runs[0].log_of("small").write_text("no json\n", "utf-8")
    for path in (
        runs[0].name,
        f"{runs[0].name}/report",
        f"{runs[1].name}/comparison?baseline={runs[0].name}",
    ):
        told = client.get(f"{BASE}/{path}")
        assert told.status_code == 500
        assert "small.jsonl:1: not a line of a log" in told.json()["detail"]


@pytest.mark.parametrize(("lang", "words"), [("zh-Hant", "評測報告"), ("zh-Hans", "评测报告")])
def test_the_report_in_chinese(
    client: TestClient, runs: list[RunFolder], lang: str, words: str
) -> None:
    told = client.get(f"{BASE}/{runs[0].name}/report", params={"lang": lang})
    assert words in told.text
    other = client.get(f"{BASE}/{runs[0].name}/report", params={"lang": "fr"})
    assert other.status_code == 422


def test_hostile_words_are_data(client: TestClient, settings: Settings) -> None:
    run = make_run(settings.home / "evals", [record(1, False, HOSTILE)])
    found = client.get(f"{BASE}/{run.name}/tasks/small/records/2").json()
    assert found["turns"][1]["text"] == HOSTILE
    told = client.get(f"{BASE}/{run.name}/tasks/small/records/2/hits", params={"turn": 1})
    assert told.json()["query"] == HOSTILE


@pytest.fixture
def guarded(settings: Settings, tiny: Runtime) -> Iterator[FastAPI]:
    """The same service with accounts."""
    engine = open_database(settings.records_url)
    add_user(engine, "eva", "correct horse battery", ["evaluator"])
    add_user(engine, "ed", "correct horse battery", ["educator"])
    engine.dispose()
    return create_app(settings.model_copy(update={"auth": "password"}), tiny)


def test_only_evaluators_see_runs(guarded: FastAPI, runs: list[RunFolder]) -> None:
    with TestClient(guarded, base_url=LOCAL) as client:

        def status(name: str | None, path: str = "") -> int:
            headers = {}
            if name:
                body = {"username": name, "password": "correct horse battery"}
                token = client.post("/api/v1/auth/token", json=body).json()["access_token"]
                headers = {"Authorization": f"Bearer {token}"}
            return client.get(f"{BASE}{path}", headers=headers).status_code

        paths = (
            "",
            f"/{runs[0].name}",
            f"/{runs[0].name}/report",
            f"/{runs[1].name}/comparison?baseline={runs[0].name}",
            f"/{runs[0].name}/tasks/small/records",
            f"/{runs[0].name}/tasks/small/records/5",
        )
        assert {status("eva", path) for path in paths} == {200}
        assert {status("ed", path) for path in paths} == {403}
        assert {status(None, path) for path in paths} == {401}
        assert status("ed", f"/{runs[0].name}/tasks/small/records/5/why?target=E1") == 403
        assert status("ed", f"/{runs[0].name}/tasks/small/records/5/hits") == 403


def test_why_a_message_was_heard_or_only_echoes(runtime: Runtime) -> None:
    case = runtime.cases["g1-sister-not-told"]
    said = "I would ask him why he does not want her to know before I decide anything."
    hint = "What would you still want to understand about him, and why he said what he said to you?"
    talk = [
        {"who": "tutor", "text": hint},
        {"who": "learner", "text": said, "judged": [["E1", "covered", 0.9, said]]},
        {"who": "learner", "text": hint},
    ]
    line = Record(Sample("x", {"case": case.id, "language": "en"}), {"talk": talk})
    assert why.statements(runtime, line)["E1"]
    heard = why.why(runtime, line, 1, "E1")
    assert heard.explanation is not None
    assert heard.explanation.piece in said
    assert why.why(runtime, line, 2, "E1").explanation is None
    for turn, target in ((0, "E1"), (3, "E1"), (1, "E99")):
        with pytest.raises(NotFound):
            why.why(runtime, line, turn, target)
    elsewhere = Record(Sample("x", {"text": said}, "no case"), {})
    assert why.statements(runtime, elsewhere) == {}
    with pytest.raises(NotFound):
        why.why(runtime, elsewhere, 0, "E1")
    words, found = why.hits(runtime, elsewhere, 0)
    assert words == said
    assert found.hits[0].legs


def test_a_judgement_taken_apart_is_the_judgement(runtime: Runtime) -> None:
    assert runtime.hearing is not None
    judge = runtime.hearing.judge
    assert isinstance(judge, EncoderJudge)
    case = runtime.cases["g1-sister-not-told"]
    text = "I would ask him why he does not want her to know before I decide anything."
    for language in ("en", "zh-Hant"):
        targets = targets_of(case, language)
        for judged in judge.judge(text, targets, language):
            why = judge.explain(text, judged.target, targets, language)
            logit = why.intercept + sum(reason.adds for reason in why.reasons)
            assert 1 / (1 + math.exp(-logit)) == pytest.approx(why.probability)
            assert why.probability == pytest.approx(judged.probability, abs=6e-5)
            assert judged.span in {None, why.piece}
    with pytest.raises(LookupError):
        judge.explain(text, "E99", targets_of(case, "en"), "en")
