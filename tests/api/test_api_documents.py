"""Educators' documents over HTTP: real files, a real index, a real parsing process."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document as Word
from fastapi import FastAPI
from fastapi.testclient import TestClient

from ingest import E5, HashingEncoder
from ingest.storage import only_writer
from tests.tiny_teaching import make_runtime
from tutor import documents as under_test
from tutor.api import create_app
from tutor.records import add_user
from tutor.runtime import Runtime
from tutor.settings import Settings

API = "/api/v1/documents"
PASSWORD = "a long enough sentence"


def note(word: str) -> bytes:
    """A text that no other test sends: the same twice would be a duplicate."""
    return (
        f"# On {word} letters\n\n## Who is asked\n\n"
        f"A {word} letter goes to the patient, who decides whether the {word} kin may read it.\n"
    ).encode()


NOTE = note("family")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the service lives; the tiny index lies in it."""
    return tmp_path_factory.mktemp("documents") / "home"


@pytest.fixture(scope="module")
def runtime(home: Path) -> Runtime:
    """A runtime of these tests alone, for they write its index, with the index's encoder."""
    home.mkdir()
    return replace(make_runtime(home), encoders={E5: HashingEncoder()})


@pytest.fixture(scope="module")
def settings(home: Path) -> Settings:
    """A small limit, so that small files are over it."""
    return Settings(home=home, max_upload_mb=1, max_upload_files=3)


@pytest.fixture(scope="module")
def app(settings: Settings, runtime: Runtime) -> FastAPI:
    """The service, not started yet."""
    return create_app(settings, runtime)


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    """The service, started once; each test sends files of its own."""
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as connection:
        yield connection


def send(client: TestClient, *files: tuple[str, bytes], **details: str) -> Any:
    return client.post(API, files=[("files", file) for file in files], data=details)


def ended(client: TestClient, job: dict[str, Any], seconds: float = 30) -> dict[str, Any]:
    """The job, once it has ended."""
    until = time.monotonic() + seconds
    while job["state"] not in {"done", "failed"}:
        assert time.monotonic() < until, job
        time.sleep(0.02)
        job = client.get(f"{API}/jobs/{job['id']}").json()
    return job


def taken(client: TestClient, *files: tuple[str, bytes], **details: str) -> list[dict[str, Any]]:
    answer = send(client, *files, **details)
    assert answer.status_code == 202, answer.text
    return [ended(client, job) for job in answer.json()["jobs"]]


def word(text: str) -> bytes:
    """A Word file."""
    made, file = Word(), io.BytesIO()
    made.add_heading("On letters", 1)
    made.add_paragraph(text)
    made.save(file)
    return file.getvalue()


def found(client: TestClient, query: str) -> set[str]:
    hits = client.get("/api/v1/search", params={"q": query, "k": 50}).json()["hits"]
    return {hit["passage"]["document_id"] for hit in hits}


def test_a_document_is_taken_in_found_and_shown(client: TestClient) -> None:
    [job] = taken(
        client,
        ("letters.md", NOTE),
        title="Letters to families",
        kind="guideline",
        jurisdiction="HK",
        year="2024",
        url="https://example.org/letters",
    )
    assert job["state"] == "done"
    assert job["status"] == "added"
    assert job["passages"] == 1
    assert job["document_id"] in found(client, "family letter")
    shown = client.get(f"{API}/files/{job['document_id']}").json()
    assert shown["title"] == "Letters to families"
    assert (shown["state"], shown["origin"], shown["by"]) == ("indexed", "uploads", "local")
    assert (shown["year"], shown["jurisdiction"]) == (2024, "HK")
    assert [s["path"] for s in shown["sections"]] == [["Who is asked"]]
    assert "who decides whether" in shown["shown"][0]["text"]
    assert [v["state"] for v in shown["versions"]] == ["current"]
    public = client.get(API).json()
    assert {d["title"] for d in public} >= {"Letters to families", "A code of conduct"}


def test_every_file_of_many_has_a_job_and_a_stated_end(client: TestClient) -> None:
    jobs = taken(
        client,
        ("守則.docx", word("寫給家人的信，先交給病人。")),
        ("torn.pdf", b"%PDF-1.4 nothing of the kind"),
        ("tool.exe", b"MZ\x90\x00"),
    )
    assert [job["name"] for job in jobs] == ["守則.docx", "torn.pdf", "tool.exe"]
    assert [job["state"] for job in jobs] == ["done", "failed", "failed"]
    assert [job["code"] for job in jobs] == [None, "failed", "unsupported"]
    assert all(job["reason"] and job["remedy"] for job in jobs[1:])
    assert jobs[1]["reason"].startswith("The document torn.pdf could not be read: ")
    states = {f["path"]: f["state"] for f in client.get(f"{API}/files").json()}
    assert states["uploads/守則.docx"] == "indexed"
    assert states["uploads/torn.pdf"] == "failed"


def test_the_same_file_again_is_no_new_version(client: TestClient) -> None:
    [first] = taken(client, ("again.md", note("second")))
    [again] = taken(client, ("again.md", note("second")))
    assert again["status"] == "unchanged"
    assert len(client.get(f"{API}/files/{first['document_id']}").json()["versions"]) == 1


def test_a_twin_under_another_name_is_recognised(client: TestClient) -> None:
    [first] = taken(client, ("first.md", note("twin")))
    [twin] = taken(client, ("zwin.md", note("twin")))
    assert twin["status"] == "duplicate"
    shown = client.get(f"{API}/files/{twin['document_id']}").json()
    assert [(d["document_id"], d["kind"]) for d in shown["same"]] == [
        (first["document_id"], "exact")
    ]
    assert shown["same"][0]["title"] == "On twin letters"


def test_a_new_version_supersedes_the_old(client: TestClient) -> None:
    [job] = taken(client, ("scroll.md", note("papyrus")))
    at = f"{API}/files/{job['document_id']}"
    new = note("parchment")
    answer = client.put(at, files=[("files", ("anything.md", new))])
    assert answer.status_code == 202
    assert ended(client, answer.json())["status"] == "updated"
    shown = client.get(at).json()
    assert [v["state"] for v in shown["versions"]] == ["superseded", "current"]
    assert "parchment" in shown["shown"][0]["text"]
    hits = client.get("/api/v1/search", params={"q": "papyrus letter", "k": 50}).json()["hits"]
    assert [h for h in hits if "papyrus" in h["passage"]["text"]] == []
    other_kind = client.put(at, files=[("files", ("scroll.docx", word("x")))])
    assert other_kind.status_code == 422
    assert ".md" in other_kind.json()["detail"]


def test_a_deletion_proves_itself_and_an_erasure_takes_the_history(
    client: TestClient, home: Path
) -> None:
    secret = b"# On letters\n\nThe zebrafish clause is confidential.\n"
    [job] = taken(client, ("secret.md", secret))
    at = f"{API}/files/{job['document_id']}"
    client.delete(at)
    # Sent again: two versions of the history say the same.
    taken(client, ("secret.md", secret))
    proof = client.delete(at).json()
    assert (proof["passages"], proof["found"], proof["left_vectors"]) == (1, 0, 0)
    assert proof["searched"] >= proof["passages"]
    assert job["document_id"] not in found(client, "zebrafish clause")
    assert client.get(at).status_code == 404
    assert client.delete(at).status_code == 404
    wrong = client.post(f"{at}/erase", json={"confirm": "another"})
    assert wrong.status_code == 422
    erased = client.post(f"{at}/erase", json={"confirm": job["document_id"]}).json()
    assert (erased["passages"] >= 1, erased["found"]) == (True, 0)
    assert erased["looked_for"] > 0
    holders = [f for f in home.rglob("*") if f.is_file() and b"zebrafish" in f.read_bytes()]
    assert holders == []
    assert client.post(f"{at}/erase", json={"confirm": job["document_id"]}).status_code == 404


def test_what_belongs_to_the_corpus_is_left_alone(client: TestClient) -> None:
    at = f"{API}/files/guidelines/code.en"
    assert client.get(at).json()["origin"] == "corpus"
    calls = (
        client.delete(at),
        client.post(f"{at}/erase", json={"confirm": "guidelines/code.en"}),
        client.put(at, files=[("files", ("code.en.md", NOTE))]),
    )
    for answer in calls:
        assert answer.status_code == 409
        assert "belongs to the corpus" in answer.json()["detail"]
        assert answer.json()["remedy"]
    assert "guidelines/code.en" in found(client, "disclosed")


def test_the_list_is_filtered(client: TestClient) -> None:
    taken(client, ("list.md", note("listed")), ("list.pdf", b"%PDF-1.4"), kind="other")

    def ids(**query: str) -> list[str]:
        return [f["path"] for f in client.get(f"{API}/files", params=query).json()]

    assert ids(origin="uploads", q="list") == ["uploads/list.md", "uploads/list.pdf"]
    assert ids(state="failed", q="list") == ["uploads/list.pdf"]
    assert ids(lang="zh-Hant", origin="corpus") == ["guidelines/note.zh-Hant.md"]
    assert ids(q="ON listed") == ["uploads/list.md"]
    assert ids(kind="guideline", q="conduct") == ["guidelines/code.en.md"]
    assert client.get(f"{API}/files", params={"state": "lost"}).status_code == 422


def test_passages_come_in_parts(client: TestClient) -> None:
    text = b"".join(b"# Part %d\n\n%s\n\n" % (n, note(f"part{n}")[40:] * 3) for n in range(7))
    [job] = taken(client, ("long.md", text))
    at = f"{API}/files/{job['document_id']}"
    whole = client.get(at, params={"limit": 200}).json()["shown"]
    parts = [
        p
        for offset in range(0, len(whole), 2)
        for p in client.get(at, params={"limit": 2, "offset": offset}).json()["shown"]
    ]
    assert len(whole) >= 7
    assert parts == whole
    assert client.get(at, params={"offset": 999}).json()["shown"] == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../escape.md", "escape.md"),
        ("C:\\Users\\me\\notes.md", "notes.md"),
        ("..\u202egnp.md", "gnp.md"),
        ("指引（二零二六年版）.md", "指引（二零二六年版）.md"),
        (f"{'長' * 300}.md", f"{'長' * 65}.md"),
    ],
)
def test_a_name_never_leads_out_of_the_folder(
    client: TestClient, settings: Settings, home: Path, name: str, kept: str
) -> None:
    around, text = set(home.parent.iterdir()), note(f"name{len(name)}")
    [job] = taken(client, (name, text))
    assert job["state"] == "done"
    assert (settings.uploads_dir / kept).read_bytes() == text
    assert set(home.parent.iterdir()) == around


def test_files_that_are_not_taken_are_named_and_the_others_go_on(client: TestClient) -> None:
    answer = send(
        client, ("empty.md", b""), ("large.md", b"x" * (1024 * 1024 + 1)), ("well.md", note("well"))
    )
    assert answer.status_code == 202
    jobs = [ended(client, job) for job in answer.json()["jobs"]]
    assert [job["code"] for job in jobs] == ["empty", "too_large", None]
    paths = {f["path"] for f in client.get(f"{API}/files").json()}
    assert {"uploads/empty.md", "uploads/large.md", "uploads/well.md"} & paths == {
        "uploads/well.md"
    }
    twice = send(client, ("one.md", note("one")), ("a/One.md", note("other")))
    assert [job["code"] for job in twice.json()["jobs"]] == [None, "same_name"]
    assert ended(client, twice.json()["jobs"][0])["state"] == "done"


@pytest.mark.parametrize(
    ("files", "details", "said"),
    [
        ([], {"title": "x"}, "No file came"),
        ([("files", (f"{n}.md", NOTE)) for n in range(4)], {}, "cannot be read as a form"),
        ([("files", ("a.md", NOTE))], {"kind": "poem"}, "body.kind"),
        ([("files", ("a.md", NOTE))], {"url": "javascript:alert(1)"}, "body.url"),
        ([("files", ("a.md", NOTE))], {"colour": "red"}, "body.colour"),
        ([("files", (f"{n}.md", NOTE)) for n in range(2)], {"title": "x"}, "several files"),
        ([("files", ("a.md", NOTE))], {"title": "x" * 5000}, "cannot be read as a form"),
    ],
)
def test_a_form_that_does_not_fit_stores_nothing(
    client: TestClient,
    settings: Settings,
    files: list[Any],
    details: dict[str, str],
    said: str,
) -> None:
    before = [settings.inbox_dir.exists(), sorted(settings.home.rglob("uploads/*"))]
    answer = client.post(API, files=files or [("files", (None, ""))], data=details)
    assert answer.status_code == 422, answer.text
    assert said in answer.json()["detail"]
    assert answer.json()["remedy"]
    assert [settings.inbox_dir.exists(), sorted(settings.home.rglob("uploads/*"))] == before
    assert list(settings.home.glob("inbox/*")) == []


def test_an_endless_upload_ends(client: TestClient, settings: Settings) -> None:
    """Whether its length is announced or not."""
    over = settings.max_upload_bytes + 1

    def pieces() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.md"\r\n\r\n'
        for _ in range(over // 2**20 + 1):
            yield b"x" * 2**20
        yield b"\r\n--b--\r\n"

    form = {"Content-Type": "multipart/form-data; boundary=b"}
    for answer in (
        client.post(API, content=pieces(), headers=form),
        client.post(API, content=b"", headers=form | {"Content-Length": str(over)}),
    ):
        assert answer.status_code == 413, answer.text
        assert answer.json()["type"] == "urn:maieutic:problem:too-large"
    assert client.post(API, content=b"x" * 2**20).status_code == 413
    assert list(settings.home.glob("inbox/*")) == []
    assert "uploads/a.md" not in {f["path"] for f in client.get(f"{API}/files").json()}


def test_uploads_at_the_same_time_all_arrive(client: TestClient) -> None:
    jobs: list[dict[str, Any]] = []

    def one(number: int) -> None:
        sent = send(client, (f"n{number}.md", note(f"crowd{number}")))
        jobs.extend(sent.json()["jobs"])

    threads = [threading.Thread(target=one, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [ended(client, job)["state"] for job in jobs] == ["done"] * 6
    listed = client.get(f"{API}/files", params={"q": "crowd"}).json()
    assert {f["path"] for f in listed} == {f"uploads/n{n}.md" for n in range(6)}


def test_another_writer_is_waited_for_by_uploads_and_named_to_deletions(
    client: TestClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    [job] = taken(client, ("locked.md", note("locked")))
    monkeypatch.setattr(under_test, "LOCK_SECONDS", 0.05)
    monkeypatch.setattr(under_test, "PATIENCE_SECONDS", 0.2)
    with only_writer(settings.index_dir):
        refused = client.delete(f"{API}/files/{job['document_id']}")
        [waiting] = send(client, ("later.md", note("later"))).json()["jobs"]
        until = time.monotonic() + 20
        while not waiting["waits_for"]:
            assert time.monotonic() < until, waiting
            time.sleep(0.02)
            waiting = client.get(f"{API}/jobs/{waiting['id']}").json()
        busy = client.delete(f"{API}/files/{job['document_id']}")
    assert refused.status_code == busy.status_code == 409
    assert "is being written by process" in refused.json()["detail"]
    assert "nothing was removed" in busy.json()["detail"]
    assert waiting["state"] == "queued"
    assert "is being written by process" in waiting["waits_for"]
    assert ended(client, waiting)["state"] == "done"
    assert client.delete(f"{API}/files/{job['document_id']}").status_code == 200


def test_what_was_acknowledged_outlives_the_service(
    settings: Settings, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first service never gets at the index; the second finds the upload and takes it in."""
    monkeypatch.setattr(under_test, "LOCK_SECONDS", 0.05)
    with only_writer(settings.index_dir):
        with TestClient(create_app(settings, runtime), base_url="http://127.0.0.1") as client:
            [job] = send(client, ("survivor.md", note("survivor"))).json()["jobs"]
        assert not (settings.uploads_dir / "survivor.md").exists()
        (settings.inbox_dir / ".half-written").mkdir()
    with TestClient(create_app(settings, runtime), base_url="http://127.0.0.1") as client:
        assert ended(client, client.get(f"{API}/jobs/{job['id']}").json())["state"] == "done"
        assert "uploads/survivor.md" in {f["path"] for f in client.get(f"{API}/files").json()}
    assert list(settings.inbox_dir.iterdir()) == []


def test_a_fault_that_nobody_foresaw_does_not_stop_the_queue(
    client: TestClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = app.state.backend.documents
    real, told = library.inbox.data, []
    monkeypatch.setattr(threading, "excepthook", told.append)

    def broken_once(upload: Any) -> bytes:
        if upload.name == "bad.md":
            raise ArithmeticError("unforeseen")
        return bytes(real(upload))

    monkeypatch.setattr(library.inbox, "data", broken_once)
    bad, good = taken(client, ("bad.md", note("bad")), ("good.md", note("good")))
    assert (bad["state"], good["state"]) == ("failed", "done")
    assert "unforeseen" not in str(bad)
    assert [hook.exc_type for hook in told] == [ArithmeticError]


def test_only_educators(home: Path, runtime: Runtime) -> None:
    app = create_app(Settings(home=home, auth="password"), runtime)
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        for name, role in (("chan", "learner"), ("wong", "educator")):
            add_user(app.state.backend.records.engine, name, PASSWORD, [role])  # type: ignore[list-item]
        calls: list[tuple[str, str, dict[str, Any]]] = [
            ("POST", API, {"files": [("files", ("a.md", NOTE))]}),
            ("GET", f"{API}/jobs", {}),
            ("GET", f"{API}/jobs/x", {}),
            ("GET", f"{API}/files", {}),
            ("GET", f"{API}/files/guidelines/code.en", {}),
            ("PUT", f"{API}/files/x", {"files": [("files", ("a.md", NOTE))]}),
            ("DELETE", f"{API}/files/x", {}),
            ("POST", f"{API}/files/x/erase", {"json": {"confirm": "x"}}),
        ]
        body = {"username": "chan", "password": PASSWORD}
        token = client.post("/api/v1/auth/token", json=body).json()["access_token"]
        learner = {"Authorization": f"Bearer {token}"}
        for method, path, sent in calls:
            assert client.request(method, path, **sent).status_code == 401
            refused = client.request(method, path, headers=learner, **sent)
            assert refused.status_code == 403, (method, path)
            assert "educator" in refused.json()["detail"]
        token = client.post("/api/v1/auth/token", json={**body, "username": "wong"}).json()
        educator = {"Authorization": f"Bearer {token['access_token']}"}
        assert client.get(f"{API}/files", headers=educator).status_code == 200
        assert client.get(API, headers=learner).status_code == 200
        assert list(home.glob("inbox/*")) == []
        assert not (home / "uploads" / "a.md").exists()


def test_a_service_without_encoders_says_so(settings: Settings, runtime: Runtime) -> None:
    with TestClient(
        create_app(settings, replace(runtime, encoders={})),
        base_url="http://127.0.0.1",
        raise_server_exceptions=False,
    ) as client:
        assert client.get(API).status_code == 200
        assert client.get(f"{API}/files").status_code == 503
