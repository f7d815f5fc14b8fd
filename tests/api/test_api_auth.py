"""Signing in: whose sessions are whose, and how patient the service is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tutor.api import create_app
from tutor.api.auth import Throttle, Tokens
from tutor.api.deps import require_role
from tutor.errors import Forbidden, TooManyAttempts, Unauthenticated
from tutor.records import User, add_user
from tutor.runtime import Runtime
from tutor.settings import Settings

API = "/api/v1"
PASSWORD = "a long enough sentence"
KEY = "k" * 48


@pytest.fixture
def app(tmp_path: Path, tiny: Runtime) -> FastAPI:
    """Reachable by name, so with a sign-in."""
    settings = Settings(
        home=tmp_path, auth="password", host="0.0.0.0", allowed_hosts=("tutor.example",)
    )
    return create_app(settings, tiny)


@pytest.fixture
def service(app: FastAPI) -> Iterator[TestClient]:
    """With two accounts."""
    with TestClient(app, base_url="http://tutor.example", raise_server_exceptions=False) as client:
        engine = app.state.backend.records.engine
        add_user(engine, "chan", PASSWORD, ["learner"])
        add_user(engine, "wong", PASSWORD, ["learner", "educator"])
        yield client


def sign_in(client: TestClient, name: str, password: str = PASSWORD) -> Any:
    return client.post(f"{API}/auth/token", json={"username": name, "password": password})


def bearer(client: TestClient, name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {sign_in(client, name).json()['access_token']}"}


def test_every_route_but_health_needs_a_sign_in(service: TestClient, app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    assert len(paths) > 15
    for path, methods in paths.items():
        for method in methods:
            answer = service.request(method, path.replace("{", "").replace("}", ""), json={"k": 1})
            if path in {f"{API}/health", f"{API}/ready"}:
                assert answer.status_code == 200
            elif path != f"{API}/auth/token":
                assert answer.status_code == 401, (method, path, answer.text)
                assert answer.headers["www-authenticate"] == "Bearer"
                assert answer.json()["type"] == "urn:maieutic:problem:unauthenticated"


def test_a_token_says_who_one_is(service: TestClient) -> None:
    answer = sign_in(service, "Wong")
    assert answer.status_code == 200
    assert answer.json()["token_type"] == "bearer"
    assert answer.json()["expires_in"] == 3600
    me = service.get(f"{API}/me", headers=bearer(service, "wong")).json()
    assert me["name"] == "wong"
    assert me["roles"] == ["learner", "educator"]
    assert me["auth"] == "password"


def test_a_user_sees_only_their_own_sessions(service: TestClient) -> None:
    chan, wong = bearer(service, "chan"), bearer(service, "wong")
    body = {"case_id": "tiny", "language": "en"}
    mine = service.post(f"{API}/sessions", json=body, headers=chan).json()
    at = f"{API}/sessions/{mine['id']}"
    assert service.get(at, headers=chan).status_code == 200
    assert service.get(f"{API}/sessions", headers=wong).json() == []
    turn = {"text": "E1", "expected_seq": mine["seq"]}
    for method, path, sent in (
        ("GET", at, None),
        ("GET", f"{at}/transcript", None),
        ("DELETE", at, None),
        ("POST", f"{at}/turns", turn),
        ("POST", f"{at}/end", {"expected_seq": mine["seq"]}),
    ):
        answer = service.request(method, path, json=sent, headers=wong)
        assert answer.status_code == 404, (method, path)
    assert service.get(at, headers=chan).json() == mine


def test_wrong_passwords_and_unknown_names_are_told_the_same(service: TestClient) -> None:
    wrong, unknown = sign_in(service, "chan", "no"), sign_in(service, "nobody")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()


def test_five_failures_then_patience(service: TestClient) -> None:
    for _ in range(5):
        assert sign_in(service, "chan", "no").status_code == 401
    refused = sign_in(service, "CHAN")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert sign_in(service, "wong").status_code == 200


def test_the_throttle_forgets(monkeypatch: pytest.MonkeyPatch) -> None:
    del monkeypatch
    now = [0.0]
    throttle = Throttle(lambda: now[0])
    for _ in range(5):
        throttle.failed("chan")
    with pytest.raises(TooManyAttempts):
        throttle.check("chan")
    now[0] = 59.9
    with pytest.raises(TooManyAttempts):
        throttle.check("chan")
    now[0] = 60.0
    throttle.check("chan")
    for _ in range(5):
        throttle.failed("chan")
    throttle.succeeded("chan")
    throttle.check("chan")


def _claims(**changes: object) -> dict[str, object]:
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    return {"iss": "maieutic", "sub": "u", "exp": soon} | changes


@pytest.mark.parametrize(
    "token",
    [
        "",
        "nonsense",
        jwt.encode(_claims(), "x" * 48, "HS256"),
        jwt.encode(_claims(exp=dt.datetime(2020, 1, 1, tzinfo=dt.UTC)), KEY, "HS256"),
        jwt.encode(_claims(iss="another"), KEY, "HS256"),
        jwt.encode({"sub": "u", "iss": "maieutic"}, KEY, "HS256"),
        jwt.encode(_claims(), None, "none"),
        jwt.encode(_claims(), KEY * 2, "HS512"),
    ],
)
def test_tokens_that_are_not_ours(token: str) -> None:
    with pytest.raises(Unauthenticated):
        Tokens(KEY, 60).read(token)
    assert Tokens(KEY, 60).read(Tokens(KEY, 60).issue("u")) == "u"


def test_a_token_of_an_account_that_is_gone(service: TestClient, app: FastAPI) -> None:
    token = app.state.backend.records.tokens.issue("gone")
    answer = service.get(f"{API}/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


def test_without_a_sign_in_there_is_one_local_user(client_local: TestClient) -> None:
    me = client_local.get(f"{API}/me").json()
    assert me == {
        "id": "local",
        "name": "local",
        "roles": ["learner", "educator", "evaluator", "admin"],
        "auth": "local",
    }
    assert sign_in(client_local, "local").status_code == 404


@pytest.fixture
def client_local(tmp_path: Path, tiny: Runtime) -> Iterator[TestClient]:
    """The default service."""
    app = create_app(Settings(home=tmp_path / "local"), tiny)
    with TestClient(app, base_url="http://localhost") as client:
        yield client


def test_roles() -> None:
    check = require_role("educator")
    educator, admin = User("e", "e", ("educator",)), User("a", "a", ("admin",))
    assert check(educator) is educator
    assert check(admin) is admin
    with pytest.raises(Forbidden):
        check(User("l", "l", ("learner",)))
