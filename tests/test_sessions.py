"""The session service: what it hands to the core, and how it takes turns."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path

import pytest

from tests.tiny_teaching import make_runtime
from tutor.errors import Conflict, InvalidRequest, NotFound, StaleTurn, TooLarge
from tutor.records import EventStore, UserStore, open_database
from tutor.records.views import SessionState
from tutor.runtime import Runtime
from tutor.sessions import KeyedLocks, SessionService

NOON = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    """Cases, a scripted judge and an index."""
    return make_runtime(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def store(tmp_path: Path) -> EventStore:
    """Real records."""
    engine = open_database(f"sqlite:///{tmp_path / 'records.sqlite3'}")
    UserStore(engine).local()
    return EventStore(engine)


@pytest.fixture
def service(store: EventStore, runtime: Runtime) -> SessionService:
    """At noon, always."""
    return SessionService(store, runtime, clock=lambda: NOON, max_answer_chars=100)


def opened(service: SessionService) -> SessionState:
    return service.create("local", "tiny", "en")


def test_the_clock_stamps_what_is_stored(service: SessionService) -> None:
    state = opened(service)
    assert state.created_at == NOON
    assert {e.at for e in state.transcript} == {NOON}


def test_text_is_normalised_and_trimmed(service: SessionService) -> None:
    state = opened(service)
    result = service.turn("local", state.id, "  cafe\u0301\r\nE1\t ", state.seq, "key-0001")
    assert result.entries[0].text == "caf\u00e9\nE1"


def test_the_limit_counts_characters_after_normalisation(service: SessionService) -> None:
    state = opened(service)
    result = service.turn("local", state.id, "e\u0301" * 100, state.seq, "key-0001")
    with pytest.raises(TooLarge, match="101 characters, and at most 100"):
        service.turn("local", state.id, "x" * 101, result.state.seq, "key-0002")


@pytest.mark.parametrize("bad", ["a\x00", "a\x07b", "\ud800", "a\x85b", "\x7f"])
def test_what_is_no_text_is_refused(service: SessionService, bad: str) -> None:
    state = opened(service)
    with pytest.raises(InvalidRequest, match=r"U\+[0-9A-F]{4}"):
        service.turn("local", state.id, bad, state.seq, None)


def test_emoji_joiners_and_any_script_are_text(service: SessionService) -> None:
    state = opened(service)
    text = "\U0001f469\u200d\u2695\ufe0f 佢哋 हिन्दी עברית\u200f"
    assert service.turn("local", state.id, text, state.seq, None).entries[0].text == text


def test_a_note_is_redacted_too(service: SessionService) -> None:
    state = opened(service)
    result = service.turn("local", state.id, "nothing much", state.seq, None)
    entry = next(e for e in reversed(result.state.transcript) if e.role == "tutor")
    if not entry.contestable:
        result = service.turn("local", state.id, "still nothing", result.state.seq, None)
        entry = next(e for e in reversed(result.state.transcript) if e.contestable)
    told = service.contest("local", state.id, entry.seq, "ask A123456(3)", result.state.seq)
    assert "[HKID]" in told.entries[0].text


def test_a_case_that_left_the_corpus_can_be_read_and_not_gone_on_with(
    store: EventStore, runtime: Runtime, service: SessionService
) -> None:
    state = opened(service)
    bare = Runtime({}, runtime.judge, runtime.answerer, runtime.wording, runtime.searcher)
    without = SessionService(store, bare)
    assert without.get("local", state.id).case_title == "tiny"
    assert not without.get("local", state.id).accepts_reply
    assert [s.id for s in without.list_for("local")] == [state.id]
    with pytest.raises(Conflict, match="no longer in the corpus"):
        without.turn("local", state.id, "E1", state.seq, None)
    without.delete("local", state.id)
    with pytest.raises(NotFound):
        without.get("local", state.id)


def test_another_process_that_was_faster_makes_a_turn_stale(
    store: EventStore, runtime: Runtime, service: SessionService, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = opened(service)
    other = SessionService(store, runtime)
    played = service._play

    def slow(*args: object) -> object:
        new = played(*args)  # type: ignore[arg-type]
        monkeypatch.setattr(service, "_play", played)
        other.turn("local", state.id, "faster", state.seq, None)
        return new

    monkeypatch.setattr(service, "_play", slow)
    with pytest.raises(StaleTurn) as told:
        service.turn("local", state.id, "slower", state.seq, None)
    assert isinstance(told.value.current, SessionState)
    assert told.value.current.turns == 1
    assert told.value.current.transcript[1].text == "faster"


def test_a_language_the_case_lacks(runtime: Runtime, store: EventStore) -> None:
    case = runtime.cases["tiny"]
    english = type(case)({"en": case.texts["en"]})
    bare = Runtime(
        {"tiny": english}, runtime.judge, runtime.answerer, runtime.wording, runtime.searcher
    )
    with pytest.raises(InvalidRequest, match="not written in zh-Hant"):
        SessionService(store, bare).create("local", "tiny", "zh-Hant")


def test_locks_are_one_a_key_and_are_forgotten() -> None:
    locks = KeyedLocks()
    inside, most = 0, 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(200):
            with locks.hold("a"):
                inside += 1
                most = max(most, inside)
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    with locks.hold("b"):
        pass
    for thread in threads:
        thread.join()
    assert most == 1
    assert locks._locks == {}
