"""`maieutic setup`: models and index, made where they are missing."""

from __future__ import annotations

from tutor.cli.common import bring_up_to_date, errors, make_models
from tutor.cli.ingest import show
from tutor.settings import get_settings


def setup() -> None:
    """Prepare models and index, without starting anything. A second run does none of it again."""
    settings = get_settings()
    make_models(settings)
    report = bring_up_to_date(settings)
    show(report, errors)
