"""A real model, served by llama.cpp over HTTP: SmolLM2-135M, a bad tutor, and that is the point."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from evals.llm_servers import NAME, small_server
from tests.dialogue.talk import DONT_KNOW, G1, THIN, MarkedJudge
from tutor.api import create_app
from tutor.dialogue import AuthoredWording, TutorMoved
from tutor.llm import Guard, Leaks, LlmWording, Model
from tutor.llm.chat import build_chat
from tutor.records import EventStore, UsageStore, open_database
from tutor.runtime import Runtime
from tutor.settings import Settings

CALL_S = 12.0


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The model, served."""
    with small_server(tmp_path_factory.mktemp("smollm2") / "log") as url:
        yield url


def connected(url: str) -> Model:
    options = {"temperature": 0, "max_tokens": 60}
    settings = Settings(
        llm=f"openai:{NAME}", llm_base_url=url, llm_timeout_s=CALL_S, llm_options=options
    )
    return Model(f"openai:{NAME}", build_chat(settings), CALL_S, rest_s=0.0)


def test_it_is_a_real_model(url: str) -> None:
    model = connected(url)
    said = [model.text([("human", f"Write a sentence about {x}.")]) for x in ("rain", "a ship")]
    assert len(set(said)) == 2
    assert all(len(text.split()) > 3 for text in said)


def test_turns_are_answered_and_none_unguarded(url: str, runtime: Runtime, tmp_path: Path) -> None:
    """A few turns of a session, through the service; the model's own counts go to the account."""
    settings = Settings(home=tmp_path)
    model = connected(url)
    guard = Guard(Leaks(runtime.judge, runtime.encoders))
    passed: list[str] = []

    def watched(text: str, *rest: object) -> tuple[str, ...]:
        reasons = guard(text, *rest)  # type: ignore[arg-type]
        if not reasons:
            passed.append(text)
        return reasons

    wording = LlmWording(model, AuthoredWording(), watched)  # type: ignore[arg-type]
    lent = replace(runtime, judge=MarkedJudge(), wording=wording, model=model)
    app = create_app(settings, lent)
    base = "http://127.0.0.1:8600/api/v1/sessions"
    with TestClient(app, base_url="http://127.0.0.1:8600") as client:
        state = client.post(base, json={"case_id": G1, "language": "en"}).json()
        for text in (THIN["en"], *DONT_KNOW["en"], f"{THIN['en']} again"):
            body = {"text": text, "expected_seq": state["seq"]}
            answer = client.post(f"{base}/{state['id']}/turns", json=body)
            state = answer.raise_for_status().json()["state"]
    engine = open_database(settings.records_url)
    events = EventStore(engine).load(state["id"], user_id="local").events
    (line,) = UsageStore(engine).lines(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    engine.dispose()
    moves = [e for e in events if isinstance(e, TutorMoved)]
    assert len(moves) == 6
    assert all(m.text in passed for m in moves if m.wording != "authored")
    assert sum(bool(m.guard) or m.wording != "authored" for m in moves) >= 3
    assert line.calls >= 3
    assert line.estimated_calls == 0
    assert line.tokens_in > line.tokens_out > 0
