"""Every error is a problem with a remedy; strange hosts and endless bodies are turned away."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tutor.api import create_app
from tutor.errors import RecordsFull
from tutor.runtime import Runtime
from tutor.settings import Settings

API = "/api/v1"


def told(answer: object, status: int, name: str) -> dict[str, object]:
    assert answer.status_code == status  # type: ignore[attr-defined]
    assert answer.headers["content-type"] == "application/problem+json"  # type: ignore[attr-defined]
    body: dict[str, object] = answer.json()  # type: ignore[attr-defined]
    assert body["type"] == f"urn:maieutic:problem:{name}"
    assert body["status"] == status
    for member in ("title", "detail", "remedy"):
        assert body[member]
    return body


def test_unknown_routes_and_methods(client: TestClient) -> None:
    told(client.get("/nothing"), 404, "not-found")
    told(client.get(f"{API}/cases/a/b"), 404, "not-found")
    answer = client.put(f"{API}/health")
    told(answer, 405, "method-not-allowed")
    assert "GET" in answer.headers["allow"]


def test_a_request_that_does_not_fit_is_not_repeated_back(client: TestClient) -> None:
    body = {"case_id": "tiny", "language": "Mr Chan", "extra": "A123456(3)"}
    answer = client.post(f"{API}/sessions", json=body)
    told(answer, 422, "validation")
    assert "Chan" not in answer.text
    assert "A123456" not in answer.text


def test_a_body_that_is_no_json(client: TestClient) -> None:
    for content in (b"{", b"\xff\xfe", b"[1]", b"null"):
        answer = client.post(
            f"{API}/ask", content=content, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 422, answer.text
        told(answer, 422, "validation")


def test_a_form_of_another_site_is_not_taken_for_json(client: TestClient) -> None:
    answer = client.post(
        f"{API}/sessions",
        content=b'{"case_id": "tiny", "language": "en"}',
        headers={"Content-Type": "text/plain"},
    )
    told(answer, 422, "validation")


def test_two_megabytes_are_refused_before_they_are_read(client: TestClient) -> None:
    answer = client.post(f"{API}/ask", json={"question": "x" * 2_000_000, "language": "en"})
    told(answer, 413, "too-large")

    def parts() -> object:
        for _ in range(40):
            yield b"x" * 50_000

    told(client.post(f"{API}/ask", content=parts()), 413, "too-large")  # type: ignore[arg-type]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[::2]", "a@b:c"])
def test_a_strange_host_is_refused(client: TestClient, host: str) -> None:
    told(client.get(f"{API}/health", headers={"Host": host}), 400, "unknown-host")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8600", "127.0.0.1:9", "[::1]:8600"])
def test_its_own_names_are_answered(client: TestClient, host: str) -> None:
    assert client.get(f"{API}/health", headers={"Host": host}).status_code == 200


def test_a_page_of_another_site_is_refused(client: TestClient) -> None:
    answer = client.get(f"{API}/sessions", headers={"Origin": "https://evil.example"})
    told(answer, 403, "forbidden")
    own = {"Origin": "http://127.0.0.1:8601"}
    assert client.get(f"{API}/sessions", headers=own).status_code == 200
    told(client.get(f"{API}/sessions", headers={"Origin": "null"}), 403, "forbidden")


def test_security_headers_and_no_cross_origin(client: TestClient) -> None:
    answer = client.get(f"{API}/health")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in answer.headers
    asked = client.options(f"{API}/sessions", headers={"Access-Control-Request-Method": "POST"})
    assert "access-control-allow-origin" not in asked.headers


def test_an_error_of_our_own_shows_no_trace(
    client: TestClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: str) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(app.state.backend.sessions, "list_for", fails)
    answer = client.get(f"{API}/sessions")
    told(answer, 500, "internal")
    assert "secret" not in answer.text


def test_a_full_disk_is_said(
    client: TestClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: str) -> None:
        raise RecordsFull

    monkeypatch.setattr(app.state.backend.sessions, "list_for", fails)
    told(client.get(f"{API}/sessions"), 507, "storage-full")


def test_ready_and_health(client: TestClient) -> None:
    assert client.get(f"{API}/health").json()["status"] == "ok"
    answer = client.get(f"{API}/ready")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ready"
    assert set(answer.json()["checks"]) == {"records", "models", "index", "corpus"}
    assert all(c["ok"] and c["detail"] for c in answer.json()["checks"].values())


def test_what_needs_the_models_says_that_it_waits(tmp_path: Path, tiny: Runtime) -> None:
    app = create_app(Settings(home=tmp_path), tiny)
    # Not started: as if the models were still being loaded.
    client = TestClient(app, base_url="http://localhost")
    assert client.get(f"{API}/health").status_code == 200
    answer = client.get(f"{API}/ready")
    assert answer.status_code == 503
    assert answer.json()["status"] == "starting"
    answer = client.get(f"{API}/cases")
    told(answer, 503, "not-ready")
    assert answer.headers["retry-after"]
