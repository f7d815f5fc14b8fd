"""The product as its user starts it: the service and the pages as processes of their own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
WATCH = Path(__file__).resolve().parent / "watch"
READY_SECONDS = 400
"""The first start of an installation encodes every exemplar; that may take minutes on two cores."""


def free_port() -> int:
    """A port of this machine on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(home: Path, log: Path, **more: str) -> dict[str, str]:
    """The environment of a process that is watched and knows no setting but these.

    Without proxies: through one on this machine a connection to elsewhere would look local.
    """
    kept = {k: v for k, v in os.environ.items() if not _foreign(k)}
    watched = {"PYTHONPATH": str(WATCH), "E2E_NETWORK_LOG": str(log)}
    return {**kept, **watched, "MAIEUTIC_HOME": str(home), "PYTHONUNBUFFERED": "1", **more}


def _foreign(variable: str) -> bool:
    return variable.startswith(("MAIEUTIC_", "STREAMLIT_")) or variable.lower().endswith("_proxy")


def maieutic(*arguments: str) -> list[str]:
    """The command line of the product."""
    return [sys.executable, "-m", "tutor.cli", *arguments]


def run(
    *arguments: str, env: Mapping[str, str], stdin: str = "", seconds: float = 240
) -> subprocess.CompletedProcess[str]:
    """`maieutic ...` to its end."""
    return subprocess.run(
        maieutic(*arguments),
        cwd=REPOSITORY,
        env=dict(env),
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=seconds,
        check=False,
    )


@dataclass
class Running:
    """A process of the product that answers at an address."""

    process: subprocess.Popen[bytes]
    url: str
    output: Path

    @property
    def words(self) -> str:
        """What it has printed so far."""
        return self.output.read_text(encoding="utf-8", errors="replace")

    def stop(self) -> None:
        """Ask it to stop, as a service manager does."""
        stop(self.process)


def start(command: Sequence[str], env: Mapping[str, str], url: str, output: Path) -> Running:
    """Start a process; what it prints goes to a file."""
    with output.open("wb") as file:
        process = subprocess.Popen(
            list(command), cwd=REPOSITORY, env=dict(env), stdout=file, stderr=subprocess.STDOUT
        )
    return Running(process, url, output)


def stop(process: subprocess.Popen[bytes]) -> None:
    """SIGTERM, and SIGKILL for one that does not heed it."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            pytest.fail("a process of the product did not stop on SIGTERM within 20 s")


def start_service(home: Path, folder: Path, log: Path, **more: str) -> Running:
    """`maieutic serve` on a free port; it is not ready when this returns."""
    port = free_port()
    env = environment(home, log, MAIEUTIC_PORT=str(port), **more)
    return start(maieutic("serve"), env, f"http://127.0.0.1:{port}", folder / "service.log")


def start_pages(api: str, home: Path, folder: Path, log: Path) -> Running:
    """The pages on a free port, in front of a service."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "ui/app.py", f"--server.port={port}"]
    env = environment(home, log, MAIEUTIC_API_URL=api)
    return start(command, env, f"http://127.0.0.1:{port}", folder / "pages.log")


def wait_for(running: Running, path: str, seconds: float = READY_SECONDS) -> None:
    """Until an address answers 200; the process's last words where it does not."""
    until = time.monotonic() + seconds
    last = "nothing"
    with httpx.Client(trust_env=False, timeout=5) as client:
        while time.monotonic() < until:
            if running.process.poll() is not None:
                pytest.fail(f"the process ended by itself:\n{running.words[-3000:]}")
            try:
                answer = client.get(running.url + path)
            except httpx.TransportError:
                time.sleep(0.2)
                continue
            if answer.status_code == httpx.codes.OK:
                return
            last = answer.text
            time.sleep(0.2)
    pytest.fail(f"{path} did not answer 200 within {seconds} s; it said {last}\n{running.words}")


def prepare_home(home: Path, models: Path, var: Path, *, keep_exemplars: bool = False) -> Path:
    """A home with the repository's models, a copy of its index, and its encoded exemplars.

    Args:
        home: the folder to be made.
        models: where the encoders' folders are.
        var: the repository's own home.
        keep_exemplars: what is encoded goes into `var`, so that it is done once in a checkout.
    """
    (home / "models").mkdir(parents=True)
    for folder in models.iterdir():
        if folder.is_dir() and not folder.name.startswith("."):
            (home / "models" / folder.name).symlink_to(folder)
    if (var / "index").is_dir():
        shutil.copytree(var / "index", home / "index")
    if keep_exemplars:
        (var / "exemplars").mkdir(parents=True, exist_ok=True)
        (home / "exemplars").symlink_to(var / "exemplars")
    elif (var / "exemplars").is_dir():
        shutil.copytree(var / "exemplars", home / "exemplars")
    return home


def family(pid: int) -> list[psutil.Process]:
    """A process and everything it has started."""
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def noted(log: Path) -> list[dict[str, Any]]:
    """What the watch wrote down: dicts with `pid`, `command`, `event`, `target`, `here`."""
    if not log.exists():
        return []
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
