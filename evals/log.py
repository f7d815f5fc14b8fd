"""The log of a run: one JSONL file, appended to and never rewritten.

The first line says what was measured and on what, each following line is one sample, the last one
holds the figures. A run that was cut short has no last line and keeps every sample before that.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from evals.stats import Figure
from evals.task import DataError


class RunLog:
    """Writes one log."""

    def __init__(self, file: IO[str], path: Path) -> None:
        """See `open_log`."""
        self.path = path
        self.samples = 0
        self._file = file

    def sample(self, values: Mapping[str, Any]) -> None:
        """Appends a sample."""
        self.samples += 1
        self._append({"type": "sample", **values})

    def figures(self, figures: list[Figure], notes: tuple[str, ...]) -> None:
        """Appends the last line."""
        rows = [plain(figure) for figure in figures]
        self._append(
            {
                "type": "figures",
                "at": _now(),
                "samples": self.samples,
                "notes": notes,
                "figures": rows,
            }
        )

    def _append(self, line: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(line, ensure_ascii=False, allow_nan=False) + "\n")
        self._file.flush()


@contextmanager
def open_log(folder: Path, task: str, header: Mapping[str, Any]) -> Iterator[RunLog]:
    """A new log in a folder, named by task and time; an existing one is never touched.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = _free(folder, f"{task}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    with path.open("x", encoding="utf-8") as file:
        log = RunLog(file, path)
        log._append({"type": "run", "task": task, "at": _now(), **header})
        yield log


def read_log(path: Path) -> list[dict[str, Any]]:
    """The lines of a log, in order.

    Raises:
        DataError: a line is not JSON.
    """
    lines = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            lines.append(json.loads(line))
        except json.JSONDecodeError as error:
            raise DataError(f"{path}:{number}: not a line of a log ({error}).") from error
    return lines


def plain(figure: Figure) -> dict[str, Any]:
    """A figure for JSON, which has no NaN: what is not defined is null."""
    return {
        key: None if isinstance(value, float) and not math.isfinite(value) else value
        for key, value in asdict(figure).items()
    }


def _free(folder: Path, stem: str) -> Path:
    path = folder / f"{stem}.jsonl"
    number = 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}.jsonl"
    return path


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
