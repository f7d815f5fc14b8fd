"""Real sessions as tables: with an approval, and with nobody in them who could be found."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from evals.commands.export import export
from evals.export import OF_SESSIONS, Veil, rows_of_sessions
from evals.export.veil import quarter
from tutor.dialogue import Completed, Event, Judged, LearnerSaid, SessionOpened, TutorMoved
from tutor.dialogue.events import Contested, Judgement, LanguageSwitched, Reflected
from tutor.records import EventStore, HandedIn, add_user, open_database

AT = dt.datetime(2026, 11, 26, 6, 7, 8, tzinfo=dt.UTC)
HKID, PHONE = "A123456(3)", "9123 4567"
APPROVAL = "HKU/HA HKW IRB UW 26-123"
SESSION = "0123456789abcdef0123456789abcdef"
CHOSEN = (
    SessionOpened(case_id="g1", case_version="1.2", language="en"),
    TutorMoved(move="open", text="What would you say to her?"),
    # As it would stand there if the rules of that time had missed it.
    LearnerSaid(text=f"She is {HKID}, reach her at {PHONE}.", acts=("assertion",), language="en"),
    Judged(
        judgements=(
            Judgement(target="E1", verdict="covered", probability=0.9, span=f"She is {HKID}"),
            Judgement(target="M1:repair", verdict="absent", probability=0.1),
        )
    ),
    TutorMoved(move="hint", target="E2", text=f"You said “{PHONE}”. And then?", wording="a:b"),
    LanguageSwitched(language="zh-Hant"),
    LearnerSaid(text="=要問過她", acts=("assertion",), language="zh-Hant", redacted=("name",)),
    Contested(target="E1", said="It", note="我說過了"),
    Completed(outcome="completed"),
    Reflected(text="下次先問。"),
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with two learners' sessions in its records."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("MAIEUTIC_HOME", str(home))
    engine = open_database(f"sqlite:///{home / 'records.sqlite3'}")
    store = EventStore(engine)
    for name, session in (("mary.wong", SESSION), ("siu.ming", "f" * 32)):
        user = add_user(engine, name, "a sentence that is long enough", ["learner"])
        events: list[Event] = list(CHOSEN)
        store.create(session, user_id=user.id, case_id="g1", events=events, at=AT)
        (home / f"{name}.id").write_text(user.id)
    handed = HandedIn("pre", "en", "1.2", {"Q1": "b"}, 3, 5, AT)
    store.self_tests.add(SESSION, handed)
    return home


def exported(folder: Path, *words: str) -> Any:
    """`maieutic eval export --sessions`."""
    app = typer.Typer()
    app.command()(export)
    asked = ["--sessions", "--out", str(folder), "--i-have-approval", APPROVAL, *words]
    told = CliRunner().invoke(app, asked)
    assert told.exit_code == 0, told.output
    return told


def read(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_what_was_said_and_how_it_was_judged(home: Path, tmp_path: Path) -> None:
    del home
    exported(tmp_path / "out")
    sessions = read(tmp_path / "out" / "sessions.csv")
    assert len(sessions) == 2
    assert {(s["case"], s["quarter"], s["messages"], s["outcome"]) for s in sessions} == {
        ("g1", "2026-Q4", "2", "completed")
    }
    assert sorted(s["test_before"] for s in sessions) == ["", "3"]
    first = sessions[0]["session"]
    turns = [t for t in read(tmp_path / "out" / "turns.csv") if t["session"] == first]
    assert [(t["turn"], t["speaker"], t["kind"], t["language"]) for t in turns] == [
        ("1", "tutor", "message", "en"),
        ("2", "learner", "message", "en"),
        ("3", "tutor", "message", "en"),
        ("4", "learner", "message", "zh-Hant"),
        ("5", "learner", "contest", "zh-Hant"),
        ("6", "learner", "reflection", "zh-Hant"),
    ]
    assert turns[1]["text"].startswith("She is [HKID]") and turns[3]["text"] == "'=要問過她"
    assert turns[1]["redacted"] == "hkid phone" and turns[3]["redacted"] == "name"
    judged = [j for j in read(tmp_path / "out" / "judgements.csv") if j["session"] == first]
    assert [(j["turn"], j["target"], j["kind"], j["span"], j["label"]) for j in judged] == [
        ("2", "E1", "expectation", "", ""),
        ("2", "M1:repair", "corrected idea", "", ""),
    ]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_nothing_tells_who_or_when(home: Path, tmp_path: Path, form: str) -> None:
    ids = [path.read_text() for path in home.glob("*.id")]
    told = exported(tmp_path / "out", "--format", form)
    planted = [*ids, SESSION, "f" * 32, "mary.wong", "siu.ming", HKID, PHONE, "2026-11", "06:07"]
    for path in (tmp_path / "out").iterdir():
        # What Parquet packs is unpacked by the reader; here its bytes are searched as well.
        held = path.read_bytes() + _unpacked(path)
        for text in planted:
            assert text.encode() not in held, (path, text)
    assert "sessions 2" in told.output


def _unpacked(path: Path) -> bytes:
    if path.suffix != ".parquet":
        return b""
    import pyarrow.parquet as pq

    return str(pq.read_table(path).to_pylist()).encode()


def test_the_approval_stands_in_the_export(home: Path, tmp_path: Path) -> None:
    del home
    exported(tmp_path / "out")
    readme = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert APPROVAL in readme and "no id of a person" in readme
    assert [t.name for t in OF_SESSIONS] == ["sessions", "turns", "judgements"]


def test_two_exports_cannot_be_joined(home: Path, tmp_path: Path) -> None:
    del home
    found = []
    for name in ("a", "b"):
        exported(tmp_path / name)
        found.append({s["session"] for s in read(tmp_path / name / "sessions.csv")})
    assert len(found[0] | found[1]) == 4


def test_pseudonyms_hang_on_the_salt_and_sort_the_sessions(home: Path) -> None:
    store = EventStore(open_database(f"sqlite:///{home / 'records.sqlite3'}"))
    names = []
    for salt in (b"1", b"1", b"2"):
        veil = Veil(salt)
        rows = [row for table, row in rows_of_sessions(store, veil) if table == "sessions"]
        names.append([row["session"] for row in rows])
        assert names[-1] == sorted(names[-1])
    assert names[0] == names[1] != names[2]


def test_no_session_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIEUTIC_HOME", str(tmp_path / "home"))
    assert "sessions 0, turns 0" in exported(tmp_path / "out").output
    assert read(tmp_path / "out" / "sessions.csv") == []


def test_a_damaged_session_is_left_out(home: Path, tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{home / 'records.sqlite3'}")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "update events set payload = '{' where seq = 3 and session_id = ?", (SESSION,)
        )
    exported(tmp_path / "out")
    assert len(read(tmp_path / "out" / "sessions.csv")) == 1


@pytest.mark.parametrize(
    ("month", "told"), [(1, "2026-Q1"), (3, "2026-Q1"), (4, "2026-Q2"), (12, "2026-Q4")]
)
def test_quarters(month: int, told: str) -> None:
    assert quarter(dt.datetime(2026, month, 1, tzinfo=dt.UTC)) == told
