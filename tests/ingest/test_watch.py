import os
import time
from pathlib import Path

from ingest.watch import FileWatch

LONG_AGO = time.time_ns() - 60 * 10**9


def settle(path: Path, at: int = LONG_AGO) -> None:
    os.utime(path, ns=(at, at))


def test_a_file_is_still_until_it_or_its_log_is_written(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"one")
    settle(path)
    watch = FileWatch(path)
    assert not watch.is_still()
    assert watch.is_still()
    log = tmp_path / "a.db-wal"
    log.write_bytes(b"two")
    settle(log)
    assert not watch.is_still()
    assert watch.is_still()
    settle(path, LONG_AGO + 1)
    assert not watch.is_still()


def test_a_file_that_was_just_written_is_never_taken_for_still(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"one")
    settle(path, time.time_ns() + 60 * 10**9)
    watch = FileWatch(path)
    assert not watch.is_still()
    assert not watch.is_still()
