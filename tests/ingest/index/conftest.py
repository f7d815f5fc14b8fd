"""Every vector store there is, real and empty: tests that take `store` run over all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest

from evals.servers import VectorServer, chroma_server, postgres_server
from ingest import VectorIndex
from ingest.index import open_index

STORES = ("folder", "chroma", "postgres")
Opener = Callable[..., VectorIndex]


@pytest.fixture(scope="session")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VectorServer]:
    with chroma_server(tmp_path_factory.mktemp("chroma-server") / "data") as server:
        yield server


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VectorServer]:
    with postgres_server(tmp_path_factory.mktemp("postgres") / "data") as server:
        yield server


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Opens the store, again and again if asked, under names that no other test uses."""
    url = None if request.param == "folder" else request.getfixturevalue(request.param).url
    own = uuid4().hex[:8]
    if request.param == "chroma":
        url = f"{url}/{own}"
    with ExitStack() as opened:

        def open_store(encoder: str = "hashing-64", dim: int = 64) -> VectorIndex:
            name = encoder if request.param == "folder" else f"{encoder}-{own}"
            index = open_index(url, tmp_path / "chroma", name, dim)
            opened.callback(index.close)
            return index

        yield open_store


@pytest.fixture
def index(store: Opener) -> VectorIndex:
    """One opening of the store."""
    return store()
