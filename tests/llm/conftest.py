"""A scripted model at both seams, with the real encoders to listen for leaks."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import pytest

from ingest import E5, MINILM, Encoder
from tests.dialogue.talk import G1, MarkedJudge
from tests.llm.pieces import NAME
from tests.tiny_teaching import make_case, make_searcher
from tutor.cases import LoadedCase
from tutor.dialogue import AuthoredWording
from tutor.llm import Guard, Leaks, LlmWording, Model
from tutor.llm.scripted import Reply, ScriptedChatModel
from tutor.runtime import Runtime

Worded = Callable[..., tuple[LlmWording, ScriptedChatModel]]


@pytest.fixture(scope="session")
def encoders(e5: Encoder, minilm: Encoder) -> Mapping[str, Encoder]:
    """The real ones, by name."""
    return {E5: e5, MINILM: minilm}


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> LoadedCase:
    """The tiny case."""
    return make_case(make_searcher(tmp_path_factory.mktemp("tiny-llm")))


@pytest.fixture(scope="session")
def g1(runtime: Runtime) -> LoadedCase:
    """A real case."""
    return runtime.cases[G1]


@pytest.fixture(scope="session")
def leaks(encoders: Mapping[str, Encoder]) -> Leaks:
    """Hears by likeness alone, which is fast; its vectors are kept from test to test."""
    return Leaks(MarkedJudge(), encoders)


@pytest.fixture
def worded(leaks: Leaks) -> Worded:
    """`worded(reply)`: a wording that asks a model which replies so, and that model."""

    def make(
        reply: Reply, timeout_s: float = 5.0, clock: Callable[[], float] = time.monotonic
    ) -> tuple[LlmWording, ScriptedChatModel]:
        chat = ScriptedChatModel(reply=reply)
        held = Model(NAME, chat, timeout_s, rest_s=0.0, clock=clock)
        return LlmWording(held, AuthoredWording(), Guard(leaks)), chat

    return make
