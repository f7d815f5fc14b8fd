"""Fixtures for every room: the real encoders, made once and kept."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest import E5, MINILM, Encoder, ensure_models, load_encoder

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """The folder of the encoders, filled from the installed packages if it is not yet."""
    folder = Path(os.environ.get("MAIEUTIC_MODELS_DIR") or REPOSITORY / "var" / "models")
    ensure_models(folder)
    return folder


@pytest.fixture(scope="session")
def e5(models_dir: Path) -> Encoder:
    """The multilingual retrieval encoder."""
    return load_encoder(models_dir / E5)


@pytest.fixture(scope="session")
def minilm(models_dir: Path) -> Encoder:
    """The English assessment encoder."""
    return load_encoder(models_dir / MINILM)
