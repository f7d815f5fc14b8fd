"""`kill -9` at ten random points of a real run, and what is left of it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

POINTS, PATIENCE = 10, 60.0
TASK = "agreement"
"""It needs no model, so that eleven processes are quickly started."""
PROGRAM = [sys.executable, "-m", "evals.cli"]


def start(*words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*PROGRAM, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ
    )


def finish(*words: str) -> None:
    subprocess.run(
        [*PROGRAM, *words], check=True, capture_output=True, timeout=PATIENCE, env=os.environ
    )


def only_run(folder: Path) -> Path:
    (found,) = folder.iterdir()
    return found


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("whole")
    finish("run", TASK, "--no-cache", "--out", str(folder))
    return (only_run(folder) / f"{TASK}.jsonl").read_bytes()


def test_a_run_killed_at_ten_random_points_leaves_the_log_of_one_that_was_not(
    whole: bytes, tmp_path: Path
) -> None:
    draw = random.Random(6)
    points = sorted(draw.randrange(1, len(whole)) for _ in range(POINTS))
    process = start("run", TASK, "--no-cache", "--out", str(tmp_path))
    cut = []
    for point in points:
        log = wait_for(tmp_path, point, process)
        process.send_signal(signal.SIGKILL)
        assert process.wait() in {-signal.SIGKILL, 0}
        held = log.read_bytes()
        cut.append(len(held))
        assert whole.startswith(held)
        process = start("resume", "last", "--no-cache", "--out", str(tmp_path))
    assert process.wait(timeout=PATIENCE) == 0
    assert log.read_bytes() == whole
    # Most of the kills came in the middle of the work.
    assert len({size for size in cut if size < len(whole)}) >= POINTS // 2


def wait_for(folder: Path, size: int, process: subprocess.Popen[bytes]) -> Path:
    """Returns as soon as the log of the run has so many bytes, or the run has ended."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        for log in folder.glob(f"*/{TASK}.jsonl"):
            if log.stat().st_size >= size or process.poll() is not None:
                return log
        time.sleep(0.0005)
    raise AssertionError("the run wrote nothing")
