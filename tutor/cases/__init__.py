"""Cases are data: their schema, loading and checking."""

from __future__ import annotations

from tutor.cases.load import CaseError, Fault, load_case, read_case
from tutor.cases.loaded import Item, LoadedCase
from tutor.cases.schema import Case, Translation

__all__ = [
    "Case",
    "CaseError",
    "Fault",
    "Item",
    "LoadedCase",
    "Translation",
    "load_case",
    "read_case",
]
