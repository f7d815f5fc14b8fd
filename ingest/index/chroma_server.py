"""Chroma behind a server (`chroma run`), for a service of several processes or machines."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from ingest.errors import IndexDamaged, IndexMismatch, IndexUnreachable
from ingest.index.collection import HNSW, CollectionIndex

if TYPE_CHECKING:
    import httpx
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

_PORT = 8000
_NAMESPACE = "maieutic"
_PATIENCE = 60.0
"""Seconds for an answer; the client by itself would wait for ever."""


class ChromaServerIndex(CollectionIndex):
    """A collection of a Chroma server, one for each encoder. Any number may read and write.

    The address is `chroma://HOST:PORT/NAMESPACE`, or `chromas://` for TLS; the namespace, which
    may be left out, keeps the indexes of several services on one server apart. Chroma's server
    asks nobody for a password: it belongs on a private network.
    """

    def __init__(self, url: str, encoder_name: str, dim: int) -> None:
        """Connects, and makes the encoder's collection if there is none.

        Raises:
            IndexUnreachable: no Chroma server answers at that address.
            IndexMismatch: the collection was made with vectors of another length.
        """
        super().__init__()
        parts = urlsplit(url)
        self._address = (parts.hostname or "localhost", parts.port or _PORT)
        self._tls = parts.scheme == "chromas"
        self._server = "{}:{}".format(*self._address)
        self._name = collection_name(parts.path.strip("/") or _NAMESPACE, encoder_name)
        with self._faults():
            self._client, self._collection = self._open(encoder_name, dim)
        found = (self._collection.metadata or {}).get("dim")
        if found != dim:
            self.close()
            raise IndexMismatch(
                f"{self._name} of the Chroma server {self._server}",
                f"{encoder_name}, {found} dimensions",
                f"{encoder_name}, {dim} dimensions",
            )

    def close(self) -> None:
        """Lets go of the connections."""
        for session in _sessions(self._client):
            session.close()

    def _open(self, encoder_name: str, dim: int) -> tuple[ClientAPI, Collection]:
        from chromadb import HttpClient
        from chromadb.config import Settings

        host, port = self._address
        settings = Settings(anonymized_telemetry=False)
        client = HttpClient(host, port, ssl=self._tls, settings=settings)
        for session in _sessions(client):
            session.timeout = _PATIENCE
        collection = client.get_or_create_collection(
            self._name,
            embedding_function=None,
            configuration={"hnsw": HNSW},
            metadata={"encoder": encoder_name, "dim": dim},
        )
        return client, collection

    @contextmanager
    def _faults(self) -> Iterator[None]:
        import httpx
        from chromadb.errors import ChromaError

        try:
            yield
        except httpx.HTTPError as error:
            raise IndexUnreachable(self._server, str(error) or type(error).__name__) from error
        except ChromaError as error:
            place = f"{self._name} of the Chroma server {self._server}"
            raise IndexDamaged(place, str(error).strip().rstrip(".")) from error
        except ValueError as error:
            # The client's own way of saying that it could not connect when it was made.
            if "connect" not in str(error).lower():
                raise
            raise IndexUnreachable(self._server, "nothing answers there") from error


def _sessions(client: ClientAPI) -> list[httpx.Client]:
    """The client's connections, which it neither limits in time nor closes."""
    both: Any = (client, cast("Any", client)._admin_client)
    return [one._server._session for one in both]


def collection_name(namespace: str, encoder_name: str) -> str:
    """A name that any store takes, and that no other encoder has, however odd its name."""
    digest = hashlib.sha256(f"{namespace}\x1f{encoder_name}".encode()).hexdigest()[:8]
    readable = re.sub(r"[^a-z0-9]+", "_", f"{namespace} {encoder_name}".lower()).strip("_")
    return f"{readable[:48].strip('_')}_{digest}"
