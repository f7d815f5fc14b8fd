"""The console command `maieutic`: registers commands, and turns errors into sentences."""

from __future__ import annotations

from tutor.cli.main import app, main

__all__ = ["app", "main"]
