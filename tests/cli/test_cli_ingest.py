from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from ingest.storage import only_writer
from tutor.cli.main import app


@pytest.fixture
def home(tmp_path: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with two documents in its corpus, and the real encoders."""
    for name in [name for name in os.environ if name.startswith("MAIEUTIC_")]:
        monkeypatch.delenv(name)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "models").symlink_to(models_dir, target_is_directory=True)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "one.md").write_text("# One\n\nA relative is told with consent.")
    (tmp_path / "corpus" / "torn.pdf").write_bytes(b"%PDF-1.4 torn")
    monkeypatch.setenv("MAIEUTIC_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MAIEUTIC_CORPUS", str(tmp_path / "corpus"))
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def lines(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_run_reports_each_file_and_its_exit_code(home: Path) -> None:
    foreseen = run("ingest", "--dry-run", "--json")
    assert [(line["path"], line["status"]) for line in lines(foreseen)] == [
        ("one.md", "added"),
        ("torn.pdf", "added"),
    ]
    assert foreseen.exit_code == 0
    assert not (home / "home" / "index").exists()
    first = run("ingest", "--json")
    assert first.exit_code == 1
    assert [(line["document"], line["state"]) for line in lines(first)] == [
        ("one", "indexed"),
        ("torn", "failed"),
    ]
    told = run("ingest")
    assert told.exit_code == 1
    assert "torn.pdf" in told.stderr
    assert "one.md" not in told.stderr
    assert "one.md" in run("ingest", "-v").stderr
    (home / "corpus" / "torn.pdf").unlink()
    assert run("ingest").exit_code == 0


def test_documents_are_taken_in_shown_deleted_and_erased(home: Path) -> None:
    (home / "sent" / "deep").mkdir(parents=True)
    (home / "sent" / "deep" / "walrus.txt").write_text("The walrus clause is read aloud to all.")
    foreseen = run("ingest", str(home / "sent"), "--dry-run", "--json")
    assert [line["status"] for line in lines(foreseen)] == ["added"]
    taken = run("ingest", str(home / "sent"), "--json")
    assert taken.exit_code == 0
    (line,) = lines(taken)
    document = "uploads/deep - walrus"
    assert (line["document"], line["status"], line["passages"]) == (document, "added", 1)
    assert document in run("documents", "list", "--json").stdout
    shown = json.loads(run("documents", "show", document, "--json").stdout)
    assert (shown["state"], shown["version"], len(shown["versions"])) == ("indexed", 1, 1)
    assert run("documents", "verify").exit_code == 0
    assert run("documents", "delete", document).exit_code != 0, "it asks first"
    deleted = run("documents", "delete", document, "--yes", "--json")
    proof = json.loads(deleted.stdout)
    assert (proof["passages"], proof["searched"], proof["found"]) == (1, 3, 0)
    erased = json.loads(run("documents", "erase", document, "--yes", "--json").stdout)
    assert (erased["passages"], erased["found"]) == (1, 0)
    again = run("documents", "erase", document, "--yes")
    assert again.exit_code == 2
    assert "There is no document" in " ".join(again.stderr.split())


def test_wrong_usage_and_a_lock_have_their_own_exit_codes(home: Path) -> None:
    assert run("ingest", str(home / "nowhere")).exit_code == 2
    (home / "empty").mkdir()
    assert run("ingest", str(home / "empty")).exit_code == 2
    (home / "home" / "index").mkdir()
    with only_writer(home / "home" / "index"):
        locked = run("ingest")
    assert locked.exit_code == 3
    assert f"process {os.getpid()}" in " ".join(locked.stderr.split())
