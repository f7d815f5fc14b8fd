"""The event store: nothing lost, nothing doubled, nothing left after erasure."""

from __future__ import annotations

import datetime as dt
import multiprocessing
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tutor.dialogue import Contested, Event, LearnerSaid, Paused, Resumed, SessionOpened
from tutor.errors import BrokenRecord, Conflict, NotFound, RecordsFull, StaleTurn
from tutor.records import EventStore, TurnKey, open_database

AT = dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.UTC)
OPENED: list[Event] = [SessionOpened(case_id="c", case_version="0.1.0", language="en")]


def said(words: str) -> list[Event]:
    return [LearnerSaid(text=words, acts=("assertion",), language="en")]


def opened(store: EventStore, name: str = "s") -> None:
    store.create(name, user_id="local", case_id="c", events=OPENED, at=AT)


def test_what_is_stored_is_what_is_read(store: EventStore) -> None:
    opened(store)
    stored = store.append("s", 1, None, [*said("粵語 and \U0001f600"), Paused()], at=AT)
    assert [s.seq for s in stored.stored] == [2, 3]
    record = store.load("s", user_id="local")
    assert record.events == [*OPENED, *said("粵語 and \U0001f600"), Paused()]
    assert record.created_at == AT
    assert {s.at for s in record.stored} == {AT}
    assert record.seq == 3


def test_a_time_in_another_zone_is_stored_in_utc(store: EventStore) -> None:
    hong_kong = dt.timezone(dt.timedelta(hours=8))
    opened(store)
    store.append("s", 1, None, [Paused()], at=AT.astimezone(hong_kong))
    assert store.load("s", user_id="local").stored[-1].at.isoformat() == AT.isoformat()


def test_a_stale_append_stores_nothing(store: EventStore) -> None:
    opened(store)
    store.append("s", 1, None, [Paused()], at=AT)
    with pytest.raises(StaleTurn) as told:
        store.append("s", 1, TurnKey("key", "f"), said("late"), at=AT)
    assert (told.value.expected, told.value.found) == (1, 2)
    assert store.load("s", user_id="local").seq == 2
    assert store.answered("s", TurnKey("key", "f")) is None


def test_the_same_key_returns_what_was_stored(store: EventStore) -> None:
    opened(store)
    key = TurnKey("key", "fingerprint")
    first = store.append("s", 1, key, said("once"), at=AT)
    store.append("s", 2, None, [Paused()], at=AT)
    again = store.append("s", 1, key, said("once"), at=AT + dt.timedelta(hours=1))
    assert again.stored == first.stored
    assert again.replayed
    assert store.load("s", user_id="local").seq == 3
    assert store.answered("s", key) == again


def test_a_key_cannot_be_used_for_something_else(store: EventStore) -> None:
    opened(store)
    store.append("s", 1, TurnKey("key", "one"), said("one"), at=AT)
    with pytest.raises(Conflict):
        store.append("s", 2, TurnKey("key", "two"), said("two"), at=AT)
    opened(store, "other")
    store.append("other", 1, TurnKey("key", "two"), said("two"), at=AT)


def test_others_sessions_do_not_exist(store: EventStore) -> None:
    opened(store)
    with pytest.raises(NotFound):
        store.load("s", user_id="somebody")
    with pytest.raises(NotFound):
        store.delete("s", user_id="somebody")
    with pytest.raises(NotFound):
        store.append("none", 0, None, said("x"), at=AT)
    assert store.list_for("somebody") == []


def test_a_session_needs_a_user_and_an_id_of_its_own(store: EventStore) -> None:
    opened(store)
    with pytest.raises(Conflict):
        opened(store)
    with pytest.raises(Conflict):
        store.create("t", user_id="nobody", case_id="c", events=OPENED, at=AT)


def test_the_list_begins_with_the_session_used_last(store: EventStore) -> None:
    opened(store, "a")
    opened(store, "b")
    store.append("a", 1, None, [Paused()], at=AT + dt.timedelta(minutes=1))
    assert [r.id for r in store.list_for("local")] == ["a", "b"]


def test_a_contested_judgement_enters_the_queue(store: EventStore, engine: Engine) -> None:
    opened(store)
    store.append("s", 1, None, [Contested(target="E1", said="I did"), Resumed()], at=AT)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT session_id, seq, target, status FROM reviews")).all()
    assert [tuple(r) for r in rows] == [("s", 2, "E1", "open")]


def test_deleting_erases_every_trace(store: EventStore, engine: Engine, tmp_path: Path) -> None:
    opened(store)
    opened(store, "kept")
    events = [*said("find-this-word " * 50), Contested(target="E1", said="find-this-word")]
    store.append("s", 1, TurnKey("find-this-key", "f"), events, at=AT)
    store.delete("s", user_id="local")
    assert [r.id for r in store.list_for("local")] == ["kept"]
    with engine.connect() as connection:
        for table in ("events", "turn_keys", "reviews"):
            found = connection.scalar(text(f"SELECT count(*) FROM {table} WHERE session_id = 's'"))
            assert found == 0
    left = b"".join(f.read_bytes() for f in (tmp_path / "home").iterdir())
    assert b"find-this" not in left
    opened(store)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE events SET payload = '{' WHERE seq = 2",
        'UPDATE events SET payload = \'{"type": "unheard_of"}\' WHERE seq = 2',
        'UPDATE events SET payload = \'{"type": "paused", "more": 1}\' WHERE seq = 2',
        "DELETE FROM events WHERE seq = 2",
    ],
)
def test_a_damaged_event_is_named(store: EventStore, engine: Engine, change: str) -> None:
    opened(store)
    store.append("s", 1, None, [Paused(), Resumed()], at=AT)
    opened(store, "sound")
    with engine.begin() as connection:
        connection.execute(text(change))
    with pytest.raises(BrokenRecord, match="Event 2 of session s cannot be read") as told:
        store.load("s", user_id="local")
    assert told.value.remedy
    assert [r.id for r in store.list_for("local")] == ["sound"]
    store.delete("s", user_id="local")


def test_a_full_disk_loses_nothing(store: EventStore, engine: Engine) -> None:
    opened(store)
    with engine.connect() as connection:
        pages = connection.scalar(text("PRAGMA page_count"))
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(RecordsFull) as told:
        store.append("s", 1, TurnKey("key", "f"), said("x" * 200_000), at=AT)
    assert "full" in str(told.value)
    assert store.load("s", user_id="local").seq == 1
    with engine.connect() as connection:
        connection.execute(text("PRAGMA max_page_count = 1000000"))
    store.append("s", 1, TurnKey("key", "f"), said("x" * 200_000), at=AT)
    assert store.load("s", user_id="local").seq == 2


def _race(url: str, number: int, wins: object) -> None:
    engine = open_database(url)
    store = EventStore(engine)
    for turn in range(10):
        try:
            store.append("s", turn + 1, None, said(f"{number}"), at=AT)
        except StaleTurn:
            continue
        with wins.get_lock():  # type: ignore[attr-defined]
            wins.value += 1  # type: ignore[attr-defined]
    engine.dispose()


def test_processes_race_and_each_number_is_written_once(store: EventStore, url: str) -> None:
    opened(store)
    context = multiprocessing.get_context("spawn")
    wins = context.Value("i", 0)
    racers = [context.Process(target=_race, args=(url, n, wins)) for n in range(3)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    record = store.load("s", user_id="local")
    assert record.seq == 1 + wins.value
    assert wins.value >= 1
