from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from evals.servers import VectorServer, chroma_server, free_port
from ingest import ChromaIndex, IndexUnreachable
from ingest.index import open_index
from ingest.index.chroma_server import ChromaServerIndex, collection_name
from ingest.index.pgvector import PgVectorIndex


@pytest.mark.parametrize("url", [None, ""])
def test_without_an_address_vectors_are_in_the_folder(tmp_path: Path, url: str | None) -> None:
    index = open_index(url, tmp_path / "here", "an encoder", 8)
    assert isinstance(index, ChromaIndex)
    assert (tmp_path / "here").is_dir()
    index.close()


def test_an_address_says_which_server(
    tmp_path: Path, chroma: VectorServer, postgres: VectorServer
) -> None:
    for url, kind in ((chroma.url, ChromaServerIndex), (postgres.url, PgVectorIndex)):
        index = open_index(url, tmp_path / "here", "by address", 8)
        assert isinstance(index, kind)
        assert index.count() == 0
        index.close()
    assert not (tmp_path / "here").exists()


@pytest.mark.parametrize("url", ["redis://localhost", "localhost:8000", "/srv/vectors", "chroma"])
def test_an_address_of_no_known_kind_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(IndexUnreachable) as caught:
        open_index(url, tmp_path, "an encoder", 8)
    assert "postgresql://" in caught.value.remedy


@pytest.mark.parametrize("scheme", ["chroma", "postgresql"])
def test_a_server_that_is_not_there_is_named_without_its_password(
    tmp_path: Path, scheme: str
) -> None:
    port = free_port()
    with pytest.raises(IndexUnreachable, match=f"127.0.0.1:{port}") as caught:
        open_index(f"{scheme}://user:hunter2@127.0.0.1:{port}/base", tmp_path, "an encoder", 8)
    assert "hunter2" not in str(caught.value)
    assert str(caught.value).endswith(".")
    assert "Start the server" in caught.value.remedy


def test_a_chroma_server_that_goes_away_is_told_of(tmp_path: Path) -> None:
    port = free_port()
    with chroma_server(tmp_path / "data", port=port) as server:
        index = open_index(server.url, tmp_path, "an encoder", 8)
        assert index.count() == 0
    with pytest.raises(IndexUnreachable, match="127.0.0.1"):
        index.count()
    with pytest.raises(IndexUnreachable, match="127.0.0.1"):
        index.upsert([], np.zeros((0, 8), dtype=np.float32))
    with chroma_server(tmp_path / "data", port=port):
        assert index.count() == 0
    index.close()


def test_names_of_collections_are_short_plain_and_distinct() -> None:
    names = [collection_name("n", e) for e in ("e5", "E5", "e 5", "醫療", "x" * 300, "a-b", "a_b")]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 57 and name.isascii() and name.islower() for name in names)


def test_without_psycopg_the_package_is_named() -> None:
    program = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from pathlib import Path\n"
        "from ingest.index import open_index\n"
        "from ingest.errors import IngestError\n"
        "try: open_index('postgresql://nowhere/x', Path('x'), 'e', 8)\n"
        "except IngestError as error: print(error, error.remedy)\n"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert "psycopg is not installed" in said.stdout, said.stderr
    assert "maieutic[postgres]" in said.stdout
