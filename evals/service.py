"""The real service as a process of its own, on a free loopback port, with a home of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import psutil

from tutor.settings import Settings

BASE = "/api/v1"
HOST = "127.0.0.1"
POLL = 0.1
KEPT = ("models", "exemplars")
"""Folders of a home that are read only and may be shared; the index is copied."""


class ServiceFailed(Exception):
    """The service did not start or did not answer; the message ends with what it said."""


@dataclass(frozen=True)
class Service:
    """A running service."""

    client: httpx.Client
    """Addresses paths below `/api/v1`."""
    process: psutil.Process
    log: Path
    started: float
    """`time.perf_counter()` just before the process was made."""

    def wait_ready(self, limit: float) -> None:
        """Returns once the service is ready.

        Raises:
            ServiceFailed: it ended, or `limit` seconds have passed.
        """
        while time.perf_counter() - self.started < limit:
            if not self.process.is_running() or self.process.status() == psutil.STATUS_ZOMBIE:
                raise ServiceFailed(f"The service ended while starting. {self._tail()}")
            try:
                if self.client.get("/ready").status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                pass
            time.sleep(POLL)
        raise ServiceFailed(f"The service was not ready after {limit:.0f} s. {self._tail()}")

    def resident_bytes(self) -> int:
        """Resident memory of the process and of its children."""
        family = [self.process, *self.process.children(recursive=True)]
        return sum(int(member.memory_info().rss) for member in family)

    def _tail(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-600:]


@contextmanager
def running_service(settings: Settings) -> Iterator[Service]:
    """Starts `maieutic serve` on models and index that have been made already, and stops it.

    Raises:
        ServiceFailed: there is no model or index yet.
    """
    if not settings.index_dir.is_dir() or not settings.models_dir.is_dir():
        raise ServiceFailed("Models or index are missing. Run `maieutic setup` first.")
    with TemporaryDirectory(prefix="maieutic-bench-") as folder:
        home = Path(folder) / "home"
        _furnish(home, settings)
        log = Path(folder) / "service.log"
        port = _free_port()
        started = time.perf_counter()
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "tutor.cli", "serve"],
                env=_environment(home, settings.corpus, port),
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        client = httpx.Client(base_url=f"http://{HOST}:{port}{BASE}", trust_env=False, timeout=60.0)
        try:
            with client:
                yield Service(client, psutil.Process(process.pid), log, started)
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _furnish(home: Path, settings: Settings) -> None:
    home.mkdir()
    for name in KEPT:
        source = settings.home / name
        if source.is_dir():
            (home / name).symlink_to(source.resolve(), target_is_directory=True)
    shutil.copytree(settings.index_dir, home / "index")


def _environment(home: Path, corpus: Path, port: int) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("MAIEUTIC_")}
    return kept | {
        "MAIEUTIC_HOME": str(home),
        "MAIEUTIC_CORPUS": str(corpus),
        "MAIEUTIC_HOST": HOST,
        "MAIEUTIC_PORT": str(port),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
