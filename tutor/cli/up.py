"""`maieutic up`: everything, on this machine, until it is told to stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import httpx
import typer

from tutor.cli.common import errors
from tutor.cli.ports import need
from tutor.cli.setup import setup
from tutor.settings import Settings, get_settings

START_SECONDS = 180
"""For a step of the start. The first start encodes every exemplar; later ones take seconds."""
STOP_SECONDS = 15
UI = Path(__file__).resolve().parents[2] / "ui" / "app.py"


class StartFailed(OSError):
    """A part did not come up."""


def up() -> None:
    """Prepare what is missing, then start the service and the pages. Ctrl-C stops both."""
    settings = get_settings()
    need(settings.host, settings.port, "MAIEUTIC_PORT")
    need("127.0.0.1", settings.ui_port, "MAIEUTIC_UI_PORT")
    setup()
    with _stopped_by_signals(), _running(settings) as parts:
        api = f"http://{settings.host}:{settings.port}"
        _wait(f"{api}/api/v1/ready", parts, "the service")
        _wait(f"http://127.0.0.1:{settings.ui_port}/_stcore/health", parts, "the pages")
        typer.echo(f"\nMaieutic is running. Open  http://127.0.0.1:{settings.ui_port}")
        typer.echo(f"The service answers at       {api}/api/v1")
        typer.echo("Press Ctrl-C to stop.")
        sys.stdout.flush()
        try:
            while all(p.poll() is None for p in parts.values()):
                time.sleep(0.3)
        except KeyboardInterrupt:
            typer.echo("\nStopping.")
            return
        ended = next(name for name, p in parts.items() if p.poll() is not None)
        raise StartFailed(f"{ended} stopped by itself; its last words stand above.")


@contextmanager
def _running(settings: Settings) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Both processes; whatever happens, neither outlives the block."""
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host
    env = {**os.environ, "MAIEUTIC_API_URL": f"http://{host}:{settings.port}"}
    pages = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(UI),
        "--server.port",
        str(settings.ui_port),
        "--logger.level",
        "warning",
        "--server.address",
        "127.0.0.1",
    ]
    parts: dict[str, subprocess.Popen[bytes]] = {}
    try:
        # Sessions of their own: a Ctrl-C reaches this process, which then stops both in order.
        parts["the service"] = subprocess.Popen(
            [sys.executable, "-m", "tutor.cli", "serve"], env=env, start_new_session=True
        )
        parts["the pages"] = subprocess.Popen(
            pages,
            env=env,
            cwd=UI.parent.parent,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        yield parts
    finally:
        for part in parts.values():
            if part.poll() is None:
                part.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for part in parts.values():
            try:
                part.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                part.kill()
                part.wait()


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """SIGTERM and SIGHUP stop like Ctrl-C."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {s: signal.signal(s, stop) for s in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _wait(url: str, parts: dict[str, subprocess.Popen[bytes]], what: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    said = ""
    with errors.status(f"Starting {what}") as status:
        while time.monotonic() < deadline:
            for name, part in parts.items():
                if part.poll() is not None:
                    raise StartFailed(f"{name} could not start; its last words stand above.")
            try:
                answer = httpx.get(url, timeout=2, trust_env=False)
                if answer.status_code == httpx.codes.OK:
                    return
                if _told(answer) != said:
                    # It gets on, however slowly: the time is for one step, not for all of them.
                    said, deadline = _told(answer), time.monotonic() + START_SECONDS
                status.update(f"Starting {what}: {said}")
            except httpx.TransportError:
                pass
            time.sleep(0.2)
    raise StartFailed(f"{what} made no progress for {START_SECONDS} s.")


def _told(answer: httpx.Response) -> str:
    """What a service that is not ready yet says of the first part that is missing."""
    try:
        checks = answer.json()["checks"]
        return next(str(c["detail"]) for c in checks.values() if not c["ok"])
    except (ValueError, KeyError, StopIteration):
        return "waiting"
