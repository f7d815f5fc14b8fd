"""How the service comes up: at once for /health, by and by for the rest, again after a failure."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from ingest import IndexMissing, ModelMissing
from tutor.api import backend as under_test
from tutor.api import create_app
from tutor.runtime import Runtime
from tutor.settings import Settings

API = "/api/v1"
Builder = Callable[[Settings, Callable[[str], None]], Runtime]


def soon(holds: Callable[[], bool]) -> None:
    """Wait until it holds, five seconds at most."""
    until = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.fixture
def built_by(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Builder], TestClient]:
    """The service, whose runtime is built by a function of the test."""

    def make(builder: Builder) -> TestClient:
        monkeypatch.setattr(
            under_test,
            "build_runtime",
            lambda settings, progress, _taught: builder(settings, progress),
        )
        monkeypatch.setattr(under_test, "RETRY_SECONDS", 0.02)
        return TestClient(create_app(Settings(home=tmp_path)), base_url="http://localhost")

    return make


def test_health_answers_while_models_load(
    built_by: Callable[[Builder], TestClient], tiny: Runtime
) -> None:
    go_on = threading.Event()

    def build(_: Settings, progress: Callable[[str], None]) -> Runtime:
        progress("Opening the index")
        go_on.wait(10)
        return tiny

    with built_by(build) as client:
        assert client.get(f"{API}/health").status_code == 200
        soon(lambda: client.get(f"{API}/ready").json()["checks"]["records"]["ok"])
        soon(lambda: "Opening" in client.get(f"{API}/ready").json()["checks"]["index"]["detail"])
        assert client.get(f"{API}/ready").status_code == 503
        assert client.get(f"{API}/me").status_code == 200, "the records are there already"
        waiting = client.get(f"{API}/sessions")
        assert waiting.status_code == 503
        assert "Opening the index." in waiting.json()["detail"]
        go_on.set()
        soon(lambda: client.get(f"{API}/ready").status_code == 200)
        assert client.get(f"{API}/sessions").json() == []


def test_what_can_be_mended_is_tried_again(
    built_by: Callable[[Builder], TestClient], tiny: Runtime
) -> None:
    mended = threading.Event()

    def build(settings: Settings, _: Callable[[str], None]) -> Runtime:
        if not mended.is_set():
            raise IndexMissing(settings.index_dir)
        return tiny

    with built_by(build) as client:
        soon(lambda: "ingest" in client.get(f"{API}/ready").json()["checks"]["index"]["detail"])
        mended.set()
        soon(lambda: client.get(f"{API}/ready").status_code == 200)


def test_a_missing_model_is_a_failure_of_the_models(
    built_by: Callable[[Builder], TestClient],
) -> None:
    def build(_: Settings, __: Callable[[str], None]) -> Runtime:
        raise ModelMissing("some-model")

    with built_by(build) as client:
        soon(lambda: "setup" in client.get(f"{API}/ready").json()["checks"]["models"]["detail"])


def test_what_nobody_foresaw_is_not_hidden(
    built_by: Callable[[Builder], TestClient], caplog: pytest.LogCaptureFixture
) -> None:
    def build(_: Settings, __: Callable[[str], None]) -> Runtime:
        raise RuntimeError("private words")

    with built_by(build) as client:
        soon(lambda: "unexpected" in client.get(f"{API}/ready").json()["checks"]["index"]["detail"])
        assert "private" not in client.get(f"{API}/ready").text
    assert "private words" in caplog.text


def test_records_that_cannot_be_opened_are_said(
    built_by: Callable[[Builder], TestClient], tiny: Runtime, tmp_path: Path
) -> None:
    (tmp_path / "records.sqlite3").write_bytes(b"no database at all " * 100)
    with built_by(lambda _, __: tiny) as client:
        soon(lambda: "NOTADB" in client.get(f"{API}/ready").json()["checks"]["records"]["detail"])
        assert client.get(f"{API}/me").status_code == 503
        (tmp_path / "records.sqlite3").unlink()
        soon(lambda: client.get(f"{API}/ready").status_code == 200)
