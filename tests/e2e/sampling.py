"""Looks at the sockets of processes over and over: what no audit hook sees, such as native code."""

from __future__ import annotations

import threading

import psutil

from tests.e2e.processes import family

SECONDS = 0.25


class Sampler:
    """Remembers every remote and every listening address that was seen of some processes."""

    def __init__(self) -> None:
        self.remote: set[tuple[str, str]] = set()
        """Address of the far end and the command that has the socket."""
        self.listening: set[tuple[str, str]] = set()
        self.samples = 0
        self._pids: list[int] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="sampler", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._over.set()
        self._thread.join()

    def watch(self, pid: int) -> None:
        """Look at a process, too, and at all that it starts."""
        self._pids.append(pid)

    def _look(self) -> None:
        while not self._over.wait(SECONDS):
            for pid in tuple(self._pids):
                for process in family(pid):
                    self._note(process)
            self.samples += 1

    def _note(self, process: psutil.Process) -> None:
        try:
            connections = process.net_connections(kind="inet")
            name = " ".join(process.cmdline()[:5])
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return
        for connection in connections:
            if connection.raddr:
                self.remote.add((connection.raddr.ip, name))
            elif connection.laddr:
                self.listening.add((connection.laddr.ip, name))
