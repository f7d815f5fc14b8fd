"""The log of a run: one JSONL file, appended to and never rewritten.

The first line says what was measured and on what, each following line is one sample and what came
of it, in the order of the task, the last one holds the figures. No line holds a time of day or a
duration, so that equal runs are equal files; those stand beside it in `<task>.times.jsonl`. A run
that was cut short has no last line and keeps every sample before that.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from evals.stats import Figure
from evals.task import DataError, Picture, Record, Report, Sample

FIRST_SAMPLE = 2
"""Line number of the first sample; the header is line 1."""


class LogWriter:
    """Appends to one log; each line is on its way to the disk before the next is made."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        """See `begin` and `evals.runs`."""
        self.path = path
        self._file = file

    def header(self, values: Mapping[str, Any]) -> None:
        """The first line."""
        self._append({"type": "run", **values})

    def record(self, record: Record) -> None:
        """A sample and what came of it."""
        self._append(
            {
                "type": "sample",
                "id": record.id,
                "cluster": record.sample.cluster,
                "input": record.sample.input,
                "output": record.output,
            }
        )

    def report(self, report: Report, records: Sequence[Record]) -> None:
        """The last line."""
        lines = {record.id: number for number, record in enumerate(records, FIRST_SAMPLE)}
        self._append(
            {
                "type": "figures",
                "samples": len(records),
                "notes": report.notes,
                "figures": [_figure(figure, lines) for figure in report.figures],
                "pictures": [asdict(picture) for picture in report.pictures],
            }
        )

    def _append(self, line: Mapping[str, Any]) -> None:
        self._file.write(encoded(line))
        self._file.flush()


@dataclass(frozen=True, slots=True)
class Log:
    """A log that was read."""

    path: Path
    header: Mapping[str, Any]
    records: Sequence[Record]
    figures: Sequence[Figure] = ()
    notes: Sequence[str] = ()
    pictures: Sequence[Picture] = ()
    finished: bool = False
    """It has its last line."""
    whole_bytes: int = 0
    """Bytes up to the end of the last whole line; what follows was cut off by a kill."""
    lines: Mapping[str, int] = field(default_factory=dict)
    """Line number, from 1, of each sample by its id."""

    @property
    def task(self) -> str:
        """Name of the task."""
        return str(self.header["task"])


def read_log(path: Path) -> Log:
    """A log, also one that was cut short.

    Raises:
        DataError: the file cannot be read, or a line other than an unfinished last one is damaged.
    """
    lines, whole = read_lines(path)
    if not lines or lines[0].get("type") != "run" or "task" not in lines[0]:
        raise DataError(f"{path}:1: not the log of a run; name one that maieutic eval run wrote.")
    records: list[Record] = []
    numbers: dict[str, int] = {}
    for number, line in enumerate(lines[1:], FIRST_SAMPLE):
        if line.get("type") == "sample":
            record = _record(line, path, number)
            records.append(record)
            numbers[record.id] = number
    last = lines[-1]
    if last.get("type") != "figures":
        return Log(path, lines[0], records, whole_bytes=whole, lines=numbers)
    ids = [record.id for record in records]
    try:
        return Log(
            path,
            lines[0],
            records,
            [_read_figure(raw, ids) for raw in last["figures"]],
            tuple(last["notes"]),
            [Picture(**raw) for raw in last.get("pictures", ())],
            finished=True,
            whole_bytes=whole,
            lines=numbers,
        )
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise DataError(
            f"{path}:{len(lines)}: figures that this version cannot read ({error!r}). "
            "Measure again, or use the version that wrote the log."
        ) from error


def read_lines(path: Path) -> tuple[list[dict[str, Any]], int]:
    """The whole lines of a file of JSON objects, and the bytes up to the end of the last of them.

    Raises:
        DataError: the file cannot be read, or one of the lines is no object.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror}).") from error
    whole = content.rfind(b"\n") + 1
    return [_line(raw, path, n) for n, raw in enumerate(content[:whole].splitlines(), 1)], whole


def encoded(line: Mapping[str, Any]) -> bytes:
    """One line of a log."""
    return (json.dumps(line, ensure_ascii=False, allow_nan=False) + "\n").encode()


def plain(figure: Figure) -> dict[str, Any]:
    """A figure for JSON, which has no NaN: what is not defined is null. Without its samples."""
    held = {key: value for key, value in asdict(figure).items() if key != "samples"}
    return {
        key: None if isinstance(value, float) and not math.isfinite(value) else value
        for key, value in held.items()
    }


def _figure(figure: Figure, lines: Mapping[str, int]) -> dict[str, Any]:
    """A figure, and the lines of the log that it was computed from as ranges."""
    return plain(figure) | {"lines": ranges(sorted({lines[i] for i in figure.samples}))}


def _read_figure(raw: Mapping[str, Any], ids: Sequence[str]) -> Figure:
    values: dict[str, Any] = {
        k: math.nan if v is None else v for k, v in raw.items() if k != "lines"
    }
    numbers = [n for low, high in raw.get("lines", ()) for n in range(low, high + 1)]
    return Figure(**values, samples=tuple(ids[n - FIRST_SAMPLE] for n in numbers))


def ranges(numbers: Iterable[int]) -> list[list[int]]:
    """[3, 4, 5, 9] as [[3, 5], [9, 9]]."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found


def _line(raw: bytes, path: Path, number: int) -> dict[str, Any]:
    try:
        line = json.loads(raw)
    except ValueError as error:
        raise DataError(f"{path}:{number}: not a line of a log ({error}).") from error
    if not isinstance(line, dict):
        raise DataError(f"{path}:{number}: not a line of a log (no object).")
    return line


def _record(line: Mapping[str, Any], path: Path, number: int) -> Record:
    try:
        record = Record(Sample(line["id"], line["input"], line["cluster"]), line["output"])
    except KeyError as error:
        raise DataError(f"{path}:{number}: a sample without {error}.") from error
    if not (isinstance(record.sample.input, dict) and isinstance(record.output, dict)):
        raise DataError(f"{path}:{number}: a sample whose input or output is no object.")
    return record
