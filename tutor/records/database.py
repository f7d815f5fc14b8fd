"""The connection to the records: SQLite as it must be set up here, or PostgreSQL by URL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from tutor.errors import RecordsError, RecordsFull

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
BUSY_MILLISECONDS = 10_000
PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    # FULL, not NORMAL: in WAL mode NORMAL keeps an acknowledged turn over the death of the
    # process but may lose it when the power fails. A turn costs one more fsync; a learner writes
    # one in half a minute.
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    # What is deleted is overwritten with zeros: erasure means erasure.
    "PRAGMA secure_delete = ON",
    f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}",
)
_WRITES = "maieutic_writes"
_FULL = frozenset({"SQLITE_FULL", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_WRITE"})
_POSTGRES_FULL = "53100"


def open_database(url: str) -> Engine:
    """An engine for the records, at the newest version of the tables.

    Raises:
        RecordsError: the database cannot be opened or brought up to date.
    """
    try:
        engine = _engine(url)
        with told(), writing(engine) as connection:
            migrate(connection)
    except (ArgumentError, NoSuchModuleError, ImportError, OSError) as error:
        raise RecordsError(
            f"The database of the records cannot be opened: {error}.",
            remedy="Check MAIEUTIC_DATABASE_URL and MAIEUTIC_HOME.",
        ) from error
    except CommandError as error:
        raise RecordsError(
            f"The records cannot be brought up to date: {error}.",
            remedy="They may come from a newer version: use that, or restore an older backup.",
        ) from error
    return engine


def migrate(connection: Connection, revision: str = "head") -> None:
    """Bring the tables to a revision, within the transaction of the connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one state of the records throughout."""
    with told(), engine.begin() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that holds the write lock from its start; all of it is stored, or nothing."""
    with told(), engine.execution_options(**{_WRITES: True}).begin() as connection:
        yield connection


@contextmanager
def told() -> Iterator[None]:
    """Turn what the driver says into a sentence for whoever meets it."""
    try:
        yield
    except DBAPIError as error:
        if is_full(error):
            raise RecordsFull from error
        code = getattr(error.orig, "sqlite_errorname", "") or type(error.orig).__name__
        raise RecordsError(f"The records could not be used ({code}).") from error


def is_full(error: DBAPIError) -> bool:
    """Whether the database says that its disk is full."""
    original = error.orig
    if isinstance(original, sqlite3.Error):
        return getattr(original, "sqlite_errorname", "") in _FULL
    return getattr(original, "sqlstate", "") == _POSTGRES_FULL


def erase_traces(engine: Engine) -> None:
    """Empty the write-ahead log, where deleted rows would otherwise stay readable for a while."""
    if engine.dialect.name != "sqlite":
        return
    with told(), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True)
    if parsed.database:
        file = Path(parsed.database)
        file.parent.mkdir(parents=True, exist_ok=True)
        # Readable by its owner only; SQLite gives the log beside it the same mode.
        file.touch(mode=0o600, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": BUSY_MILLISECONDS / 1000})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, record: object) -> None:
    del record
    # The driver must not begin transactions by itself: it would begin them late, and a read that
    # decides what is written would not be part of them.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("isolation_level") == "AUTOCOMMIT":
        return
    mode = "IMMEDIATE" if options.get(_WRITES) else "DEFERRED"
    connection.exec_driver_sql(f"BEGIN {mode}")
