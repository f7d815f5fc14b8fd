"""The real service over real records, and the real pages, for people who rate in a browser."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn

from tests.tiny_teaching import make_runtime
from tests.ui.conftest import free_port
from tutor.api import create_app
from tutor.rating import Item
from tutor.records import RatingStore, Role, add_user
from tutor.records.ratings import Batch
from tutor.settings import Settings

PASSWORD = "a long enough sentence"
REPOSITORY = Path(__file__).resolve().parents[2]


@contextmanager
def rating_site(
    folder: Path, batch: Batch, items: Sequence[Item], people: dict[str, Sequence[Role]]
) -> Iterator[tuple[str, RatingStore]]:
    """The address of the pages, and the records behind the service.

    What teaches is the tiny tutor: nobody talks to it here.
    """
    app = create_app(Settings(home=folder / "home", auth="password"), make_runtime(folder / "tiny"))
    api, port = free_port(), free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=api, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{api}"
    _wait_for(f"{address}/api/v1/ready")
    engine = app.state.backend.records.engine
    for name, roles in people.items():
        add_user(engine, name, PASSWORD, roles)
    store = RatingStore(engine)
    store.add(batch, items)
    command = [sys.executable, "-m", "streamlit", "run", "ui/app.py", f"--server.port={port}"]
    env = {**os.environ, "MAIEUTIC_API_URL": address}
    with subprocess.Popen(
        command, cwd=REPOSITORY, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as pages:
        try:
            _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
            yield f"http://127.0.0.1:{port}", store
        finally:
            pages.terminate()
            server.should_exit = True
            thread.join(20)


def _wait_for(url: str) -> None:
    with httpx.Client(trust_env=False, timeout=5) as client:
        for _ in range(600):
            try:
                if client.get(url).status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.2)
    raise AssertionError(f"{url} did not come up")
