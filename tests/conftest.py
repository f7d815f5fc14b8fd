"""Fixtures for every room: the real encoders, made once and kept."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from ingest import E5, MINILM, Encoder, IndexLocked, ensure_models, load_encoder, sync
from tutor.runtime import Runtime, build_runtime
from tutor.settings import Settings, get_settings

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


@pytest.fixture(scope="session")
def real_settings() -> Settings:
    """The settings of this checkout, its models and its index brought up to date."""
    found = get_settings()
    ensure_models(found.models_dir)
    encoder, english = (load_encoder(found.models_dir / name) for name in (E5, MINILM))
    for _ in range(60):
        try:
            sync(found.corpus, found.index_dir, encoder, english=english)
        except IndexLocked:
            # Another run of the tests, or the service, is writing the same index.
            time.sleep(1)
        else:
            break
    return found


@pytest.fixture(scope="session")
def runtime(real_settings: Settings) -> Runtime:
    """The real thing: every case, the embedded judge, the corpus; made once and kept.

    The first time in the life of a checkout it encodes every exemplar, which takes a minute.
    """
    return build_runtime(real_settings)
