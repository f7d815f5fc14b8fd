"""Runs that are killed at seeded moments end, once they are run again, as if nothing had been."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
DRIVER = Path(__file__).with_name("interrupted.py")


@pytest.mark.parametrize(("operation", "kills"), [("sync", 10), ("erase", 4)])
def test_a_killed_run_ends_like_one_that_was_not(
    tmp_path: Path, operation: str, kills: int
) -> None:
    run = subprocess.run(
        [sys.executable, DRIVER, operation, tmp_path, "20261125", str(kills)],
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    # Half of them end at a call, half after some time: a quick run may be over before that.
    assert told["killed"] == kills // 2
    assert told["ended"] > 0
    assert told["differing"] == []
    # Erased text is in no file, whatever moment the erasure was cut short at.
    assert (told["traces"] == 0) == (operation == "erase")
