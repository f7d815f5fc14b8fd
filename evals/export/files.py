"""Tables to files: CSV that Excel opens and cannot be hurt by, or Parquet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, Protocol, get_args

from evals.export.papers import Papers
from evals.export.tables import Row, Table

Format = Literal["csv", "parquet"]
FORMATS: tuple[Format, ...] = get_args(Format)
STARTS_FORMULA = frozenset("=+-@\t\r＝＋－＠")
"""What a spreadsheet may take for a formula; it does so at the wide forms too under Chinese and
Japanese settings. https://owasp.org/www-community/attacks/CSV_Injection"""
GUARD = "'"
BATCH = 5_000
"""Rows that are held before they are written."""


class ExportError(Exception):
    """Nothing was written; the message says why and what to do."""


class Sheet(Protocol):
    """A table on its way to a file."""

    def add(self, row: Mapping[str, Any]) -> None:
        """One row; what it does not name is missing."""
        ...

    def close(self) -> None:
        """All rows are there."""
        ...


class CsvSheet:
    """UTF-8 with a byte order mark, without which Excel reads Chinese as rubbish."""

    def __init__(self, table: Table, folder: Path) -> None:
        self._columns = table.columns
        path = folder / f"{table.name}.csv"
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow([column.name for column in self._columns])

    def add(self, row: Mapping[str, Any]) -> None:
        """See `Sheet`."""
        self._writer.writerow([cell(row.get(column.name)) for column in self._columns])

    def close(self) -> None:
        """See `Sheet`."""
        self._file.close()


class ParquetSheet:
    """One row group a batch, typed as the dictionary says."""

    def __init__(self, table: Table, folder: Path) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        types = {"text": pa.string(), "number": pa.float64(), "whole": pa.int64()}
        self._schema = pa.schema(
            [
                pa.field(c.name, types.get(c.type, pa.bool_()), metadata={"meaning": c.meaning})
                for c in table.columns
            ]
        )
        self._batch_of = pa.RecordBatch.from_pylist
        self._writer = parquet.ParquetWriter(folder / f"{table.name}.parquet", self._schema)
        self._rows: list[Mapping[str, Any]] = []

    def add(self, row: Mapping[str, Any]) -> None:
        """See `Sheet`."""
        self._rows.append(row)
        if len(self._rows) >= BATCH:
            self._flush()

    def close(self) -> None:
        """See `Sheet`."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_batch(self._batch_of(self._rows, schema=self._schema))
            self._rows = []


def write(
    rows: Iterable[Row], tables: Sequence[Table], folder: Path, form: Format, papers: Papers
) -> dict[str, int]:
    """Rows into a folder, with the dictionary and a README; all of it or nothing.

    Args:
        rows: of these tables, in any order.
        tables: each gets a file, also where it has no row.
        folder: made; must not exist, or be empty.
        form: of the files.
        papers: what is written beside them.

    Returns:
        Rows by table.

    Raises:
        ExportError: the folder holds something, or cannot be written.
    """
    with whole(folder) as part:
        counts = _write(rows, tables, part, form)
        papers.write(part, tables, counts)
    return counts


@contextmanager
def whole(folder: Path) -> Iterator[Path]:
    """A folder to write into, which takes its name once all is written; else nothing is left.

    Raises:
        ExportError: the folder holds something, or cannot be written.
    """
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise ExportError(
                f"{folder} is there already and is never written over; name another folder, or "
                "take that one away."
            )
        folder.parent.mkdir(parents=True, exist_ok=True)
        # Beside the folder, so that renaming it does not copy; a name of its own for each run.
        with TemporaryDirectory(prefix=f"{folder.name}.", dir=folder.parent) as made:
            part = Path(made) / folder.name
            part.mkdir()
            yield part
            part.replace(folder)
    except OSError as error:
        raise ExportError(
            f"{folder} cannot be written ({error.strerror}); make room, or name another folder."
        ) from error


def cell(value: Any) -> Any:
    """What stands in a CSV for a value.

    A text that a spreadsheet could run gets an apostrophe in front, and so does one that begins
    with an apostrophe: whoever takes one off every cell that begins with one has the text again.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and _dangerous(value):
        return GUARD + value
    return value


def _write(
    rows: Iterable[Row], tables: Sequence[Table], folder: Path, form: Format
) -> dict[str, int]:
    kind = CsvSheet if form == "csv" else ParquetSheet
    counts = {table.name: 0 for table in tables}
    columns = {table.name: frozenset(c.name for c in table.columns) for table in tables}
    with ExitStack() as stack:
        sheets: dict[str, Sheet] = {}
        for table in tables:
            sheets[table.name] = kind(table, folder)
            stack.callback(sheets[table.name].close)
        for name, row in rows:
            unknown = row.keys() - columns[name]
            if unknown:
                raise AssertionError(f"{name} has no column {', '.join(sorted(unknown))}")
            sheets[name].add(row)
            counts[name] += 1
    return counts


def _dangerous(text: str) -> bool:
    return text[:1] == GUARD or text.lstrip(" \n　")[:1] in STARTS_FORMULA
