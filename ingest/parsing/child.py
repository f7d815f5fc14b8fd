"""The process that reads files: `python -m ingest.parsing.child`, asked over its standard input.

It bounds itself before it reads anything, and ends when its standard input does. An error that no
reader foresaw ends it, and the process that asked reports that of the one file.
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from ingest.documents import Source
from ingest.errors import IngestError, ParsingTooLarge
from ingest.limits import Limits
from ingest.parsing.wire import HEADER, document_message, error_message, frame, message
from ingest.readers import read_document
from ingest.screening.hidden import hidden_runs

_FILE_BYTES = 512 * 1024 * 1024
"""The largest file that may be written: pictures of pages, for text recognition."""
_OPEN_FILES = 64


def main() -> None:
    """Answers one request after another."""
    requests = sys.stdin.buffer
    # What a library prints must not get between the frames.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    _bound(resource.RLIMIT_CORE, 0)
    _bound(resource.RLIMIT_FSIZE, _FILE_BYTES)
    _bound(resource.RLIMIT_NOFILE, _OPEN_FILES)
    _say(answers, {"ready": os.getpid()})
    while header := requests.read(HEADER.size):
        (length,) = HEADER.unpack(header)
        _answer(answers, message(requests.read(length)))


def _answer(answers: BinaryIO, request: Mapping[str, Any]) -> None:
    path = Path(request["path"])
    limits = Limits(**request["limits"])
    _bound_memory(limits.memory_bytes)
    _bound_processor(limits.allowance())
    try:
        document = read_document(
            path,
            root=Path(request["root"]),
            defaults=Source(**request["defaults"]) if request["defaults"] else None,
            limits=limits,
            ocr=request["ocr"],
            announce=partial(_announce, answers, limits),
        )
        hidden = [asdict(run) for run in hidden_runs(path)] if request["hidden"] else []
        said = {**document_message(document), "hidden": hidden}
        answer = frame({**said, "resident": _resident()})
    except IngestError as error:
        answer = frame({**error_message(error), "resident": _resident()})
    except MemoryError:
        megabytes = limits.memory_bytes // 1024**2
        too_large = ParsingTooLarge(path, f"reading it takes more than {megabytes} MB of memory")
        answer = frame({**error_message(too_large), "spent": True})
    answers.write(answer)
    answers.flush()


def _announce(answers: BinaryIO, limits: Limits, pages: int, scans: int) -> None:
    """Says how long the file is, so that it is given time for its length."""
    _bound_processor(limits.allowance(pages, scans))
    _say(answers, {"pages": pages, "scans": scans})


def _say(answers: BinaryIO, said: Mapping[str, Any]) -> None:
    answers.write(frame(said))
    answers.flush()


def _bound(what: int, most: int) -> None:
    """Lowers a limit for good; one that is lower already stays."""
    _, hard = resource.getrlimit(what)
    value = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (value, value))


def _bound_memory(growth: int) -> None:
    """Bounds the address space to what it is now and `growth` bytes more."""
    _raise_to(resource.RLIMIT_AS, _statm(0) + growth)


def _bound_processor(seconds: float) -> None:
    """Bounds processor time to what was used and `seconds` more: for when nobody waits any more."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _raise_to(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime + seconds) + 1)


def _raise_to(what: int, soft: int) -> None:
    _, hard = resource.getrlimit(what)
    resource.setrlimit(what, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _resident() -> int:
    return _statm(1)


def _statm(field: int) -> int:
    """Bytes by Linux's own count: field 0 the address space, field 1 what is in memory."""
    fields = Path("/proc/self/statm").read_text(encoding="ascii").split()
    return int(fields[field]) * resource.getpagesize()


if __name__ == "__main__":
    main()
