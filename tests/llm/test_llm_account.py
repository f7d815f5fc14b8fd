"""The account: every call counted once, kept over a restart, and a limit that holds."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage
from sqlalchemy import Engine
from typer.testing import CliRunner

from tests.llm.pieces import model
from tutor.cli import app
from tutor.dialogue import SessionOpened
from tutor.errors import RecordsError
from tutor.llm import Account, ModelFailed
from tutor.llm.account import Tokens, counted, estimate
from tutor.llm.scripted import Reply, dawdles, fails, says
from tutor.records import EventStore, UsageStore, UserStore, add_user, open_database
from tutor.settings import Settings, SettingsError, get_settings

NOON = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
ASK = [("system", "Reword."), ("human", "DRAFT\nWhy?")]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'records.sqlite3'}"


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """Records with a user and two of their sessions."""
    engine = open_database(url)
    UserStore(engine).local()
    for name in ("s1", "s2"):
        opened = SessionOpened(case_id="c", case_version="1", language="en")
        EventStore(engine).create(name, user_id="local", case_id="c", events=[opened], at=NOON)
    yield engine
    engine.dispose()


class Clock:
    """Says what it is told."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> dt.datetime:
        return self.now


def account(engine: Engine, clock: Clock | None = None, **limits: object) -> Account:
    return Account(UsageStore(engine), Settings(**limits), clock or Clock())  # type: ignore[arg-type]


def asked(reply: Reply, held: Account, session: str = "s1", user: str = "local") -> str:
    """What a model says in a turn, or why it said nothing."""
    asking = model(reply)
    asking.keep(held)
    with asking.turn(user, session):
        try:
            return asking.text(ASK, purpose="word", prompt="en 1")
        except ModelFailed as failure:
            return failure.reason


def told(tokens_in: int, tokens_out: int) -> AIMessage:
    usage = {"input_tokens": tokens_in, "output_tokens": tokens_out, "total_tokens": 0}
    return AIMessage("Why?", usage_metadata=usage)  # type: ignore[arg-type]


def test_what_the_message_says_counts() -> None:
    assert counted(told(120, 30), ASK) == Tokens(120, 30)


@pytest.mark.parametrize("message", [AIMessage("Why?"), told(0, 0), None])
def test_without_it_the_length_does_and_is_marked(message: AIMessage | None) -> None:
    found = counted(message, ASK)
    assert found.estimated
    assert found.into == estimate("Reword.", "DRAFT\nWhy?") == 5
    assert found.out == (0 if message is None else 1)


def test_calls_add_up_and_outlive_a_restart(engine: Engine, url: str) -> None:
    held = account(engine, llm_price_in=2.0, llm_price_out=8.0)
    for session in ("s1", "s1", "s2"):
        assert asked(says("Why?"), held, session) == "Why?"
    engine.dispose()
    store = UsageStore(open_database(url))
    assert store.spent("local", "s1", NOON).session == 2 * (5 + 1)
    assert store.spent("local", "s1", NOON).day == 3 * (5 + 1)
    second, first = store.lines(NOON)
    assert (first.session_id, first.calls, first.tokens_in, first.tokens_out) == ("s1", 2, 10, 2)
    assert first.estimated_calls == 2
    assert first.cost == pytest.approx((10 * 2.0 + 2 * 8.0) / 1e6)
    assert second.case_id == "c"


def test_a_call_without_a_price_has_no_cost(engine: Engine) -> None:
    asked(says("Why?"), account(engine))
    asked(says("Why?"), account(engine, llm_price_in=1.0, llm_price_out=1.0))
    assert [line.cost for line in UsageStore(engine).lines(NOON)] == [None]


def test_at_a_session_s_limit_the_model_is_not_asked(engine: Engine) -> None:
    held = account(engine, llm_session_tokens=7)
    # The second call may go over the limit by its own size, the third is not made.
    assert [asked(says("Why?"), held) for _ in range(4)] == ["Why?", "Why?", "limit", "limit"]
    assert asked(says("Why?"), held, "s2") == "Why?"
    assert sum(line.calls for line in UsageStore(engine).lines(NOON)) == 3


def test_a_day_is_the_last_24_hours_of_a_user(engine: Engine) -> None:
    clock = Clock()
    held = account(engine, clock, llm_daily_tokens=6)
    assert [asked(says("Why?"), held, s) for s in ("s1", "s2")] == ["Why?", "limit"]
    other = add_user(engine, "Other", "a long password", ["learner"])
    assert asked(says("Why?"), held, "nobody's", other.id) == "Why?"
    clock.now += dt.timedelta(hours=23, minutes=59)
    assert asked(says("Why?"), held, "s2") == "limit"
    clock.now += dt.timedelta(minutes=1)
    assert asked(says("Why?"), held, "s2") == "Why?"


def test_a_limit_of_nothing_is_a_model_that_is_never_asked(engine: Engine) -> None:
    assert asked(says("Why?"), account(engine, llm_daily_tokens=0)) == "limit"
    assert UsageStore(engine).lines(NOON) == []


def test_erasing_a_session_gives_no_tokens_back(engine: Engine) -> None:
    held = account(engine, llm_daily_tokens=6)
    assert asked(says("Why?"), held) == "Why?"
    EventStore(engine).delete("s1", user_id="local")
    assert asked(says("Why?"), held, "s2") == "limit"
    (line,) = UsageStore(engine).lines(NOON)
    assert (line.session_id, line.case_id, line.tokens_in) == (None, None, 5)
    # A reply that comes after its session has gone is counted all the same.
    assert asked(says("Why?"), account(engine), "s1") == "Why?"
    assert sum(line.calls for line in UsageStore(engine).lines(NOON)) == 2


def test_a_reply_that_came_too_late_was_used_all_the_same(engine: Engine) -> None:
    late = model(dawdles(0.3), timeout_s=0.05)
    late.keep(account(engine))
    with late.turn("local", "s1"), pytest.raises(ModelFailed, match="time-out"):
        late.text(ASK)
    for thread in threading.enumerate():
        if thread.name == "llm":
            assert thread.daemon
            thread.join(5)
    (line,) = UsageStore(engine).lines(NOON)
    assert (line.calls, line.tokens_out) == (1, 1)


def test_who_could_not_be_reached_has_used_nothing(engine: Engine) -> None:
    def refused(_: object) -> str:
        raise ConnectionRefusedError

    assert asked(refused, account(engine)) == "failed"
    assert UsageStore(engine).lines(NOON) == []
    # One that broke off in the middle has read what it was sent.
    assert asked(fails, account(engine)) == "failed"
    (line,) = UsageStore(engine).lines(NOON)
    assert (line.tokens_in, line.tokens_out, line.estimated_calls) == (5, 0, 1)


def test_outside_of_a_turn_nothing_is_charged(engine: Engine) -> None:
    asking = model(says("Why?"))
    asking.keep(account(engine, llm_daily_tokens=0))
    assert asking.text(ASK) == "Why?"
    assert UsageStore(engine).lines(NOON) == []


def test_turns_at_once_are_all_counted(engine: Engine) -> None:
    held = account(engine)
    threads = [threading.Thread(target=asked, args=(says("Why?"), held)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (line,) = UsageStore(engine).lines(NOON)
    assert (line.calls, line.tokens_in) == (12, 60)


class Broken(UsageStore):
    """Records that cannot be used."""

    def spent(self, *_: object) -> object:  # type: ignore[override]
        raise RecordsError("The records could not be used (X).")

    def add(self, _: object) -> None:
        raise RecordsError("The records could not be used (X).")


def test_a_limit_that_cannot_be_read_holds_and_a_turn_goes_on(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    broken = Broken(engine)
    assert asked(says("Why?"), Account(broken, Settings(llm_daily_tokens=100))) == "limit"
    assert asked(says("Why?"), Account(broken, Settings())) == "Why?"
    assert "missing from the account" in caplog.text


def test_the_command(engine: Engine, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIEUTIC_DATABASE_URL", url)
    run = CliRunner()
    empty = run.invoke(app, ["llm", "usage"])
    assert "No call to a language model in the last 30 days." in empty.output
    clock = Clock()
    clock.now = dt.datetime.now(dt.UTC)
    asked(says("Why?"), account(engine, clock, llm_price_in=1.0, llm_price_out=1.0))
    shown = run.invoke(app, ["llm", "usage"], env={"COLUMNS": "160"})
    assert shown.exit_code == 0
    assert "≈5" in shown.output and "scripted:test" in shown.output
    found = json.loads(run.invoke(app, ["llm", "usage", "--json"]).output)
    assert found["usage"][0]["tokens_in"] == 5
    assert found["usage"][0]["cost"] == pytest.approx(6e-6)
    assert (
        json.loads(run.invoke(app, ["llm", "usage", "--json", "--user", "x"]).output)["usage"] == []
    )
    assert (
        len(
            json.loads(run.invoke(app, ["llm", "usage", "--json", "--user", "LOCAL"]).output)[
                "usage"
            ]
        )
        == 1
    )


@pytest.mark.parametrize(
    ("variables", "says_so"),
    [
        ({"LLM_PRICE_IN": "1"}, "needs both prices"),
        ({"LLM_PRICE_IN": "-1", "LLM_PRICE_OUT": "1"}, "MAIEUTIC_LLM_PRICE_IN"),
        ({"LLM_DAILY_TOKENS": "-1"}, "MAIEUTIC_LLM_DAILY_TOKENS"),
        ({"LLM_SESSION_TOKENS": "many"}, "MAIEUTIC_LLM_SESSION_TOKENS"),
        ({"LLM_TURN_S": "0"}, "MAIEUTIC_LLM_TURN_S"),
    ],
)
def test_limits_that_cannot_be(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], says_so: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"MAIEUTIC_{name}", value)
    with pytest.raises(SettingsError, match=says_so):
        get_settings()
