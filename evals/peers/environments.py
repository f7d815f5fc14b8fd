"""A peer's own virtual environment, made from its pinned packages and known by a stamp."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from evals.peers.roster import Peer, PeerFailed

STAMP = "installed.sha256"
INSTALL_SECONDS = 3600
OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "ANONYMIZED_TELEMETRY": "False",
    "LANGSMITH_TRACING": "false",
    "DO_NOT_TRACK": "1",
}
"""No hub is asked for anything and nothing is reported to anybody."""
_NOT_PASSED_ON = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "MAIEUTIC_")


def interpreter(peer: Peer, home: Path) -> Path:
    """The Python that runs a peer; `home` has one folder for each."""
    return Path(sys.executable) if peer.pins is None else home / peer.name / "venv/bin/python"


def is_installed(peer: Peer, home: Path) -> bool:
    """Whether the environment is whole and made from the pins of today."""
    if peer.pins is None:
        return True
    stamp = home / peer.name / STAMP
    return (
        interpreter(peer, home).is_file()
        and stamp.is_file()
        and stamp.read_text(encoding="ascii").strip() == _sum(peer.pins)
    )


def install(peer: Peer, home: Path) -> None:
    """Makes a peer's environment where it is not whole; minutes, and about 1.5 GB on the disk.

    An environment that was cut short has no stamp and is made anew.

    Raises:
        PeerFailed: the packages cannot be had, or do not fit this machine.
    """
    if peer.pins is None or is_installed(peer, home):
        return
    folder = home / peer.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    log = folder / "install.log"
    python = str(interpreter(peer, home))
    pip = [python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    pinned = ["-c", str(peer.pins)]
    # PyTorch first and by itself, as scripts/install.sh does: a resolver that meets it later may
    # fetch a build of gigabytes.
    for command in (
        [sys.executable, "-m", "venv", str(folder / "venv")],
        [*pip, *pinned, "torch"],
        [*pip, "-r", str(peer.pins)],
    ):
        _run(command, log)
    (folder / STAMP).write_text(_sum(peer.pins) + "\n", encoding="ascii")


def environment(threads: int, cache: Path) -> dict[str, str]:
    """The variables of a peer's process: ours, less what would lead it out of its environment."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(_NOT_PASSED_ON)
    }
    limits = ("OMP", "MKL", "OPENBLAS", "RAYON")
    return {
        **kept,
        **OFFLINE,
        **{f"{limit}_NUM_THREADS": str(threads) for limit in limits},
        "HF_HOME": str(cache),
        "PYTHONUNBUFFERED": "1",
    }


def _run(command: list[str], log: Path) -> None:
    with log.open("a", encoding="utf-8") as file:
        try:
            done = subprocess.run(
                command, stdout=file, stderr=subprocess.STDOUT, timeout=INSTALL_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise PeerFailed(f"It could not be installed: {error}") from error
    if done.returncode:
        raise PeerFailed(
            f"It could not be installed ({last_error(log)}). Is the package registry within "
            f"reach? Run the same command again; all of it is in {log}."
        )


def last_error(log: Path) -> str:
    """What a log says went wrong: the first error of pip, or the last line of a program."""
    lines = [line.strip() for line in log.read_text("utf-8", errors="replace").splitlines()]
    told = [line for line in lines if line.startswith("ERROR:")][:1] or [x for x in lines if x][-1:]
    return told[0][:300] if told else "it said nothing"


def _sum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
