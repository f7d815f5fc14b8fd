"""The version of the product."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed


@cache
def version() -> str:
    """Of the installed package; "source" where it is run from a checkout."""
    try:
        return installed("maieutic")
    except PackageNotFoundError:
        return "source"
