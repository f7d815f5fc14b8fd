"""Copies of a real case that a test may break, in a small corpus of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.real_corpus import SLUG, Copy


@pytest.fixture
def copy(tmp_path: Path) -> Callable[..., Copy]:
    """Makes a copy of the files of a case that are named, by default of all of G1."""

    def make(*files: str, slug: str = SLUG) -> Copy:
        return Copy(tmp_path / "corpus", slug, *files)

    return make
