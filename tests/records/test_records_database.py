"""Set-up, migrations and what is said when the records cannot be opened."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, inspect, text

from tests.reverting import revert, revisions
from tutor.errors import RecordsError
from tutor.records import EventStore, open_database
from tutor.records.database import migrate, writing
from tutor.records.tables import Base


def test_the_migrations_make_the_tables_that_the_code_expects(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_step_can_be_taken_back_and_again(engine: Engine) -> None:
    """As after an update that has to be undone: the tables of each version, and nothing else."""
    steps = revisions()
    made: dict[str, set[str]] = {}
    for revision in [*steps[1:], "base"]:
        with writing(engine) as connection:
            revert(connection, revision)
            made[revision] = shape(connection)
    assert made.pop("base") == set()
    for revision in reversed(steps):
        with writing(engine) as connection:
            migrate(connection, revision)
            assert made.get(revision, shape(connection)) == shape(connection), revision
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def shape(connection: Connection) -> set[str]:
    """Tables, columns, indices and constraints, by name."""
    seen = inspect(connection)
    found = set()
    for table in set(seen.get_table_names()) - {"alembic_version"}:
        found |= {f"{table} column {c['name']} {c['nullable']}" for c in seen.get_columns(table)}
        found |= {f"{table} index {i['name']}" for i in seen.get_indexes(table)}
        found |= {f"{table} key {k['name']}" for k in seen.get_foreign_keys(table)}
        found |= {f"{table} unique {u['name']}" for u in seen.get_unique_constraints(table)}
    return found


def test_every_connection_is_set_up_for_durability_and_erasure(engine: Engine) -> None:
    with engine.connect() as one, engine.connect() as two:
        for connection in (one, two):
            settings = {
                name: connection.scalar(text(f"PRAGMA {name}"))
                for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
            }
            assert settings == {
                "journal_mode": "wal",
                "synchronous": 2,
                "foreign_keys": 1,
                "secure_delete": 1,
            }


@pytest.mark.usefixtures("engine")
def test_opening_twice_changes_nothing(url: str) -> None:
    again = open_database(url)
    EventStore(again).ping()
    again.dispose()


def test_the_records_are_their_owners_only(engine: Engine, tmp_path: Path) -> None:
    del engine
    for file in (tmp_path / "home").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("url", ["nonsense", "nodialect://x", "sqlite:////proc/none/x.sqlite3"])
def test_a_database_that_cannot_be_opened(url: str) -> None:
    with pytest.raises(RecordsError) as told:
        open_database(url)
    assert str(told.value).endswith(".")
    assert told.value.remedy


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "records.sqlite3"
    path.write_bytes(b"this is not a database, and it is long enough to be read as one" * 20)
    with pytest.raises(RecordsError, match="SQLITE_NOTADB"):
        open_database(f"sqlite:///{path}")
    assert path.read_bytes().startswith(b"this is not")


def test_records_of_a_newer_version(tmp_path: Path) -> None:
    path = tmp_path / "records.sqlite3"
    open_database(f"sqlite:///{path}").dispose()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(RecordsError, match="brought up to date") as told:
        open_database(f"sqlite:///{path}")
    assert "newer version" in told.value.remedy
