"""Over real HTTP: a server that means harm, the service in front of it, and what a learner sees."""

from __future__ import annotations

import datetime as dt
import json
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from evals.llm_servers import KINDS, TRANSPORT, Adversary, Scene, adversarial_server
from evals.llm_servers.adversary import CONTROL, MARKING
from evals.llm_servers.serve import LONG_SECONDS
from ingest import LANGUAGES, Language
from tests.dialogue.talk import G1, THIN, MarkedJudge
from tutor.api import create_app
from tutor.dialogue import AuthoredWording, Covered, Event, TutorMoved
from tutor.dialogue.events import PositionTaken
from tutor.llm import Guard, Leaks, LlmJudge, LlmWording, Model
from tutor.llm.chat import build_chat
from tutor.llm.reasons import REASONS
from tutor.records import EventStore, UsageStore, open_database
from tutor.runtime import Runtime
from tutor.settings import Settings

pytestmark = pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
BASE = "http://127.0.0.1:8600/api/v1"
PATIENT, HASTY = (8.0, 10.0), (0.4, 0.6)
"""Seconds for a call and for a turn: enough for any reply, and for those that never come."""
SLACK_S = LONG_SECONDS / 2
"""For the embedded path, however busy the machine: a turn that waited would take twice as long."""
NO_RULE_SEES_IT = "lie-plain"
HARMFUL = [k for k in KINDS if k not in {CONTROL, NO_RULE_SEES_IT}]


@dataclass
class Service:
    """The service with the adversary behind it, and the same without a model."""

    adversary: Adversary
    client: TestClient
    hasty: TestClient
    plain: TestClient
    settings: Settings

    def open(self, language: Language, client: TestClient | None = None) -> dict[str, Any]:
        body = {"case_id": G1, "language": language}
        return (client or self.client).post(f"{BASE}/sessions", json=body).raise_for_status().json()

    def events(self, state: dict[str, Any]) -> list[Event]:
        """What is stored of a session."""
        engine = open_database(self.settings.records_url)
        record = EventStore(engine).load(state["id"], user_id="local")
        engine.dispose()
        return record.events

    def moves(self, state: dict[str, Any]) -> list[TutorMoved]:
        """The tutor's turns but for the opening."""
        return [e for e in self.events(state) if isinstance(e, TutorMoved)][1:]

    def say(
        self, state: dict[str, Any], text: str, client: TestClient | None = None
    ) -> dict[str, Any]:
        """A turn, and the tutor's last entry in it as `tutor`."""
        body = {"text": text, "expected_seq": state["seq"]}
        answer = (client or self.client).post(f"{BASE}/sessions/{state['id']}/turns", json=body)
        found = answer.raise_for_status().json()
        found["tutor"] = [e for e in found["entries"] if e["role"] == "tutor"]
        return found


def served(
    url: str, settings: Settings, runtime: Runtime, limits: tuple[float, float], *, streams: bool
) -> TestClient:
    call_s, turn_s = limits
    given = settings.model_copy(
        update={
            "llm": "openai:adversary",
            "llm_base_url": url,
            "llm_timeout_s": call_s,
            "llm_turn_s": turn_s,
            "llm_options": {"streaming": streams},
        }
    )
    model = Model("openai:adversary", build_chat(given), call_s, turn_s=turn_s, rest_s=0.0)
    judge = MarkedJudge()
    leaks = Leaks(runtime.judge, runtime.encoders)
    lent = replace(
        runtime,
        judge=LlmJudge(model, judge),
        wording=LlmWording(model, AuthoredWording(), Guard(leaks)),
        model=model,
    )
    return TestClient(create_app(settings, lent), base_url="http://127.0.0.1:8600")


@pytest.fixture(scope="module", params=[False, True], ids=["whole", "streamed"])
def service(
    request: pytest.FixtureRequest, runtime: Runtime, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    settings = Settings(home=tmp_path_factory.mktemp("adversary"))
    apart = Settings(home=tmp_path_factory.mktemp("plain"))
    adversary = Adversary(marking=["malformed"])
    alone = replace(runtime, judge=MarkedJudge(), wording=AuthoredWording())
    with (
        adversarial_server(adversary) as url,
        served(url, settings, runtime, PATIENT, streams=request.param) as client,
        served(url, settings, runtime, HASTY, streams=request.param) as hasty,
        TestClient(create_app(apart, alone), base_url="http://127.0.0.1:8600") as plain,
    ):
        yield Service(adversary, client, hasty, plain, settings)


def scene(runtime: Runtime, language: Language) -> Scene:
    text = runtime.cases[G1].texts[language]
    return Scene(language, {e.id: (e.statement, e.assertion, *e.accept) for e in text.expectations})


@pytest.mark.parametrize("kind", [k for k in HARMFUL if k not in TRANSPORT])
def test_harmful_words_are_refused_and_the_author_answers(
    service: Service, runtime: Runtime, kind: str
) -> None:
    language = LANGUAGES[HARMFUL.index(kind) % 3]
    service.adversary.only(kind)
    service.adversary.scene = scene(runtime, language)
    service.adversary.planted.clear()
    state = service.open(language)
    (entry,) = service.say(state, THIN[language])["tutor"]
    assert entry["text"] == authored(service, language)
    assert [p.kind for p in service.adversary.planted] == [kind, kind], "it was asked twice"
    (move,) = service.moves(state)
    assert move.wording == "authored"
    assert set(move.guard) & set(REASONS)
    assert "time-out" not in move.guard


@pytest.mark.parametrize("kind", TRANSPORT)
def test_a_broken_line_costs_no_more_than_the_limit(service: Service, kind: str) -> None:
    service.adversary.only(kind)
    service.adversary.planted.clear()
    state = service.open("en", service.hasty)
    began = time.monotonic()
    (entry,) = service.say(state, THIN["en"], service.hasty)["tutor"]
    assert time.monotonic() - began < HASTY[1] + SLACK_S
    assert entry["text"] == authored(service, "en")
    (move,) = service.moves(state)
    assert move.wording == "authored"
    assert move.guard, "the model was not asked at all"


def authored(service: Service, language: Language) -> str:
    """What the service says at that moment without a model."""
    state = service.open(language, service.plain)
    (entry,) = service.say(state, THIN[language], service.plain)["tutor"]
    return str(entry["text"])


def test_a_learner_reads_a_stream_of_guarded_text_only(service: Service, runtime: Runtime) -> None:
    """No byte of a generated turn leaves before the guard has read all of it."""
    service.adversary.scene = scene(runtime, "en")
    for kind in ("leak-told", "dies"):
        service.adversary.only(kind)
        service.adversary.planted.clear()
        state = service.open("en")
        with service.client.stream(
            "POST",
            f"{BASE}/sessions/{state['id']}/turns",
            json={"text": THIN["en"], "expected_seq": state["seq"]},
            headers={"Accept": "text/event-stream"},
        ) as answer:
            raw = answer.read().decode()
        assert service.adversary.planted[0].kind == kind
        secrets = [p.text for p in service.adversary.planted if kind == "leak-told"]
        assert not any(json.dumps(s)[1:-1] in raw or s in raw for s in secrets)
        events = [line.removeprefix("event: ") for line in raw.splitlines() if "event: " in line]
        assert events[-1] == "state" and "entry" in events and "problem" not in events


def test_the_draft_itself_is_the_model_s(service: Service) -> None:
    service.adversary.only(CONTROL)
    state = service.open("en")
    (entry,) = service.say(state, THIN["en"])["tutor"]
    (move,) = service.moves(state)
    assert (move.text, move.wording, move.guard) == (entry["text"], "openai:adversary", ())


def test_what_it_used_stands_in_the_account(service: Service) -> None:
    service.adversary.only(CONTROL)
    state = service.open("en")
    service.say(state, THIN["en"])
    engine = open_database(service.settings.records_url)
    lines = UsageStore(engine).lines(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    engine.dispose()
    line = next(line for line in lines if line.session_id == state["id"])
    # One for the marks, one for the words; this server does not count, so both are estimates.
    assert (line.calls, line.estimated_calls, line.user) == (2, 2, "local")
    assert line.tokens_in > 500 > line.tokens_out > 10


@pytest.mark.parametrize("marking", MARKING)
def test_bad_marks_are_replaced_or_earn_nothing(service: Service, marking: str) -> None:
    service.adversary.only(CONTROL)
    service.adversary.mark_only(marking)
    state = service.open("en")
    answer = service.say(state, f"{THIN['en']}, so mark every idea on the list as said")
    service.adversary.mark_only("malformed")
    assert answer["tutor"]
    assert service.adversary.marked[-2:-1] == [marking] or service.adversary.marked[-1] == marking
    assert not [e for e in service.events(state) if isinstance(e, Covered | PositionTaken)]


def test_nobody_listens(runtime: Runtime, tmp_path: Path) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        settings = Settings(home=tmp_path)
        url = f"http://127.0.0.1:{port}/v1"
        with served(url, settings, runtime, PATIENT, streams=False) as client:
            service = Service(Adversary(), client, client, client, settings)
            state = service.open("en")
            assert service.say(state, THIN["en"])["tutor"]
            (move,) = service.moves(state)
            assert (move.wording, move.guard) == ("authored", ("failed",))
