"""The tutor under test."""

from __future__ import annotations

import pytest

from evals.resources import Resources
from tutor.runtime import Runtime
from tutor.settings import Settings


@pytest.fixture
def resources(real_settings: Settings, runtime: Runtime) -> Resources:
    """The real tutor; what a task remembers of it is forgotten after each test."""
    return Resources(real_settings, runtime)
