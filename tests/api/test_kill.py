"""kill -9 in the middle of turns: what was acknowledged is there, and nothing is there twice."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.tiny_teaching import make_searcher

REPOSITORY = Path(__file__).resolve().parents[2]
KILLS = 10
SEED = 20261122
LONGEST_WAIT = 0.06
"""Seconds after which the process is dead: about as long as the first turn of a process takes."""


@dataclass
class Service:
    """A process that serves, and can be killed and started again."""

    home: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it is ready."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("MAIEUTIC_")}
        command = [sys.executable, "-m", "uvicorn", "tests.api.kill_app:make", "--factory"]
        self.process = subprocess.Popen(
            [*command, "--port", str(self.port), "--log-level", "warning"],
            cwd=REPOSITORY,
            env=environment | {"MAIEUTIC_HOME": str(self.home)},
        )
        until = time.monotonic() + 60
        with httpx.Client(trust_env=False) as client:
            while time.monotonic() < until:
                assert self.process.poll() is None, "the service did not start"
                try:
                    if client.get(f"{self.url}/ready").status_code == 200:
                        return
                except httpx.TransportError:
                    time.sleep(0.05)
        pytest.fail("the service did not become ready")

    def kill(self) -> None:
        """SIGKILL: no handler runs, no buffer is flushed."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    @property
    def url(self) -> str:
        """The base of the interface."""
        return f"http://127.0.0.1:{self.port}/api/v1"


@dataclass
class Learner:
    """Says one thing after another, and remembers what was acknowledged."""

    url: str
    state: dict[str, Any] = field(default_factory=dict)
    said: dict[str, list[str]] = field(default_factory=dict)
    acknowledged: dict[str, Any] = field(default_factory=dict)
    turns: int = 0

    def open(self) -> None:
        """A case anew."""
        body = {"case_id": "tiny", "language": "en"}
        with httpx.Client(trust_env=False) as client:
            self.state = client.post(f"{self.url}/sessions", json=body).raise_for_status().json()
        self.said[self.state["id"]] = []

    def next_turn(self) -> tuple[str, dict[str, Any], str]:
        """Session, body and key of the next turn; a new case where this one has ended."""
        if self.state["phase"] != "dialogue":
            self.open()
        self.turns += 1
        text = f"a thought that is number {self.turns}"
        self.said[self.state["id"]].append(text)
        body = {"text": text, "expected_seq": self.state["seq"]}
        return self.state["id"], body, f"key-of-turn-{self.turns}"

    def send(self, session: str, body: dict[str, Any], key: str) -> None:
        """One attempt. Raises httpx.TransportError where nobody answers."""
        with httpx.Client(trust_env=False, timeout=10) as client:
            answer = client.post(
                f"{self.url}/sessions/{session}/turns", json=body, headers={"Idempotency-Key": key}
            )
        answer.raise_for_status()
        if key in self.acknowledged:
            assert answer.json() == self.acknowledged[key]
        self.acknowledged[key] = answer.json()
        self.state = answer.json()["state"]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_ten_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    make_searcher(tmp_path)
    chance = random.Random(SEED)
    service = Service(tmp_path, free_port())
    learner = Learner(service.url)
    service.start()
    try:
        learner.open()
        for _ in range(KILLS):
            for _ in range(chance.randint(0, 2)):
                learner.send(*learner.next_turn())
            turn = learner.next_turn()
            killer = threading.Timer(chance.uniform(0, LONGEST_WAIT), service.kill)
            killer.start()
            with contextlib.suppress(httpx.TransportError):
                learner.send(*turn)
            killer.join()
            service.start()
            # The same key, the same expectation: whether it had been stored or not.
            learner.send(*turn)
            learner.send(*turn)
        with httpx.Client(trust_env=False) as client:
            listed = client.get(f"{service.url}/sessions").json()
            assert {s["id"] for s in listed} == set(learner.said)
            for session, said in learner.said.items():
                stored = client.get(f"{service.url}/sessions/{session}").json()
                entries = [e for e in stored["transcript"] if e["role"] == "learner"]
                assert [e["text"] for e in entries] == said
                tutors = [e for e in stored["transcript"] if e["role"] == "tutor"]
                assert len(tutors) == 1 + len(said)
    finally:
        service.kill()
    with sqlite3.connect(tmp_path / "records.sqlite3") as records:
        assert records.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        turns, keys = (
            records.execute(f"SELECT count(*) FROM {what}").fetchone()[0]
            for what in ("events WHERE type = 'learner_said'", "turn_keys")
        )
        assert turns == keys == learner.turns
    records.close()
