"""Cases are data: their schema, loading and checking."""

from __future__ import annotations

from tutor.cases.loaded import Item, LoadedCase
from tutor.cases.schema import Case, Translation

__all__ = ["Case", "Item", "LoadedCase", "Translation"]
