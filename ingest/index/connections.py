"""Connections to PostgreSQL, as many as are in use at once, and what can go wrong with them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from ingest.errors import IndexDamaged, IndexUnreachable, StorageFull

if TYPE_CHECKING:
    from psycopg import Connection, Error

_PATIENCE = 10
"""Seconds for a connection to be made."""

T = TypeVar("T")


class Connections:
    """Lends work a connection that nobody else has, made anew where the server has gone."""

    def __init__(self, url: str, prepare: Callable[[Connection[Any]], None]) -> None:
        """`prepare` is run on every new connection.

        Raises:
            IndexUnreachable: psycopg is not installed.
        """
        parts = urlsplit(url)
        self.server = f"{parts.hostname or 'localhost'}:{parts.port or 5432}{parts.path}"
        """The address without user and password."""
        self._url = url
        self._prepare = prepare
        self._lock = threading.Lock()
        self._idle: list[Connection[Any]] = []
        try:
            import pgvector  # noqa: F401
            import psycopg  # noqa: F401
        except ImportError as error:
            raise IndexUnreachable(
                self.server,
                f"the package {error.name} is not installed",
                remedy="Run `pip install 'maieutic[postgres]'` and try again.",
            ) from error

    def run(self, work: Callable[[Connection[Any]], T]) -> T:
        """What `work` gives, tried once more where the connection had been lost.

        Raises:
            IndexUnreachable: the server does not answer or refuses.
            StorageFull: its disk is full.
            IndexDamaged: it cannot read its own files.
        """
        import psycopg

        for last in (False, True):
            connection = self._take()
            try:
                return work(connection)
            except psycopg.Error as error:
                # Every piece of work may be done twice: it is a query, or sets what is to be.
                if last or not connection.closed:
                    raise self._told(error) from error
            finally:
                self._give_back(connection)
        raise AssertionError("the second attempt returns or raises")

    def close(self) -> None:
        """Closes the connections that are not in use."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _take(self) -> Connection[Any]:
        import psycopg

        with self._lock:
            if self._idle:
                return self._idle.pop()
        try:
            made = psycopg.connect(self._url, autocommit=True, connect_timeout=_PATIENCE)
        except psycopg.Error as error:
            raise self._told(error) from error
        try:
            self._prepare(made)
        except psycopg.Error as error:
            made.close()
            raise self._told(error) from error
        return made

    def _give_back(self, connection: Connection[Any]) -> None:
        if connection.closed:
            # The server has gone, and with it every connection that waits here.
            self.close()
            return
        with self._lock:
            self._idle.append(connection)

    def _told(self, error: Error) -> Exception:
        from psycopg import errors

        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        if isinstance(error, errors.DiskFull):
            return StorageFull(self.server)
        if isinstance(error, (errors.DataCorrupted, errors.IndexCorrupted)):
            return IndexDamaged(self.server, reason)
        if isinstance(error, (errors.FeatureNotSupported, errors.UndefinedFile)):
            return IndexUnreachable(
                self.server,
                "it has no extension pgvector",
                remedy="Have its administrator install pgvector, and try again.",
            )
        if isinstance(error, errors.InsufficientPrivilege):
            return IndexUnreachable(
                self.server,
                reason,
                remedy="Have its administrator run `CREATE EXTENSION vector` in this database and "
                "let this user make tables.",
            )
        return IndexUnreachable(self.server, reason)
