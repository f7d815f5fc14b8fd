"""From settings to a model: what is missing is said, and nothing is contacted."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest
from pydantic import BaseModel

from tests.llm.pieces import model
from tutor.errors import NotReady
from tutor.llm import Model, ModelFailed, connect
from tutor.llm.chat import build_chat, close_tracing
from tutor.llm.model import AT_ONCE
from tutor.llm.scripted import ScriptedChatModel, fails, says
from tutor.settings import Settings, SettingsError, get_settings


class Number(BaseModel):
    """A number."""

    n: int


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "langchain_groq", None)
    with pytest.raises(NotReady) as told:
        build_chat(Settings(llm="groq:some-model"))
    assert "langchain-groq is not installed" in str(told.value)
    assert "pip install -c constraints.txt langchain-groq`" in told.value.remedy


def test_a_package_for_another_version_is_told_from_a_missing_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    package = tmp_path / "langchain_groq.py"
    package.write_text("from langchain_core.exceptions import OfTomorrow")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(NotReady, match="langchain-groq does not fit this version of LangChain"):
        build_chat(Settings(llm="groq:some-model"))


def test_an_unknown_provider_is_a_sentence() -> None:
    with pytest.raises(NotReady, match="cannot be set up: ValueError: Unsupported") as told:
        connect(Settings(llm="nobody:model"))
    assert "MAIEUTIC_LLM" in told.value.remedy


def test_an_unknown_script_is_a_sentence() -> None:
    with pytest.raises(NotReady, match="no scripted model 'nothing'") as told:
        connect(Settings(llm="scripted:nothing"))
    assert "two-questions" in told.value.remedy


def test_a_model_by_its_name() -> None:
    held = connect(Settings(llm="scripted:draft"))
    assert held.name == "scripted:draft"
    assert held.text([("human", "DRAFT\nWhy?\n\nCLINICIAN\nno")]) == "Why?"


@pytest.mark.parametrize(
    ("variables", "says_so"),
    [
        ({"LLM": "gpt"}, "write provider:model"),
        ({"LLM": ":gpt"}, "write provider:model"),
        ({"LLM": "openai:"}, "write provider:model"),
        ({"LLM_BASE_URL": "http://localhost:8000/v1"}, "Set both, or neither"),
        ({"LLM": "openai:m", "LLM_BASE_URL": "localhost:8000"}, "must begin with http"),
        ({"LLM_TIMEOUT_S": "0"}, "MAIEUTIC_LLM_TIMEOUT_S: "),
        ({"LLM_TIMEOUT_S": "60"}, "MAIEUTIC_LLM_TIMEOUT_S: "),
        ({"LLM_OPTIONS": "[1]"}, "MAIEUTIC_LLM_OPTIONS: "),
        ({"LLM_MODEL": "gpt"}, "MAIEUTIC_LLM_MODEL is no setting"),
    ],
)
def test_settings_that_do_not_fit(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], says_so: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"MAIEUTIC_{name}", value)
    with pytest.raises(SettingsError) as told:
        get_settings()
    assert says_so in str(told.value)


def test_settings_of_a_local_server(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().llm_options == {"temperature": 0}
    monkeypatch.setenv("MAIEUTIC_LLM", "ollama:qwen3:8b")
    monkeypatch.setenv("MAIEUTIC_LLM_OPTIONS", '{"num_ctx": 8192}')
    found = get_settings()
    assert found.llm == "ollama:qwen3:8b"
    assert found.llm_options == {"num_ctx": 8192}


def test_no_words_go_to_a_tracing_service(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2", "LANGCHAIN_TRACING"):
        monkeypatch.setenv(name, "true")
    close_tracing()
    assert os.environ["LANGSMITH_TRACING"] == "false"
    assert not {n for n in os.environ if n.startswith("LANGCHAIN_TRACING")}


def test_text_and_objects() -> None:
    told = [("human", "x")]
    assert model(says("<think>hm\nhm</think>\n\nWhy?")).text(told) == "Why?"
    assert model(says("never opened</think>Why?")).text(told) == "Why?"
    assert model(says('{"n": 3}')).parsed(told, Number) == Number(n=3)


@pytest.mark.parametrize("bad", ['{"n": "three"}', "{}", "words", "3"])
def test_another_shape_is_malformed(bad: str) -> None:
    with pytest.raises(ModelFailed) as told:
        model(says(bad)).parsed([("human", "x")], Number)
    assert told.value.reason == "malformed"


def test_a_model_that_failed_rests_and_is_asked_again() -> None:
    now = [100.0]
    chat = ScriptedChatModel(reply=fails)
    held = Model("m", chat, 5.0, rest_s=30.0, clock=lambda: now[0])

    def reason() -> str:
        with pytest.raises(ModelFailed) as told:
            held.text([("human", "x")])
        return told.value.reason

    assert [reason(), reason(), len(chat.seen)] == ["failed", "resting", 1]
    now[0] += 30.0
    assert [reason(), len(chat.seen)] == ["failed", 2]


def test_bad_words_are_no_cause_for_a_rest() -> None:
    held = model(says("words"), rest_s=30.0)
    with pytest.raises(ModelFailed):
        held.parsed([("human", "x")], Number)
    assert held.text([("human", "x")]) == "words"


def test_hung_calls_do_not_pile_up() -> None:
    """More callers than places: a server that never answers holds no more threads than those."""
    answers, begun = threading.Event(), threading.Semaphore(0)

    def hangs(_: object) -> str:
        begun.release()
        answers.wait(60)
        return "at last"

    held = model(hangs, timeout_s=0.02)
    try:
        for _ in range(AT_ONCE + 4):
            with pytest.raises(ModelFailed) as told:
                held.text([("human", "x")])
            assert told.value.reason == "time-out"
        assert all(begun.acquire(timeout=60) for _ in range(AT_ONCE))
        assert not begun.acquire(timeout=0.1)
    finally:
        answers.set()


def test_a_place_is_free_again_once_its_call_ends() -> None:
    now, answers = [100.0], threading.Event()

    def hangs(_: object) -> str:
        answers.wait(60)
        return "at last"

    chat = ScriptedChatModel(reply=hangs)
    held = Model("m", chat, 60.0, rest_s=0.0, clock=lambda: now[0])
    for _ in range(AT_ONCE):
        with pytest.raises(ModelFailed):
            held.text([("human", "x")], until=now[0])
    answers.set()
    assert held.text([("human", "x")]) == "at last"
