"""The command line, as a process: what it prints, and how it fails."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.processes import environment, free_port, run

CASE = "g1-sister-not-told"
COMMANDS = ("up", "serve", "ingest", "search", "ask", "judge", "converse", "case", "user", "eval")
WRONG = "The trainee could send a short WeChat, it's only informal so privacy rules don't apply."
SCRIPT = (
    "Find out why he says no before doing anything else, and offer to help him tell her.",
    WRONG,
    "Can I tell relatives without the patient's consent in Hong Kong?",
    "I don't know.",
    "/end",
)
Cli = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def cli(home: Path, network_log: Path) -> Cli:
    """`cli("search", "consent", MAIEUTIC_CORPUS=...)`: a command in a prepared home."""

    def call(*arguments: str, stdin: str = "", **variables: str) -> Any:
        env = {**environment(home, network_log), "COLUMNS": "120", "NO_COLOR": "1", **variables}
        return run(*arguments, env=env, stdin=stdin)

    return call


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which this process listens."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield int(holder.getsockname()[1])


def lines(printed: str) -> list[dict[str, Any]]:
    """One JSON object a line."""
    return [json.loads(line) for line in printed.splitlines()]


def fails(done: subprocess.CompletedProcess[str], *parts: str) -> str:
    """It failed with sentences and no trace; returns what it said."""
    told = " ".join(done.stderr.split())
    assert done.returncode not in {0, -6, -9, -11}, told
    assert done.stdout.strip() == "", done.stdout
    assert "Traceback" not in told
    assert not re.search(r'File ".*", line \d+', told)
    assert told.startswith("maieutic: ") or "maieutic: " in told, told
    assert told.rstrip().endswith((".", ")")), told
    for part in parts:
        assert part in told, (part, told)
    return told


def test_help_lists_the_commands(cli: Cli) -> None:
    done = cli("--help")
    assert done.returncode == 0, done.stderr
    for command in COMMANDS:
        assert re.search(rf"^\W*{command}\s+\S", done.stdout, re.MULTILINE), command


def test_converse_plays_a_script_and_prints_one_event_a_line(cli: Cli, tmp_path: Path) -> None:
    script = tmp_path / "replies.txt"
    script.write_text("\n".join(SCRIPT) + "\n", encoding="utf-8")
    done = cli("converse", CASE, "--script", str(script), "--json")
    assert done.returncode == 0, done.stderr
    events = lines(done.stdout)
    assert events[0]["type"] == "session_opened"
    assert events[0]["case_id"] == CASE
    assert [e["text"] for e in events if e["type"] == "learner_said"] == list(SCRIPT[:4])
    moves = [e for e in events if e["type"] == "tutor_moved"]
    for event in moves:
        assert {"move", "target", "text", "citations"} <= event.keys()
        assert event["text"].strip()
    correction = next(e for e in moves if e["move"] == "correction")
    assert correction["target"] == "M4"
    assert all(c["quote"] and c["passage_id"] for c in correction["citations"])
    assert correction["citations"]
    assert any(e["move"] == "answer" for e in moves)
    assert moves[-1]["move"] == "synthesis"
    assert next(e for e in events if e["type"] == "completed")["outcome"] == "ended_early"


def test_converse_reads_replies_from_standard_input(cli: Cli) -> None:
    """In Chinese, and for a reader: no JSON."""
    done = cli("converse", CASE, "--lang", "zh-Hant", "--script", "-", stdin="不知道。\n")
    assert done.returncode == 0, done.stderr
    assert "未獲告知的妹妹" in done.stdout
    assert "> 不知道。" in done.stdout


def test_judge_writes_the_documented_format(cli: Cli, tmp_path: Path) -> None:
    answers, out = tmp_path / "answers.jsonl", tmp_path / "judged.jsonl"
    rows: list[dict[str, str]] = [
        {"id": "a", "text": "I'd sit down with him and ask what is behind this refusal."},
        {"text": WRONG},
        {"id": "c", "text": "I don't know."},
    ]
    answers.write_text("\n".join(json.dumps(r) for r in rows) + "\n\n", encoding="utf-8")
    done = cli("judge", CASE, "--in", str(answers), "--out", str(out))
    assert done.returncode == 0, done.stderr
    judged = lines(out.read_text(encoding="utf-8"))
    assert [j["id"] for j in judged] == ["a", "2", "c"]
    assert [j["act"] for j in judged] == ["assertion", "assertion", "dont_know"]
    for row, line in zip(rows, judged, strict=True):
        assert set(line) == {"id", "act", "judgements"}
        targets = [j["target"] for j in line["judgements"]]
        assert sorted(targets) == ["E1", "E2", "E3", "E4", "E5", "E6", "M1", "M2", "M3", "M4"]
        for judgement in line["judgements"]:
            assert set(judgement) == {"target", "verdict", "probability", "span"}
            allowed = {"present" if judgement["target"][0] == "M" else "covered", "partial"}
            assert judgement["verdict"] in allowed | {"absent", "unsure"}
            assert 0 <= judgement["probability"] <= 1
            assert judgement["span"] is None or judgement["span"] in row["text"]
    verdicts = [{j["target"]: j["verdict"] for j in line["judgements"]} for line in judged]
    assert verdicts[1]["M4"] == "present"
    assert set(verdicts[2].values()) == {"absent"}
    assert not list(tmp_path.glob("*.part"))


def test_search_prints_hits_with_both_legs(cli: Cli) -> None:
    done = cli("search", "disclosure without consent", "-k", "3", "--lang", "en", "--json")
    assert done.returncode == 0, done.stderr
    hits = lines(done.stdout)
    assert [h["rank"] for h in hits] == [1, 2, 3]
    assert [h["score"] for h in hits] == sorted((h["score"] for h in hits), reverse=True)
    for hit in hits:
        assert hit["language"] == "en"
        assert hit["legs"].keys() <= {"dense", "english", "lexical"}
        assert all({"score", "rank"} <= leg.keys() for leg in hit["legs"].values())
        assert hit["passage_id"]
        assert hit["text"]


def test_ask_cites_or_says_that_the_corpus_is_silent(cli: Cli) -> None:
    done = cli("ask", "What is the best recipe for egg tarts?", "--json")
    assert done.returncode == 0, done.stderr
    assert lines(done.stdout)[0]["found"] is False
    assert lines(done.stdout)[0]["sentences"] == []


def test_an_unknown_case_is_named_with_those_there_are(cli: Cli, tmp_path: Path) -> None:
    fails(cli("converse", "g9-unknown"), "g9-unknown", CASE)
    answers = tmp_path / "a.jsonl"
    answers.write_text('{"text": "x"}\n', encoding="utf-8")
    given = ("--in", str(answers), "--out", str(tmp_path / "o.jsonl"))
    fails(cli("judge", "g9-unknown", *given), "g9-unknown", CASE)


def test_files_that_are_not_what_they_should_be(cli: Cli, tmp_path: Path) -> None:
    out = ("--out", str(tmp_path / "out.jsonl"))
    missing = str(tmp_path / "missing.jsonl")
    fails(cli("judge", CASE, "--in", missing, *out), "There is no file", missing)
    fails(cli("converse", CASE, "--script", missing), "There is no file", missing)

    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"text": "fine"}\n{"text": \n', encoding="utf-8")
    fails(cli("judge", CASE, "--in", str(broken), *out), f"{broken}:2", "not JSON")
    broken.write_text('{"text": "fine"}\n{"words": "no text"}\n', encoding="utf-8")
    fails(cli("judge", CASE, "--in", str(broken), *out), f"{broken}:2", "`text`")
    broken.write_bytes("病人".encode("big5"))
    fails(cli("converse", CASE, "--script", str(broken)), str(broken), "UTF-8")
    assert not (tmp_path / "out.jsonl").exists()


def test_what_the_parser_refuses_is_a_sentence_too(cli: Cli) -> None:
    fails(cli("frobnicate"), "frobnicate", "--help")
    fails(cli("ask"), "Missing argument", "question")
    fails(cli("eval", "run", "no-such-task"), "no-such-task")


def test_a_bad_corpus(cli: Cli, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    fails(cli("ingest", MAIEUTIC_CORPUS=str(nowhere)), str(nowhere))
    fails(cli("converse", CASE, MAIEUTIC_CORPUS=str(nowhere)), str(nowhere))


def test_a_missing_index(cli: Cli, home: Path, tmp_path: Path) -> None:
    (tmp_path / "models").symlink_to(home / "models")
    told = fails(cli("search", "consent", MAIEUTIC_HOME=str(tmp_path)), str(tmp_path / "index"))
    assert "maieutic ingest" in told


def test_a_model_with_a_wrong_checksum(cli: Cli, home: Path, tmp_path: Path) -> None:
    """One flipped byte, and the file is named and not loaded."""
    for folder in (home / "models").iterdir():
        if folder.is_dir():
            (tmp_path / "models" / folder.name).mkdir(parents=True)
            for file in folder.iterdir():
                (tmp_path / "models" / folder.name / file.name).symlink_to(file)
    for name in ("index", "exemplars"):
        (tmp_path / name).symlink_to(home / name)
    flipped = tmp_path / "models" / "all-MiniLM-L6-v2" / "model.onnx"
    source = flipped.resolve()
    flipped.unlink()
    shutil.copyfile(source, flipped)
    with flipped.open("r+b") as weights:
        weights.seek(1_000_000)
        byte = weights.read(1)
        weights.seek(1_000_000)
        weights.write(bytes([byte[0] ^ 1]))
    done = cli("converse", CASE, "--script", "-", MAIEUTIC_HOME=str(tmp_path))
    fails(done, str(flipped), "wrong checksum", "maieutic setup")


def test_a_port_that_is_taken(cli: Cli, taken: int) -> None:
    """The process that has it is named, and the variable that chooses another."""
    told = fails(cli("serve", MAIEUTIC_PORT=str(taken)), f"Port {taken}", "MAIEUTIC_PORT=")
    assert re.search(r"process \d+ \(\S+\)", told)
    other = {"MAIEUTIC_PORT": str(free_port()), "MAIEUTIC_UI_PORT": str(taken)}
    told = fails(cli("up", **other), f"Port {taken}", "MAIEUTIC_UI_PORT=")
    assert re.search(r"process \d+ \(\S+\)", told)


def test_a_setting_that_does_not_exist(cli: Cli) -> None:
    fails(cli("search", "x", MAIEUTIC_PROT="8600"), "MAIEUTIC_PROT", "MAIEUTIC_PORT")
