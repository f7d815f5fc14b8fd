"""`maieutic judge train`: heads from an institution's own answers, with the real encoders."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals import train_judge
from evals.answers import read_answers
from evals.fit_judge import left_out, trained
from evals.judge_rows import rows_of
from evals.train_judge import app
from ingest import E5, MINILM, Encoder, HashingEncoder
from tests.dialogue.talk import A1, G1
from tests.real_corpus import CORPUS
from tutor.assess import heads_of
from tutor.assess.head import TRAINED
from tutor.cases.load import read_case
from tutor.cases.loaded import LoadedCase

ENCODERS: dict[str, Encoder] = {E5: HashingEncoder(), MINILM: HashingEncoder(64)}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own; encoders that are quick, and few shipped answers."""
    monkeypatch.setenv("MAIEUTIC_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(train_judge, "load_encoder", lambda path: ENCODERS[path.name])
    few = [a for a in read_answers() if a.case in {A1, G1}]
    shipped = train_judge.read_answers
    monkeypatch.setattr(
        train_judge,
        "read_answers",
        lambda folder: few if folder == train_judge.ANSWERS else shipped(folder),
    )
    return tmp_path / "home"


def own(folder: Path, name: str = f"{G1}.en", **labels: list[str]) -> Path:
    folder.mkdir(exist_ok=True)
    line = {
        "id": "mine-1",
        "text": "I would ask him what he is afraid of.",
        "act": "assertion",
        "covered": ["E1"],
        "partial": [],
        "misconceptions": [],
        "repaired": [],
        **labels,
    }
    (folder / f"{name}.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    return folder


def test_heads_are_written_and_in_force_and_forgotten(home: Path, tmp_path: Path) -> None:
    shipped = heads_of(home)["en"].said.intercept
    done = CliRunner().invoke(app, ["--answers", str(own(tmp_path / "own"))])
    assert done.exit_code == 0, done.output
    assert "1 answers of yours" in done.output and "F1" in done.output
    assert heads_of(home)["en"].said.intercept != shipped
    assert json.loads((home / TRAINED).read_text())["command"] == "maieutic judge train"
    assert CliRunner().invoke(app, ["--forget"]).exit_code == 0
    assert heads_of(home)["en"].said.intercept == shipped


def test_a_dry_run_writes_nothing(home: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["--answers", str(own(tmp_path / "own")), "--dry-run"])
    assert done.exit_code == 0, done.output
    assert not (home / TRAINED).exists()


@pytest.mark.parametrize(
    ("name", "labels", "told"),
    [
        ("x1-unknown.en", {}, "no case 'x1-unknown'"),
        (f"{G1}.en", {"covered": ["E77"]}, "E77"),
        (f"{G1}.fr", {}, "language"),
    ],
)
def test_answers_that_label_nothing_there_is_are_refused(
    home: Path, tmp_path: Path, name: str, labels: dict[str, list[str]], told: str
) -> None:
    done = CliRunner().invoke(app, ["--answers", str(own(tmp_path / "own", name, **labels))])
    assert done.exit_code == 2
    assert told in "".join(done.output.split("\n")).replace("│ │", " ") or told in done.output
    assert not (home / TRAINED).exists()


@pytest.mark.usefixtures("home")
def test_no_answers_is_said_plainly(tmp_path: Path) -> None:
    assert "--answers" in CliRunner().invoke(app, []).output
    (tmp_path / "none").mkdir()
    assert CliRunner().invoke(app, ["--answers", str(tmp_path / "none")]).exit_code == 2


def test_a_case_left_out_is_judged_by_the_others_alone() -> None:
    answers = [a for a in read_answers() if a.case in {A1, G1} and a.language == "en"][::6]
    cases = {n: LoadedCase(read_case(CORPUS / "cases" / n)) for n in (A1, G1)}
    rows = rows_of(answers, cases, list(ENCODERS.values()), train_judge.console)
    found = trained(answers, cases, ENCODERS)
    chance = left_out(rows, "en", found["heads"]["en"])
    # What the answers to one case are labelled with does not move the judgement of that case.
    turned = [a for a in answers if a.case == G1 or a.split == "dev"]
    fewer = rows_of(turned, cases, list(ENCODERS.values()), train_judge.console)
    again = left_out(fewer, "en", found["heads"]["en"])
    kept = [i for i, a in enumerate(rows.answers) if a.case == G1]
    held = [i for i, a in enumerate(fewer.answers) if a.case == G1]
    assert chance[kept] == pytest.approx(again[held])
