"""Runs and real sessions as tables for other people's programs: tidy, documented, de-identified."""

from __future__ import annotations

from evals.export.files import FORMATS, ExportError, write
from evals.export.runs import rows_of_run
from evals.export.sessions import rows_of_sessions
from evals.export.tables import OF_RUNS, OF_SESSIONS, Row
from evals.export.veil import Veil

__all__ = [
    "FORMATS",
    "OF_RUNS",
    "OF_SESSIONS",
    "ExportError",
    "Row",
    "Veil",
    "rows_of_run",
    "rows_of_sessions",
    "write",
]
