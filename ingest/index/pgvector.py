"""PostgreSQL with the extension pgvector, for an institution that runs and backs it up already."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ingest.documents import Passage
from ingest.encoders import Vectors
from ingest.errors import IndexMismatch
from ingest.index.chroma_server import collection_name
from ingest.index.connections import Connections
from ingest.index.protocol import FIELDS, Terms, Where, metadata, terms

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg.sql import Composed

_EXACT_UP_TO: Final = 10_000
"""Passages that are compared one by one in less time than anyone notices."""
_MOST_DIMENSIONS: Final = 2_000
"""Of a graph in pgvector; longer vectors are compared one by one."""
_EF_SEARCH, _MOST_EF_SEARCH = 200, 1_000
_BATCH: Final = 2_000
_WORKERS: Final = 4
_NODE_BYTES: Final = 700
"""Of a passage in the graph beside its vector, with some room."""
_LEAST_MEMORY, _MOST_MEMORY = 65_536, 4_194_304
"""kB that the server may use to make a graph."""
_ITERATIVE: Final = (0, 8)
"""The version of pgvector from which on the graph goes on until enough passages pass a filter."""


class PgVectorIndex:
    """A table of PostgreSQL, one for each encoder. Any number may read and write.

    A small table is compared row by row, which is exact. A large one gets a graph (HNSW) when its
    writer closes it: a graph is built several times faster over rows that are there than row by
    row. What a filter lets pass is sought in the graph, and row by row where that finds too few.
    """

    def __init__(self, url: str, encoder_name: str, dim: int) -> None:
        """Connects, and makes the encoder's table if there is none.

        Raises:
            IndexUnreachable: nothing answers, the extension is missing, or psycopg is.
            IndexMismatch: the table was made for vectors of another length.
        """
        self.table = collection_name("passages", encoder_name)
        """Its name in the database."""
        self._dim = dim
        self._wrote = False
        self._connections = Connections(url, self._prepare)
        with ExitStack() as opened:
            opened.callback(self._connections.close)
            found = self._connections.run(self._create)
            if found != dim:
                raise IndexMismatch(
                    f"table {self.table} of {self._connections.server}",
                    f"{encoder_name}, {found} dimensions",
                    f"{encoder_name}, {dim} dimensions",
                )
            opened.pop_all()  # It stays open for as long as this index does.

    def upsert(self, passages: Sequence[Passage], vectors: Vectors) -> None:
        """See `VectorIndex`.

        Raises:
            IndexUnreachable, StorageFull: the table cannot be written.
        """
        self._wrote = True
        statement = self._sql(
            "INSERT INTO {table} (id, embedding, {fields}) VALUES (%s, %s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (id) DO UPDATE SET embedding = excluded.embedding, {renewed}"
        )
        rows = [
            (passage.id, np.asarray(vector, dtype=np.float32), *metadata(passage).values())
            for passage, vector in zip(passages, vectors, strict=True)
        ]
        for start in range(0, len(rows), _BATCH):
            batch = rows[start : start + _BATCH]

            def write(connection: Connection[Any], batch: list[Any] = batch) -> None:
                with connection.transaction(), connection.cursor() as cursor:
                    cursor.executemany(statement, batch)

            self._connections.run(write)

    def delete(self, ids: Sequence[str]) -> None:
        """See `VectorIndex`.

        Raises:
            IndexUnreachable, StorageFull: the table cannot be written.
        """
        self._wrote = True
        statement = self._sql("DELETE FROM {table} WHERE id = ANY(%s)")
        if ids:
            self._connections.run(lambda c: c.execute(statement, (list(ids),)))

    def query(self, vector: Vectors, k: int, where: Where | None = None) -> list[tuple[str, float]]:
        """See `VectorIndex`.

        Raises:
            IndexUnreachable: the server does not answer.
        """
        wanted = terms(where)
        if k < 1 or not all(values for _, values in wanted):
            return []
        return self._connections.run(lambda connection: self._query(connection, vector, k, wanted))

    def count(self) -> int:
        """See `VectorIndex`."""
        statement = self._sql("SELECT count(*) FROM {table}")
        return int(self._connections.run(lambda c: _rows(c, statement))[0][0])

    def ids(self) -> set[str]:
        """See `VectorIndex`."""
        statement = self._sql("SELECT id FROM {table}")
        return {id_ for (id_,) in self._connections.run(lambda c: _rows(c, statement))}

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """See `VectorIndex`."""
        statement = self._sql("SELECT id, embedding FROM {table} WHERE id = ANY(%s)")
        rows = self._connections.run(lambda c: _rows(c, statement, (list(ids),))) if ids else []
        return {id_: _array(vector) for id_, vector in rows}

    def refresh(self) -> None:
        """See `VectorIndex`: nothing is remembered here."""

    def close(self) -> None:
        """Lets go of the connections; a writer first makes the graph, where it pays."""
        try:
            if self._wrote:
                self.build_graph()
        finally:
            self._connections.close()

    def build_graph(self) -> None:
        """Makes the graph if the table is large and has none. Readers go on meanwhile.

        Raises:
            IndexUnreachable, StorageFull: it could not be made.
        """
        if self._dim > _MOST_DIMENSIONS or self.count() <= _EXACT_UP_TO:
            return
        self._connections.run(self._build)

    def _build(self, connection: Connection[Any]) -> None:
        from psycopg import errors

        graph = self._sql(
            "CREATE INDEX IF NOT EXISTS {graph} ON {table}"
            " USING hnsw (embedding vector_cosine_ops) WITH (m = 16, ef_construction = 128)"
        )
        try:
            self._index(connection, graph, workers=_WORKERS)
        except errors.DiskFull:
            # Workers share memory in /dev/shm, which a container may have little of.
            self._index(connection, graph, workers=0)
        connection.execute(self._sql("ANALYZE {table}"))

    def _index(self, connection: Connection[Any], graph: Composed, *, workers: int) -> None:
        """Makes the graph in memory: where it does not fit, this takes ten times as long."""
        needed = self.count() * (4 * self._dim + _NODE_BYTES) // 1_000
        memory = min(max(needed, _LEAST_MEMORY), _MOST_MEMORY)
        with connection.transaction():
            connection.execute(f"SET LOCAL maintenance_work_mem = {memory:d}")
            connection.execute(f"SET LOCAL max_parallel_maintenance_workers = {workers:d}")
            connection.execute(graph)

    def _query(
        self, connection: Connection[Any], vector: Vectors, k: int, wanted: Terms
    ) -> list[tuple[str, float]]:
        statement, values = self._nearest(vector, k, wanted)
        with connection.transaction():
            if 2 * k > _EF_SEARCH:
                ef = min(2 * k, _MOST_EF_SEARCH)
                connection.execute(f"SET LOCAL hnsw.ef_search = {ef:d}")
            found = _rows(connection, statement, values)
            if len(found) < k:
                # The graph gave all it had looked at; row by row nothing is missed.
                connection.execute("SET LOCAL enable_indexscan = off")
                found = _rows(connection, statement, values)
        return [(id_, 1.0 - distance) for id_, distance in found]

    def _nearest(self, vector: Vectors, k: int, wanted: Terms) -> tuple[Composed, list[Any]]:
        from psycopg import sql

        near = np.asarray(vector, dtype=np.float32).reshape(-1)
        conditions = [sql.SQL("{} = ANY(%s)").format(sql.Identifier(name)) for name, _ in wanted]
        where = sql.SQL("WHERE {}").format(sql.SQL(" AND ").join(conditions))
        statement = self._sql(
            "SELECT id, embedding <=> %s AS distance FROM {table} {where}"
            " ORDER BY distance LIMIT %s",
            where=where if conditions else sql.SQL(""),
        )
        return statement, [near, *(list(values) for _, values in wanted), k]

    def _create(self, connection: Connection[Any]) -> int:
        """Makes what is missing; the dimensions of the table."""
        known = self._sql(
            "SELECT atttypmod FROM pg_attribute WHERE attrelid = to_regclass({name})"
            " AND attname = 'embedding'"
        )
        if not (rows := _rows(connection, known)):
            with connection.transaction():
                # Two that start at once would both find no table.
                connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (self.table,))
                for statement in _TABLE:
                    connection.execute(self._sql(statement))
            rows = _rows(connection, known)
        return int(rows[0][0])

    def _prepare(self, connection: Connection[Any]) -> None:
        """What every connection needs."""
        from pgvector.psycopg import register_vector

        installed = "SELECT extversion FROM pg_extension WHERE extname = 'vector'"
        if not (rows := _rows(connection, installed)):
            connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
            rows = _rows(connection, installed)
        register_vector(connection)
        # A plan made for any LIMIT would read the whole table, and compiling it takes longer still.
        connection.execute("SET plan_cache_mode = force_custom_plan")
        connection.execute("SET jit = off")
        connection.execute(f"SET hnsw.ef_search = {_EF_SEARCH:d}")
        if tuple(map(int, rows[0][0].split(".")[:2])) >= _ITERATIVE:
            connection.execute("SET hnsw.iterative_scan = strict_order")

    def _sql(self, text: str, **parts: Any) -> Composed:
        """A statement with the names of this table; values are bound when it is run."""
        from psycopg import sql

        names = [sql.Identifier(field) for field in FIELDS]
        renewed = [sql.SQL("{0} = excluded.{0}").format(name) for name in names]
        return sql.SQL(text).format(
            table=sql.Identifier(self.table),
            graph=sql.Identifier(f"{self.table}_graph"),
            by_document=sql.Identifier(f"{self.table}_doc"),
            by_kind=sql.Identifier(f"{self.table}_kind"),
            name=sql.Literal(self.table),
            dim=sql.Literal(self._dim),
            fields=sql.SQL(", ").join(names),
            renewed=sql.SQL(", ").join(renewed),
            **parts,
        )


_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS {table} (id text PRIMARY KEY, embedding vector({dim}) NOT NULL,"
    " document text NOT NULL, kind text NOT NULL, language text NOT NULL,"
    " jurisdiction text NOT NULL, tenant text NOT NULL)",
    "CREATE INDEX IF NOT EXISTS {by_document} ON {table} (document)",
    "CREATE INDEX IF NOT EXISTS {by_kind} ON {table} (kind, jurisdiction, language, tenant)",
)


def _rows(connection: Connection[Any], statement: Any, values: Sequence[Any] = ()) -> list[Any]:
    return connection.execute(statement, values or None).fetchall()


def _array(vector: Any) -> Vectors:
    """A vector as pgvector's package gives it: of one release an array, of another its own kind."""
    own = vector.to_numpy() if hasattr(vector, "to_numpy") else vector
    return np.asarray(own, dtype=np.float32)
