"""`maieutic setup`: models and index, made where they are missing."""

from __future__ import annotations

from ingest import E5, load_encoder
from tutor.cli.common import bring_up_to_date, errors, make_models
from tutor.cli.ingest import show
from tutor.settings import get_settings


def setup() -> None:
    """Prepare models and index, without starting anything. A second run does none of it again."""
    settings = get_settings()
    make_models(settings)
    report = bring_up_to_date(settings, load_encoder(settings.models_dir / E5))
    show(report, errors)
