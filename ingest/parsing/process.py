"""The asking side: one reading process at a time, renewed when it ends, grows or grows old."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import IO, Final

import ingest
from ingest.documents import Document, Source
from ingest.errors import ParsingStopped, ParsingTimedOut, ParsingTooLarge
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.parsing.wire import (
    HEADER,
    Message,
    WireError,
    document_of,
    error_of,
    frame,
    message,
    runs_of,
)
from ingest.readers import document_id
from ingest.screening.runs import HiddenRun

MAX_FILES: Final = 200
"""Files that one process reads before a new one takes its place."""
MAX_RESIDENT: Final = 400 * 1024**2
"""Bytes in memory beyond which a process is renewed after the file at hand."""
START_SECONDS: Final = 60.0
_CHUNK = 1 << 20
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TMPDIR", "TESSDATA_PREFIX", "LD_LIBRARY_PATH")
"""Of our environment: a process that reads strangers' files has no use for our keys."""


def read_isolated(
    path: Path,
    *,
    root: Path,
    defaults: Source | None = None,
    limits: Limits = DEFAULT_LIMITS,
    ocr: bool = True,
) -> Document:
    """Reads one file in a process of its own; see `ParsingProcess.read`."""
    with ParsingProcess(limits, ocr=ocr) as process:
        return process.read(path, root=root, defaults=defaults)


class ParsingProcess:
    """Reads files in one child process after another; threads that share it take turns.

    Args:
        limits: what each file may take.
        ocr: whether the text of scanned pages is recognised, where the programs for it are.
    """

    def __init__(self, limits: Limits = DEFAULT_LIMITS, *, ocr: bool = True) -> None:
        self.limits = limits
        self.ocr = ocr
        self.started = 0
        """Child processes started so far."""
        self._child: _Child | None = None
        self._turn = threading.Lock()

    def __enter__(self) -> ParsingProcess:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the child process; the next file would start another."""
        with self._turn:
            self._end()

    def read(self, path: Path, *, root: Path, defaults: Source | None = None) -> Document:
        """Reads a file as `ingest.readers.read_document` does, within the limits.

        Raises:
            ParsingTimedOut: it took too long.
            ParsingTooLarge: it took too much memory, or has too many pages or characters.
            ParsingStopped: the child process ended over it.
            IngestError: what `read_document` raises.
        """
        return self._read(path, root, defaults, hidden=False)[0]

    def examine(
        self, path: Path, *, root: Path, defaults: Source | None = None
    ) -> tuple[Document, tuple[HiddenRun, ...]]:
        """Reads a file as `read` does, and what it holds and does not show.

        Raises:
            IngestError: what `read` raises.
        """
        return self._read(path, root, defaults, hidden=True)

    def _read(
        self, path: Path, root: Path, defaults: Source | None, *, hidden: bool
    ) -> tuple[Document, tuple[HiddenRun, ...]]:
        request = {
            "path": str(path.absolute()),
            "root": str(root.absolute()),
            "defaults": asdict(defaults) if defaults else None,
            "limits": asdict(self.limits),
            "ocr": self.ocr,
            "hidden": hidden,
        }
        with self._turn:
            answer = self._ask(path, request)
        try:
            if "error" in answer:
                raise error_of(answer["error"])
            document, runs = document_of(answer["document"]), runs_of(answer["hidden"])
        except (KeyError, WireError) as error:
            raise ParsingStopped(path, str(error)) from error
        if document.id != document_id(path.absolute(), root.absolute()):
            raise ParsingStopped(path, "answered about another document")
        return document, runs

    def _ask(self, path: Path, request: Message) -> Message:
        """The answer about one file; the child is ended where it can read no further one."""
        done = False
        try:
            if self._child is not None and not self._child.is_alive():
                # It ended between two files, and this one is not to blame.
                self._end()
            child = self._child = self._child or self._start(path)
            child.files += 1
            child.say(path, request)
            answer = self._answer(path, child)
            resident = answer.get("resident", MAX_RESIDENT)
            done = child.files < MAX_FILES and resident < MAX_RESIDENT
        finally:
            # Also when the wait is interrupted from the keyboard: its answer would be taken for
            # that to the next question.
            if not done:
                self._end()
        return answer

    def _answer(self, path: Path, child: _Child) -> Message:
        began = time.monotonic()
        seconds = self.limits.allowance()
        while True:
            answer = child.hear(path, began, seconds, _most(self.limits))
            if "pages" not in answer:
                return answer
            seconds = self.limits.allowance(int(answer["pages"]), int(answer["scans"]))

    def _start(self, path: Path) -> _Child:
        self.started += 1
        child = _Child()
        try:
            child.hear(path, time.monotonic(), START_SECONDS, _CHUNK)
        except (ParsingStopped, ParsingTimedOut):
            child.end()
            raise
        return child

    def _end(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


class _Child:
    """A running child process and the pipes to it."""

    def __init__(self) -> None:
        self.files = 0
        self._complaints: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed in `end`
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "ingest.parsing.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            env=_environment(),
            # Its own group, so that the programs it starts end with it.
            start_new_session=True,
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._in, self._out = self._process.stdin, self._process.stdout
        os.set_blocking(self._out.fileno(), False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._out, selectors.EVENT_READ)
        self._heard = bytearray()

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def say(self, path: Path, request: Message) -> None:
        try:
            self._in.write(frame(request))
            self._in.flush()
        except BrokenPipeError as error:
            raise ParsingStopped(path, self._how()) from error

    def hear(self, path: Path, began: float, seconds: float, most: int) -> Message:
        """The next message, of at most so many bytes, before `seconds` from `began` are over."""
        self._fill(path, HEADER.size, began, seconds)
        (length,) = HEADER.unpack(self._heard[: HEADER.size])
        if length > most:
            raise ParsingTooLarge(path, "it holds more text than is read of one file")
        self._fill(path, HEADER.size + length, began, seconds)
        body = bytes(self._heard[HEADER.size : HEADER.size + length])
        del self._heard[: HEADER.size + length]
        try:
            return message(body)
        except WireError as error:
            raise ParsingStopped(path, str(error)) from error

    def _fill(self, path: Path, size: int, began: float, seconds: float) -> None:
        while len(self._heard) < size:
            left = began + seconds - time.monotonic()
            if left <= 0 or not self._selector.select(left):
                raise ParsingTimedOut(path, seconds)
            heard = os.read(self._out.fileno(), _CHUNK)
            if not heard:
                raise ParsingStopped(path, self._how())
            self._heard += heard

    def _how(self) -> str:
        """How the process ended, and the last thing that it said."""
        code = self._process.wait()
        if code < 0:
            return f"was ended by {signal.Signals(-code).name}"
        self._complaints.seek(max(0, self._complaints.seek(0, os.SEEK_END) - 2000))
        said = self._complaints.read().decode("utf-8", "replace").strip().splitlines()
        return f"ended with code {code}" + (f" ({said[-1][:200]})" if said else "")

    def end(self) -> None:
        """Kills the process and what it started, and closes what belongs to it."""
        # The leader has not been waited for, or its group may still hold what it started.
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._selector.close()
        with suppress(BrokenPipeError):
            self._in.close()
        self._out.close()
        self._complaints.close()


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    # Each thread of these would reserve address space, of which there is a limit.
    single = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "OMP_THREAD_LIMIT"), "1")
    home = str(Path(ingest.__file__).parents[1])
    return {**kept, **single, "PYTHONPATH": home, "PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "2"}


def _most(limits: Limits) -> int:
    """Bytes of the largest answer: four a character, and as much again for what is around it."""
    return limits.characters * 8 + _CHUNK
