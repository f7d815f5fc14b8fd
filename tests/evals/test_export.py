"""Runs as tables: what is in them, what is not, and what a spreadsheet makes of them."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import typer
from running import run
from typer.testing import CliRunner

from evals.commands.export import export
from evals.export import OF_RUNS, OF_SESSIONS, ExportError, Row, Veil, rows_of_run, write
from evals.export.files import GUARD, STARTS_FORMULA, cell
from evals.export.papers import Papers, dictionary
from evals.log import LogWriter
from evals.resources import Resources
from evals.runs import RunFolder, begin_run, open_run
from evals.stats import Figure
from evals.task import Options, Record, Report, Sample, find_tasks
from tutor.runtime import Runtime
from tutor.settings import Settings

HKID, PHONE = "A123456(3)", "9123 4567"
HOSTILE = (
    "=1+1",
    "+852 is a code",
    "-2 of them",
    "@SUM(A1)",
    "\t=1+1",
    "  =1+1",
    "＝1+1",
    "'quoted'",
    'a\r\nb, "c"; d',
    '=HYPERLINK("http://x.test","按此")',
)
REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def real(
    tmp_path_factory: pytest.TempPathFactory, real_settings: Settings, runtime: Runtime
) -> list[RunFolder]:
    """Runs of the two tasks that have tables of their own."""
    resources = Resources(real_settings, runtime)
    folder = tmp_path_factory.mktemp("runs")
    found = [
        run("judging", resources, folder, limit=8),
        run("dialogue", resources, folder, limit=2),
    ]
    return [open_run(f.log.parent) for f in found]


def made(folder: Path, records: list[Record], figures: list[Figure] | None = None) -> RunFolder:
    """A run of the task dialogue with records of a test's own; cut short without figures."""
    found = begin_run(folder, ["dialogue"], Options(data=Path("/home/mary-wong/sets")))
    path = found.log_of("dialogue")
    with path.open("wb") as file:
        log = LogWriter(file, path)
        options = found.options.as_json()
        log.header({"task": "dialogue", "options": options, "data": {"folder": "x", "hash": "ab"}})
        for record in records:
            log.record(record)
        if figures is not None:
            log.report(Report(figures, (f"Asked by {PHONE}.",)), records)
    return found


def talk(*texts: str, name: str = "s/1", **output: Any) -> Record:
    """A session in which a learner says these."""
    said = [{"who": "learner", "text": t, "acts": ["assertion"]} for t in texts]
    sample = Sample(name, {"language": "en", "persona": "hedger", "case": "g1"}, "g1")
    return Record(sample, {"talk": said, **output})


def exported(found: RunFolder, folder: Path, form: Any = "csv") -> dict[str, list[dict[str, Any]]]:
    """The tables of a run, read back by another program."""
    papers = Papers("a run", form=form)
    write(rows_of_run(found, find_tasks(), Veil()), OF_RUNS, folder, form, papers)
    return {table.name: read(folder / f"{table.name}.{form}") for table in OF_RUNS}


def read(path: Path) -> list[dict[str, Any]]:
    """Rows of a file."""
    if path.suffix == ".parquet":
        rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
        return rows
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def unguarded(text: str) -> str:
    """As the README of an export says."""
    return text.removeprefix(GUARD) if text.startswith(GUARD) else text


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_run_has_every_sample_turn_judgement_and_figure(
    real: list[RunFolder], tmp_path: Path, form: str
) -> None:
    judging, dialogue = (exported(r, tmp_path / str(n), form) for n, r in enumerate(real))
    log = real[1].logs()["dialogue"]
    assert len(judging["samples"]) == 8
    labels = {row["label"] for row in judging["judgements"] if row["kind"] != "position"}
    assert labels <= {"said", "partial", "none"} and "said" in labels
    assert len(dialogue["turns"]) == sum(len(r["talk"]) for r in log.records)
    assert {row["origin"] for row in dialogue["turns"]} == {"scripted"}
    assert {row["origin"] for row in judging["samples"]} == {"authored"}
    assert [(f.group, f.name, str(f.n)) for f in log.figures] == [
        (row["group"], row["figure"], str(row["n"])) for row in dialogue["figures"]
    ]
    assert [float(row["value"]) for row in dialogue["figures"]] == [f.value for f in log.figures]
    spoken = {(row["session"], int(row["turn"])): row["text"] for row in dialogue["turns"]}
    spans = [row for row in dialogue["judgements"] if row["span"]]
    assert spans and all(
        unguarded(row["span"]) in unguarded(spoken[row["session"], int(row["turn"])])
        for row in spans
    )


def test_both_formats_hold_the_same(real: list[RunFolder], tmp_path: Path) -> None:
    for number, found in enumerate(real):
        text = exported(found, tmp_path / f"c{number}")
        typed = exported(found, tmp_path / f"p{number}", "parquet")
        for table in OF_RUNS:
            assert len(text[table.name]) == len(typed[table.name])
            for left, right in zip(text[table.name], typed[table.name], strict=True):
                told = {k: "" if v is None else str(cell(v)) for k, v in right.items()}
                assert left == {k: v.replace("\r\n", "\n") for k, v in told.items()} or left == told


def test_every_column_is_in_the_dictionary_and_holds_what_it_says(
    real: list[RunFolder], tmp_path: Path
) -> None:
    tables = [exported(found, tmp_path / str(n)) for n, found in enumerate(real)]
    with (tmp_path / "0" / "dictionary.csv").open(encoding="utf-8-sig", newline="") as file:
        told = list(csv.DictReader(file))
    assert not [c for row in told for c in row.values() if c[:1] in STARTS_FORMULA | {GUARD}]
    for table in OF_RUNS:
        assert [c["column"] for c in told if c["table"] == table.name] == [
            c.name for c in table.columns
        ]
        for column in table.columns:
            held = {row[column.name] for found in tables for row in found[table.name]} - {""}
            if column.values:
                assert held <= set(column.values), (table.name, column.name)
            if column.type in {"number", "whole"}:
                assert all(float(value) == float(value) for value in held)
            if column.type == "truth":
                assert held <= {"true", "false"}


def test_the_documentation_has_the_dictionary_of_the_code() -> None:
    text = (REPOSITORY / "docs" / "export.md").read_text(encoding="utf-8")
    sessions = [table for table in OF_SESSIONS if table not in OF_RUNS]
    assert dictionary([*OF_RUNS, *sessions]).strip() in text


def test_personal_data_does_not_come_out(tmp_path: Path) -> None:
    words = f"Her HKID is {HKID}, call me on {PHONE}."
    record = talk(
        words,
        f"Please phone {PHONE}",
        deep=[{"note": words, "user_id": "mary-wong", "session_id": "f" * 32}],
        said=[["E1"], []],
    )
    record.output["talk"][0]["judged"] = [["E1", "covered", 0.9, words[:22]]]
    figures = [Figure("all", "f", 1.0, 0.5, 1.0, 1, "share", (record.id,))]
    found = made(tmp_path, [record], figures)
    for form in ("csv", "parquet"):
        exported(found, tmp_path / form, form)
        for path in (tmp_path / form).iterdir():
            held = path.read_bytes() if form == "csv" else json.dumps(_rows(path)).encode()
            for planted in (HKID, PHONE, PHONE.replace(" ", ""), "mary-wong", "f" * 32):
                assert planted.encode() not in held, path
    turns = read(tmp_path / "csv" / "turns.csv")
    assert "[HKID]" in turns[0]["text"] and turns[0]["redacted"].split() == ["hkid", "phone"]
    assert read(tmp_path / "csv" / "judgements.csv")[0]["span"] == ""


def _rows(path: Path) -> Any:
    return read(path) if path.suffix == ".parquet" else path.read_text(encoding="utf-8-sig")


def test_a_name_found_once_is_taken_out_where_the_tutor_repeats_it(tmp_path: Path) -> None:
    record = talk("My patient is called Quentin Zhao.")
    record.output["talk"].append(
        {"who": "tutor", "text": "“Quentin Zhao” and his sister: go on?", "move": "pump"}
    )
    turns = exported(made(tmp_path, [record], []), tmp_path / "out")["turns"]
    assert "Quentin" not in turns[0]["text"] and "Quentin" not in turns[1]["text"]


def test_a_spreadsheet_finds_nothing_to_run_and_nothing_is_lost(tmp_path: Path) -> None:
    found = made(tmp_path, [talk(*HOSTILE, name="=cmd|' /C calc'!A0")], [])
    typed = exported(found, tmp_path / "p", "parquet")["turns"]
    text = exported(found, tmp_path / "c")
    assert [row["text"] for row in typed] == list(HOSTILE)
    assert [unguarded(row["text"]) for row in text["turns"]] == list(HOSTILE)
    for rows in text.values():
        for row in rows:
            assert not [value for value in row.values() if value.strip()[:1] in STARTS_FORMULA]


def test_numbers_stay_numbers() -> None:
    assert [cell(value) for value in (-0.5, -3, True, None)] == [-0.5, -3, "true", None]


def test_what_no_file_can_hold_is_replaced(tmp_path: Path) -> None:
    found = made(tmp_path, [talk("a\x00b\x1b[31m 張醫生")], [])
    path = found.log_of("dialogue")
    path.write_bytes(path.read_bytes().replace(b"a\\u0000b", b"a\\ud800b"))
    for form in ("csv", "parquet"):
        (row,) = exported(found, tmp_path / form, form)["turns"]
        assert row["text"].startswith("a�b�[31m")


def test_a_run_without_logs_and_one_cut_short(tmp_path: Path) -> None:
    nothing = exported(begin_run(tmp_path, ["judging"], Options()), tmp_path / "none")
    assert not any(nothing.values())
    cut = exported(made(tmp_path, [talk("It is.")]), tmp_path / "cut")
    assert cut["runs"][0]["finished"] == "false"
    assert len(cut["samples"]) == 1 and not cut["figures"]


def test_a_record_of_another_shape_has_no_failures_told(tmp_path: Path) -> None:
    (row,) = exported(made(tmp_path, [talk("It is.")], []), tmp_path / "out")["samples"]
    assert row["failures"] == ""


def test_a_hundred_thousand_turns(tmp_path: Path) -> None:
    texts = [f"Consent is needed from number {n} of the family." for n in range(500)]
    records = [
        talk(*(texts[(k * 7 + n) % 500] for n in range(50)), name=str(k)) for k in range(2000)
    ]
    found = made(tmp_path, records, [])
    for form in ("csv", "parquet"):
        began = time.process_time()
        rows = rows_of_run(found, {}, Veil())
        counts = write(
            rows, OF_RUNS, tmp_path / form, "csv" if form == "csv" else "parquet", PAPERS
        )
        assert counts["turns"] == 100_000
        assert time.process_time() - began < 60
    assert len(read(tmp_path / "csv" / "turns.csv")) == 100_000


PAPERS = Papers("a run")


def test_a_folder_is_never_written_over(tmp_path: Path) -> None:
    found = made(tmp_path, [talk("It is.")], [])
    (tmp_path / "out").mkdir()
    exported(found, tmp_path / "out")
    before = (tmp_path / "out" / "turns.csv").read_bytes()
    with pytest.raises(ExportError, match="never written over"):
        exported(found, tmp_path / "out")
    assert (tmp_path / "out" / "turns.csv").read_bytes() == before


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_an_interrupted_export_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    def rows() -> Iterator[Row]:
        yield "turns", {"text": "half"}
        raise error

    with pytest.raises((KeyboardInterrupt, ExportError)):
        write(rows(), OF_RUNS, tmp_path / "out", "csv", PAPERS)
    assert not list(tmp_path.iterdir())


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """`maieutic eval export`, in a home of a test's own."""
    monkeypatch.setenv("MAIEUTIC_HOME", str(tmp_path / "home"))
    app = typer.Typer()
    app.command()(export)
    return lambda *words: CliRunner().invoke(app, [*map(str, words)])


def test_the_command_says_what_it_wrote(command: Callable[..., Any], tmp_path: Path) -> None:
    found = made(tmp_path, [talk("It is.")], [])
    told = command(found.path, "--out", tmp_path / "out")
    assert told.exit_code == 0, told.output
    assert "turns 1" in told.output
    readme = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert found.name in readme and "prove nothing about learning" in readme


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Name a run"),
        (("last", "--sessions"), "not both"),
        (("nowhere",), "There is no run"),
        (("--sessions",), "--i-have-approval"),
        (("--sessions", "--i-have-approval", " "), "--i-have-approval"),
    ],
)
def test_what_is_wrong_is_said(command: Callable[..., Any], words: Any, said: str) -> None:
    told = command(*words)
    assert told.exit_code == 2
    assert said in " ".join(told.output.replace("│", " ").split())


def test_without_inspect_ai_the_command_says_how_to_get_it(
    command: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evals.commands.export.find_spec", lambda _name: None)
    told = command(made(tmp_path, [], []).path, "--format", "inspect")
    assert told.exit_code == 2 and "maieutic[inspect]" in told.output
