"""The service in this process, over real records and a tiny corpus."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.tiny_teaching import make_runtime
from tutor.api import create_app
from tutor.runtime import Runtime
from tutor.settings import Settings

LOCAL = "http://127.0.0.1:8600"


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    """A case, a scripted judge, a real index."""
    return make_runtime(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """One local user, a home of its own."""
    return Settings(home=tmp_path / "home")


@pytest.fixture
def app(settings: Settings, tiny: Runtime) -> FastAPI:
    """The service, not started yet."""
    return create_app(settings, tiny)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """The service, started."""
    with TestClient(app, base_url=LOCAL, raise_server_exceptions=False) as client:
        yield client
