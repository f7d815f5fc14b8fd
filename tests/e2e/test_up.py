"""`maieutic up`: one command starts everything, one signal stops everything."""

from __future__ import annotations

import re
import shutil
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest

from tests.e2e.processes import (
    REPOSITORY,
    Running,
    environment,
    family,
    free_port,
    maieutic,
    noted,
    prepare_home,
    start,
    stop,
)

SECONDS_TO_STOP = 10
NEW_DIGEST = """---
title: A note on family letters
kind: guideline
language: en
jurisdiction: HK
---

# What it asks of a clinician

A family letter may be given to the patient, who decides whether and when to pass it on.
"""


@dataclass
class Machine:
    """A prepared home, a corpus, and two free ports."""

    home: Path
    corpus: Path
    log: Path
    folder: Path

    def up(self) -> Running:
        """`maieutic up`; not running yet when this returns."""
        port, pages = free_port(), free_port()
        env = environment(
            self.home,
            self.log,
            MAIEUTIC_CORPUS=str(self.corpus),
            MAIEUTIC_PORT=str(port),
            MAIEUTIC_UI_PORT=str(pages),
            COLUMNS="120",
            NO_COLOR="1",
        )
        output = self.folder / f"up-{port}.log"
        return start(maieutic("up"), env, f"http://127.0.0.1:{port}", output)


@pytest.fixture
def machine(home: Path, models_dir: Path, tmp_path: Path) -> Iterator[Machine]:
    """A machine whose corpus has one digest that is not in its index yet."""
    corpus = tmp_path / "corpus"
    shutil.copytree(REPOSITORY / "corpus", corpus)
    (corpus / "guidelines" / "family-letters.en.md").write_text(NEW_DIGEST, encoding="utf-8")
    own = prepare_home(tmp_path / "home", models_dir, home)
    yield Machine(own, corpus, tmp_path / "log.jsonl", tmp_path)


def says(running: Running, words: str, seconds: float = 240) -> str:
    """Wait until it has said something; returns all it has said."""
    until = time.monotonic() + seconds
    while words not in running.words:
        assert running.process.poll() is None, f"it ended by itself:\n{running.words}"
        assert time.monotonic() < until, f"it never said {words!r}:\n{running.words}"
        time.sleep(0.1)
    return running.words


def ends(running: Running, number: signal.Signals) -> float:
    """Send a signal and wait for the end of it all; returns the seconds that took."""
    everything = family(running.process.pid)
    began = time.monotonic()
    running.process.send_signal(number)
    running.process.wait(60)
    _, alive = psutil.wait_procs(everything[1:], timeout=5)
    for left in alive:
        left.kill()
    assert alive == [], f"{alive} were left running"
    return time.monotonic() - began


def test_up_starts_both_and_stops_both(machine: Machine) -> None:
    """First with something to embed, ended by Ctrl-C; then with nothing to do, by SIGTERM."""
    first = machine.up()
    try:
        told = says(first, "Press Ctrl-C")
        assert re.search(r"1 added.*unchanged", told), told
        assert not re.search(r"\b0 passages embedded", told), told
        pages, api = re.findall(r"http://127\.0\.0\.1:\d+(?:/api/v1)?", told)[:2]
        assert api == f"{first.url}/api/v1"
        with httpx.Client(trust_env=False, timeout=10) as client:
            assert client.get(f"{api}/ready").json()["status"] == "ready"
            assert "<title>Streamlit</title>" in client.get(pages).text
            titles = [d["title"] for d in client.get(f"{api}/documents").json()]
        assert "A note on family letters" in titles
        assert len(family(first.process.pid)) >= 3
        assert ends(first, signal.SIGINT) < SECONDS_TO_STOP
        assert first.process.returncode == 0, first.words
        assert "Traceback" not in first.words
    finally:
        stop(first.process)

    second = machine.up()
    try:
        told = says(second, "Press Ctrl-C")
        assert re.search(r"Documents: \d+ unchanged; 0 passages embedded", told), told
        assert ends(second, signal.SIGTERM) < SECONDS_TO_STOP
        assert second.process.returncode == 0, second.words
        assert "Traceback" not in second.words
    finally:
        stop(second.process)
    assert [line for line in noted(machine.log) if not line["here"]] == []


def test_up_stopped_while_it_starts_leaves_nothing(machine: Machine) -> None:
    """The service is there and not ready yet when the signal comes."""
    running = machine.up()
    try:
        says(running, "Documents:")
        until = time.monotonic() + 30
        while len(family(running.process.pid)) < 3 and time.monotonic() < until:
            time.sleep(0.02)
        assert ends(running, signal.SIGTERM) < SECONDS_TO_STOP
        assert running.process.returncode not in {0, None}
        assert "Press Ctrl-C" not in running.words
        assert "Traceback" not in running.words
    finally:
        stop(running.process)
