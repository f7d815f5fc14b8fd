"""Self-tests in the records: once a form, gone with the session, and added to what was there."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import make_url
from sqlalchemy.schema import CreateTable

from tutor.errors import Conflict, NotFound
from tutor.records import EventStore, HandedIn
from tutor.records.database import migrate
from tutor.records.tables import SelfTestRow

AT = dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.UTC)
PRE = HandedIn("pre", "zh-Hant", "0.1.0", {"Q1": "b", "Q2": "a"}, 1, 2, AT)
POST = dataclasses.replace(PRE, form="post", score=2)
FIRST = """
INSERT INTO users VALUES ('local', 'local', 'local', NULL, '["learner"]', '2026-11-22 09:00:00');
INSERT INTO sessions VALUES ('s', 'local', 'c', '2026-11-22 09:30:00');
INSERT INTO events VALUES ('s', 1, 'session_opened',
  '{"type": "session_opened", "case_id": "c", "case_version": "0.1.0", "language": "en"}',
  '2026-11-22 09:30:00', NULL);
"""


@pytest.fixture
def url(url: str) -> str:
    """Records of the first version of the tables, with a session in them."""
    Path(str(make_url(url).database)).parent.mkdir()
    engine = create_engine(url)
    with engine.begin() as connection:
        migrate(connection, "0001")
        for statement in FIRST.split(";\n")[:-1]:
            connection.execute(text(statement.replace(":", "\\:")))
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "0001"
    engine.dispose()
    return url


@pytest.fixture
def store(engine: Engine) -> EventStore:
    """Opened, and so brought from the first version to the newest."""
    return EventStore(engine)


def test_older_records_are_kept_and_take_self_tests(store: EventStore, engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) != "0001"
    assert store.load("s", user_id="local").created_at == AT
    assert store.self_tests.of("s") == {}
    store.self_tests.add("s", PRE)
    assert store.self_tests.of("s") == {"pre": PRE}


def test_a_form_is_kept_once_and_never_changed(store: EventStore) -> None:
    store.self_tests.add("s", PRE)
    with pytest.raises(Conflict) as told:
        store.self_tests.add("s", dataclasses.replace(PRE, answers={"Q1": "c"}, score=0))
    assert told.value.remedy
    store.self_tests.add("s", POST)
    assert store.self_tests.of("s") == {"pre": PRE, "post": POST}


def test_a_form_belongs_to_a_session(store: EventStore) -> None:
    with pytest.raises(NotFound):
        store.self_tests.add("none", PRE)
    assert store.self_tests.of("none") == {}


def test_deleting_a_session_deletes_its_forms(store: EventStore, engine: Engine) -> None:
    store.self_tests.add("s", PRE)
    store.delete("s", user_id="local")
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM self_tests")) == 0


def test_the_table_is_one_that_postgresql_knows() -> None:
    made = str(CreateTable(SelfTestRow.__table__).compile(dialect=postgresql.dialect()))  # type: ignore[arg-type]
    assert "answers JSON NOT NULL" in made
    assert "at TIMESTAMP WITH TIME ZONE NOT NULL" in made
    assert "ON DELETE CASCADE" in made
