"""The tutor under test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from evals.remote import BASE, Remote
from evals.resources import Resources
from tutor.api import create_app
from tutor.runtime import Runtime
from tutor.settings import Settings

LOCAL = "http://127.0.0.1:8600"


@pytest.fixture
def resources(real_settings: Settings, runtime: Runtime) -> Resources:
    """The real tutor; what a task remembers of it is forgotten after each test."""
    return Resources(real_settings, runtime)


@pytest.fixture
def remote(tmp_path: Path, real_settings: Settings, runtime: Runtime) -> Iterator[Remote]:
    """The service in this process, asked as over HTTP."""
    settings = real_settings.model_copy(update={"home": tmp_path / "home"})
    with TestClient(create_app(settings, runtime), base_url=LOCAL + BASE) as client:
        found = Remote(LOCAL)
        found._client = client  # type: ignore[assignment]
        yield found
