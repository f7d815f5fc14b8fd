"""Cases to talk about: a tiny one for the policy, the real ones for everything that is said."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ingest import Language
from tests.dialogue.talk import Shelf, Talk
from tests.tiny_teaching import make_case, make_searcher
from tutor.cases import LoadedCase
from tutor.runtime import Runtime


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> LoadedCase:
    """Two stages: one to clarify (E1, E2 optional, M1), one to decide (P1, P2, both weigh E1)."""
    return make_case(make_searcher(tmp_path_factory.mktemp("tiny-case")))


@pytest.fixture
def talk(tiny: LoadedCase) -> Talk:
    """The tiny case in English, with a judge that hears marks."""
    return Talk(tiny)


@pytest.fixture
def marked(runtime: Runtime) -> Callable[..., Talk]:
    """`marked(slug, language)`: a real case, with a judge that hears marks."""

    def begin(slug: str, language: Language = "en") -> Talk:
        return Talk(runtime.cases[slug], language)

    return begin


@pytest.fixture(scope="session")
def shelf(runtime: Runtime, tiny: LoadedCase) -> Shelf:
    """The real cases and the tiny one."""
    return Shelf(tiny, *runtime.cases.values())
