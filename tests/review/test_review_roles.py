"""The queue is for educators; what they see and keep names no learner."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.review.trying import REVIEW, Learner, decide, queue
from tutor.api import create_app
from tutor.records import add_user
from tutor.runtime import Runtime
from tutor.settings import Settings

PASSWORD = "a long enough sentence"


@pytest.fixture
def app(tmp_path: Path, hesitant: Runtime) -> FastAPI:
    """With a sign-in."""
    return create_app(Settings(home=tmp_path / "home", auth="password"), hesitant)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """With a learner and two educators."""
    with TestClient(app, base_url="http://127.0.0.1:8600", raise_server_exceptions=False) as client:
        engine = app.state.backend.records.engine
        add_user(engine, "learner-chan", PASSWORD, ["learner"])
        add_user(engine, "educator-wong", PASSWORD, ["learner", "educator"])
        add_user(engine, "educator-lee", PASSWORD, ["educator"])
        yield client


def sign_in(client: TestClient, name: str) -> None:
    body = {"username": name, "password": PASSWORD}
    token = client.post("/api/v1/auth/token", json=body).json()["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"


def test_a_learner_reaches_no_route_of_it(client: TestClient, app: FastAPI) -> None:
    paths = {p: ms for p, ms in app.openapi()["paths"].items() if p.startswith(REVIEW)}
    assert len(paths) == 6
    for expected, name in ((401, None), (403, "learner-chan")):
        if name is not None:
            sign_in(client, name)
        for path, methods in paths.items():
            for method in methods:
                body = {"verdict": "said", "version": 0, "subject": "review:1"}
                answer = client.request(method, path.replace("{review_id}", "1"), json=body)
                assert answer.status_code == expected, (method, path)


def test_no_learner_is_named_and_the_educator_is(client: TestClient) -> None:
    sign_in(client, "learner-chan")
    Learner(client).says("well maybe E1 is what I would do")
    sign_in(client, "educator-wong")
    (item,) = queue(client)
    detail = decide(client, item["id"], "said").json()
    assert detail["decisions"][0]["by"] == "educator-wong"
    sign_in(client, "educator-lee")
    told = decide(client, item["id"], "not_said").json()
    assert "educator-wong has decided this meanwhile" in told["detail"]
    seen = [client.get(f"{REVIEW}/{path}").text for path in ("items", "decisions", "gains")]
    assert not any("learner-chan" in text for text in [*seen, str(detail)])
