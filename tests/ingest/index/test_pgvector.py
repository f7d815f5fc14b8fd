from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import numpy as np
import psycopg
import pytest

from evals.servers import VectorServer
from evals.synthetic import SyntheticCorpus
from ingest import IndexUnreachable
from ingest.index.pgvector import PgVectorIndex


@pytest.fixture
def admin(postgres: VectorServer) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        yield connection


def graphs(admin: psycopg.Connection[Any], name: str) -> list[str]:
    found = admin.execute(
        "SELECT indexdef FROM pg_indexes WHERE tablename = %s AND indexdef LIKE '%%hnsw%%'", (name,)
    )
    return [definition for (definition,) in found]


def test_a_large_table_gets_a_graph_when_its_writer_closes_it(
    postgres: VectorServer, admin: psycopg.Connection[Any]
) -> None:
    encoder = f"graph-{uuid4().hex[:8]}"
    corpus = SyntheticCorpus(12_000, 32)
    ids, rows, tenants = [], [], []
    index = PgVectorIndex(postgres.url, encoder, 32)
    for passages, vectors in corpus.blocks():
        index.upsert(passages, vectors)
        ids += [p.id for p in passages]
        tenants += [p.source.tenant for p in passages]
        rows.append(vectors)
        assert not graphs(admin, index.table)
    index.close()
    assert len(graphs(admin, index.table)) == 1

    reader = PgVectorIndex(postgres.url, encoder, 32)
    cosines = corpus.queries(20) @ np.concatenate(rows).T
    for where in ({}, {"tenant": "public"}, {"tenant": "tenant-0"}, {"tenant": "nobody"}):
        passes = np.array([where.get("tenant", tenant) == tenant for tenant in tenants])
        shares = []
        for query, scores in zip(corpus.queries(20), cosines, strict=True):
            best = [
                ids[i] for i in np.argsort(-np.where(passes, scores, -2.0))[: passes.sum()][:30]
            ]
            found = [id_ for id_, _ in reader.query(query, 30, where)]
            # A filter that few passages pass is no reason to give fewer than there are.
            assert len(found) == min(30, passes.sum())
            shares.append(len(set(found) & set(best)) / 30 if best else 1.0)
        assert np.mean(shares) >= 0.97
    assert len(reader.query(corpus.queries(1)[0], 1_500)) == 1_500
    reader.close()


def test_a_small_table_has_none(postgres: VectorServer, admin: psycopg.Connection[Any]) -> None:
    index = PgVectorIndex(postgres.url, f"small-{uuid4().hex[:8]}", 8)
    for passages, vectors in SyntheticCorpus(100, 8).blocks():
        index.upsert(passages, vectors)
    index.close()
    assert not graphs(admin, index.table)


def test_connections_that_the_server_ends_are_made_anew(
    postgres: VectorServer, admin: psycopg.Connection[Any]
) -> None:
    index = PgVectorIndex(postgres.url, f"ended-{uuid4().hex[:8]}", 8)
    for passages, vectors in SyntheticCorpus(50, 8).blocks():
        index.upsert(passages, vectors)
        ended = admin.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        ).fetchone()
        assert ended is not None and ended[0] >= 1
        assert index.count() == 50
        assert index.query(vectors[7], 1)[0][0] == passages[7].id
    index.close()


def test_a_database_that_is_not_there_is_told_of(postgres: VectorServer) -> None:
    elsewhere = postgres.url.replace("/postgres?", "/nowhere?")
    with pytest.raises(IndexUnreachable, match="nowhere"):
        PgVectorIndex(elsewhere, "an encoder", 8)


def test_a_user_who_may_not_make_tables_is_told_what_to_ask_for(
    postgres: VectorServer, admin: psycopg.Connection[Any]
) -> None:
    user = f"guest_{uuid4().hex[:8]}"
    admin.execute(f"CREATE ROLE {user} LOGIN")
    admin.execute("CREATE EXTENSION IF NOT EXISTS vector")
    with pytest.raises(IndexUnreachable, match="permission denied") as caught:
        PgVectorIndex(postgres.url.replace("//postgres:", f"//{user}:"), "an encoder", 8)
    assert "CREATE EXTENSION vector" in caught.value.remedy
