from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from evals.cli import app
from tests.evals.beir_folder import make

runner = CliRunner()


def test_list_names_every_task() -> None:
    result = runner.invoke(app, ["list"])
    assert result.exit_code == 0
    for name in ("judging", "speech_acts", "dialogue", "ask", "retrieval"):
        assert name in result.stdout


def test_retrieval_without_data_says_what_it_needs(tmp_path: Path) -> None:
    result = runner.invoke(app, ["run", "retrieval", "--out", str(tmp_path)])
    assert result.exit_code == 1
    assert "--data" in " ".join(result.stderr.split())
    assert result.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_json_is_one_line_on_standard_output(tmp_path: Path, models_dir: Path) -> None:
    assert models_dir.is_dir()
    folder = make(tmp_path / "set")
    options = ["--data", str(folder), "--out", str(tmp_path / "out"), "--json"]
    result = runner.invoke(app, ["run", "retrieval", *options])
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert told["task"] == "retrieval"
    assert Path(told["log"]).is_file()


def test_what_is_wrong_is_a_sentence(tmp_path: Path) -> None:
    unknown = runner.invoke(app, ["run", "nothing"])
    assert unknown.exit_code == 2
    assert "The tasks are" in " ".join(unknown.stderr.replace("│", " ").split())
    empty = runner.invoke(
        app, ["run", "retrieval", "--data", str(tmp_path), "--out", str(tmp_path)]
    )
    assert empty.exit_code == 2
    assert "BEIR layout" in " ".join(empty.stderr.replace("│", " ").split())


def test_runs_are_shown_also_beside_a_damaged_one_and_of_another_version(tmp_path: Path) -> None:
    made = ["run", "agreement", "--limit", "5", "--no-cache", "--out", str(tmp_path)]
    assert runner.invoke(app, made).exit_code == 0
    (run,) = tmp_path.iterdir()
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "run.json").write_text("{", encoding="utf-8")
    listed = runner.invoke(app, ["show", "--out", str(tmp_path), "--json"])
    assert [row["finished"] for row in json.loads(listed.stdout)] == [["agreement"]]
    log = run / "agreement.jsonl"
    log.write_text(log.read_text("utf-8").replace('"unmarked"', '"was"'), encoding="utf-8")
    shown = runner.invoke(app, ["show", run.name, "--out", str(tmp_path)])
    assert (shown.exit_code, "kappa" in shown.stdout) == (0, True)
    first = json.loads(log.read_text("utf-8").splitlines()[1])["id"]
    one = runner.invoke(app, ["show", run.name, "--sample", first, "--out", str(tmp_path)])
    assert json.loads(one.stdout)["log"].endswith("agreement.jsonl:2")
