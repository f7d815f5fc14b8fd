"""The service with a scripted judge, for a process of its own that can be killed."""

from __future__ import annotations

from fastapi import FastAPI

from ingest import HashingEncoder, open_searcher
from tests.tiny_teaching import ScriptedAnswerer, ScriptedJudge, make_case
from tutor.api import create_app
from tutor.dialogue import AuthoredWording
from tutor.runtime import Runtime
from tutor.settings import get_settings


def make() -> FastAPI:
    """Settings from the environment; the index lies in `home` already."""
    settings = get_settings()
    searcher = open_searcher(settings.index_dir, HashingEncoder())
    case = make_case(searcher)
    runtime = Runtime(
        {case.id: case}, ScriptedJudge(), ScriptedAnswerer(searcher), AuthoredWording(), searcher
    )
    return create_app(settings, runtime)
