"""Real records in a folder of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tutor.records import EventStore, UserStore, open_database


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path / 'home' / 'records.sqlite3'}"


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """Opened and brought up to date."""
    engine = open_database(url)
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine: Engine) -> EventStore:
    """With the local user, to whom sessions can belong."""
    UserStore(engine).local()
    return EventStore(engine)
