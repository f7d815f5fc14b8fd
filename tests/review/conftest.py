"""The service over a tiny case, with a judge that can be unsure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.review.trying import LOCAL, HesitantJudge, Learner
from tests.tiny_teaching import make_runtime
from tutor.api import create_app
from tutor.runtime import Runtime
from tutor.settings import Settings


@pytest.fixture(scope="session")
def hesitant(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    """The tiny tutor with that judge."""
    made = make_runtime(tmp_path_factory.mktemp("review"))
    return replace(made, judge=HesitantJudge())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """One local user, a home of its own."""
    return Settings(home=tmp_path / "home")


@pytest.fixture
def app(settings: Settings, hesitant: Runtime) -> FastAPI:
    """The service, not started yet."""
    return create_app(settings, hesitant)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """The service, started."""
    with TestClient(app, base_url=LOCAL, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def learner(client: TestClient) -> Learner:
    """A session in English."""
    return Learner(client)
