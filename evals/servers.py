"""Real vector stores for a while: each on this machine alone, with its data in a folder."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

HOST = "127.0.0.1"
_PATIENCE = 60.0
_POLL = 0.05


class ServerFailed(Exception):
    """A server did not start; the message ends with what it said."""


@dataclass(frozen=True, slots=True)
class VectorServer:
    """A running server."""

    url: str
    process: psutil.Process
    folder: Path

    def resident_bytes(self) -> int:
        """Memory that each of the server's processes has for itself, and once what they share."""
        own = [self.process, *self.process.children(recursive=True)]
        shares = [process.memory_full_info() for process in own]
        shared = max(share.rss - share.uss for share in shares)
        return int(sum(share.uss for share in shares) + shared)


@contextmanager
def chroma_server(folder: Path, *, port: int | None = None) -> Iterator[VectorServer]:
    """`chroma run` over a folder, on a free port of the loopback device.

    Raises:
        ServerFailed: it ended, or does not answer.
    """
    port = port or free_port()
    folder.mkdir(parents=True, exist_ok=True)
    log = folder.parent / f"{folder.name}.log"
    program = Path(sys.executable).with_name("chroma")
    command = [str(program), "run", "--path", str(folder), "--host", HOST, "--port", str(port)]
    quiet = os.environ | {"ANONYMIZED_TELEMETRY": "False", "DO_NOT_TRACK": "1"}
    with log.open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=quiet)
    try:
        _wait_for(port, process, log)
        yield VectorServer(f"chroma://{HOST}:{port}", psutil.Process(process.pid), folder)
    finally:
        process.terminate()
        process.wait()


@contextmanager
def postgres_server(folder: Path) -> Iterator[VectorServer]:
    """The PostgreSQL with pgvector that the package `pgserver` carries, on a Unix socket."""
    with warnings.catch_warnings():
        # It falls back to a folder under /tmp where nobody has logged in, which is as good.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
        from pgserver.postgres_server import get_server

    folder.mkdir(parents=True, exist_ok=True)
    server = get_server(folder)
    try:
        yield VectorServer(server.get_uri(), psutil.Process(server.get_pid()), folder)
    finally:
        server.cleanup()


def free_port() -> int:
    """A port of the loopback device that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    started = time.monotonic()
    while process.poll() is None and time.monotonic() - started < _PATIENCE:
        try:
            with socket.create_connection((HOST, port), timeout=1.0):
                return
        except OSError:
            time.sleep(_POLL)
    raise ServerFailed(f"The server did not start. {log.read_text(errors='replace')[-500:]}")
