"""The HTTP interface."""

from __future__ import annotations

from tutor.api.app import create_app

__all__ = ["create_app"]
