"""What should not happen and does: broken files, huge bodies, a full disk. Nothing is lost."""

from __future__ import annotations

import json
import resource
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.processes import (
    REPOSITORY,
    Running,
    environment,
    prepare_home,
    run,
    start_service,
)

CASE = "g1-sister-not-told"
BROKEN_LINE = "  - id: [unclosed\n"
Session = dict[str, Any]


@pytest.fixture
def session(client: httpx.Client) -> Session:
    """A session with one reply in it."""
    opened = client.post("/sessions", json={"case_id": CASE, "language": "en"})
    assert opened.status_code == httpx.codes.CREATED, opened.text
    answer = say(client, opened.json(), "I would ask him why he refuses.")
    assert answer.status_code == httpx.codes.OK, answer.text
    return dict(answer.json()["state"])


def say(
    client: httpx.Client, session: Session, text: str, key: str | None = None
) -> httpx.Response:
    """A reply to a session as it was last seen."""
    headers = {"Idempotency-Key": key or uuid.uuid4().hex}
    body = {"text": text, "expected_seq": session["seq"]}
    return client.post(f"/sessions/{session['id']}/turns", json=body, headers=headers)


def as_it_is(client: httpx.Client, session: Session) -> Session:
    """The session anew."""
    return dict(client.get(f"/sessions/{session['id']}").json())


def problem(answer: httpx.Response, status: int, name: str) -> str:
    """A problem with a sentence and a remedy; returns both."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["type"] == f"urn:maieutic:problem:{name}"
    assert told["detail"].endswith(".")
    assert told["remedy"].endswith(".")
    assert "Traceback" not in answer.text
    return f"{told['detail']} {told['remedy']}"


@contextmanager
def no_room(running: Running) -> Iterator[None]:
    """The system lets a process write to no file while this lasts, as on a full disk."""
    before = resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE, before)


def test_an_answer_of_two_megabytes(client: httpx.Client, session: Session) -> None:
    told = problem(say(client, session, "I would ask. " * 160_000), 413, "too-large")
    assert "hort" in told
    told = problem(say(client, session, "x" * 8001), 413, "too-large")
    assert "8,001" in told
    assert as_it_is(client, session) == session


def test_a_nul_byte(client: httpx.Client, session: Session) -> None:
    problem(say(client, session, "I would ask\0him."), 422, "validation")
    assert as_it_is(client, session) == session


def test_a_full_disk_loses_nothing(
    client: httpx.Client, service: Running, session: Session
) -> None:
    """The turn is refused, the session is as it was, and the same turn succeeds afterwards."""
    text, key = "First a senior geneticist and the ethics committee.", uuid.uuid4().hex
    # What was erased since the last search, by another test, is followed while there is room.
    assert client.get("/search", params={"q": "consent"}).status_code == httpx.codes.OK
    with no_room(service):
        problem(say(client, session, text, key), 507, "storage-full")
        refused = client.post("/sessions", json={"case_id": CASE, "language": "en"})
        problem(refused, 507, "storage-full")
        assert as_it_is(client, session) == session
        assert client.get("/search", params={"q": "consent"}).status_code == httpx.codes.OK
    before = len(client.get("/sessions").json())
    answer = say(client, session, text, key)
    assert answer.status_code == httpx.codes.OK, answer.text
    assert answer.json()["entries"][0]["text"] == text
    again = say(client, session, text, key)
    assert again.json() == answer.json()
    now = as_it_is(client, session)
    assert now == answer.json()["state"]
    assert [e["text"] for e in now["transcript"]].count(text) == 1
    assert now["transcript"][: len(session["transcript"])] == session["transcript"]
    assert len(client.get("/sessions").json()) == before


def test_files_that_cannot_be_read(home: Path, network_log: Path, tmp_path: Path) -> None:
    """Each is named with reason and remedy, and the sound one is searchable all the same."""
    corpus = tmp_path / "corpus"
    folder = corpus / "guidelines"
    folder.mkdir(parents=True)
    shutil.copy(REPOSITORY / "corpus/guidelines/mchk-code.en.md", folder)
    (folder / "torn.pdf").write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 40)
    (folder / "empty.md").write_bytes(b"")
    (folder / "blank [1].txt").write_text(" \n\n", encoding="utf-8")
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "models").symlink_to(home / "models")
    env = environment(tmp_path / "home", network_log, MAIEUTIC_CORPUS=str(corpus))
    done = run("ingest", "--json", env=env)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    files = {Path(f["path"]).name: f for f in map(json.loads, done.stdout.splitlines())}
    assert files.pop("mchk-code.en.md")["status"] == "added"
    assert set(files) == {"torn.pdf", "empty.md", "blank [1].txt"}
    for name, file in files.items():
        assert file["status"] == "failed"
        assert name in file["reason"]
        assert file["reason"].endswith(".")
        assert file["remedy"].endswith(".")
    told = run("ingest", env=env)
    assert told.returncode == 1
    assert all(name in told.stderr for name in files), told.stderr
    found = run("search", "disclosure without consent", "-k", "1", "--json", env=env)
    assert json.loads(found.stdout)["document_id"] == "guidelines/mchk-code.en"


def test_a_broken_case_is_named_with_file_and_line(
    home: Path, models_dir: Path, network_log: Path, tmp_path: Path
) -> None:
    """The others are taught, the case is named, and it is taken in once the file is mended."""
    corpus = tmp_path / "corpus"
    shutil.copytree(REPOSITORY / "corpus", corpus)
    file = corpus / "cases" / CASE / "case.yaml"
    sound = file.read_text(encoding="utf-8")
    lines = sound.splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if line.startswith("stages:")) + 1
    file.write_text("".join([*lines[:at], BROKEN_LINE, *lines[at:]]), encoding="utf-8")
    own = prepare_home(tmp_path / "home", models_dir, home)
    service = start_service(own, tmp_path, network_log, MAIEUTIC_CORPUS=str(corpus))
    try:
        with httpx.Client(base_url=f"{service.url}/api/v1", trust_env=False) as client:
            detail = _told_of_corpus(client, service)
            assert str(file) in detail
            assert f":{at + 2}:" in detail or f":{at + 1}:" in detail, detail
            assert client.get("/health").status_code == httpx.codes.OK
            asked = {"case_id": CASE, "language": "en"}
            refused = client.post("/sessions", json=asked)
            assert refused.status_code == httpx.codes.SERVICE_UNAVAILABLE
            assert str(file) in refused.json()["detail"]
            other = next(c["id"] for c in client.get("/cases").json() if c["id"] != CASE)
            opened = client.post("/sessions", json={"case_id": other, "language": "en"})
            assert opened.status_code == httpx.codes.CREATED
            file.write_text(sound, encoding="utf-8")
            until = time.monotonic() + 120
            while client.post("/sessions", json=asked).status_code != httpx.codes.CREATED:
                assert time.monotonic() < until, client.get("/ready").text
                time.sleep(0.3)
            kept = client.get(f"/sessions/{opened.json()['id']}")
            assert kept.status_code == httpx.codes.OK
    finally:
        service.stop()


def _told_of_corpus(client: httpx.Client, service: Running) -> str:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        assert service.process.poll() is None, service.words
        try:
            check = client.get("/ready").json()["checks"]["corpus"]
        except httpx.TransportError:
            time.sleep(0.2)
            continue
        if "case.yaml" in check["detail"]:
            assert check["ok"] is True
            return str(check["detail"])
        time.sleep(0.2)
    pytest.fail(f"the service never spoke of the case: {service.words}")
