"""The store of ratings on SQLite and, where it can be started, on PostgreSQL."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text

from evals.servers import VectorServer, postgres_server
from tests.rating.batches import AT, a_batch, a_turn, all_at
from tutor.errors import Conflict, NotFound
from tutor.rating import Mark
from tutor.records import RatingStore, add_user, open_database
from tutor.records.ratings import Batch, Change, Ruling
from tutor.records.tables import Base

PASSWORD = "a long enough sentence"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VectorServer]:
    with postgres_server(tmp_path_factory.mktemp("ratings") / "data") as started:
        yield started


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, url: str) -> Iterator[Engine]:
    if request.param == "postgres":
        url = request.getfixturevalue("server").url
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = open_database(url)
    yield engine
    if request.param == "postgres":
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()


@pytest.fixture
def users(database: Engine) -> list[str]:
    return [add_user(database, name, PASSWORD, ["evaluator"]).id for name in ("ann", "bo", "cy")]


@pytest.fixture
def ratings(database: Engine) -> RatingStore:
    return RatingStore(database)


@pytest.fixture
def batch(ratings: RatingStore) -> Batch:
    made = a_batch()
    ratings.add(made, [a_turn(n) for n in range(1, 4)])
    return ratings.batch(made.name)


def test_the_migrations_make_these_tables(database: Engine) -> None:
    with database.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_batch_comes_back_as_it_was_made(ratings: RatingStore, batch: Batch) -> None:
    assert batch == dataclasses.replace(a_batch(), items=3)
    assert batch.rubric.hash == a_batch().rubric.hash
    assert ratings.items("first") == {n: a_turn(n) for n in (1, 2, 3)}
    assert ratings.item("first", 4) is None
    with pytest.raises(Conflict, match="already"):
        ratings.add(a_batch(), [a_turn(9)])
    assert len(ratings.items("first")) == 3
    with pytest.raises(NotFound):
        ratings.batch("second")


def test_seats_are_given_once_each(ratings: RatingStore, batch: Batch, users: list[str]) -> None:
    one, two, three = users
    assert ratings.take_seat(batch, one, AT).letter == "A"
    assert ratings.take_seat(batch, one, AT).letter == "A"
    assert ratings.take_seat(batch, two, AT).letter == "B"
    with pytest.raises(Conflict, match="2 raters"):
        ratings.take_seat(batch, three, AT)


def test_two_who_ask_at_once_get_two_seats_or_one_is_told(
    ratings: RatingStore, batch: Batch, users: list[str]
) -> None:
    def ask(user: str) -> int | None:
        try:
            return ratings.take_seat(batch, user, AT).seat
        except Conflict:
            return None

    with ThreadPoolExecutor(3) as pool:
        given = list(pool.map(ask, users))
    seats = [seat for seat in given if seat is not None]
    assert len(set(seats)) == len(seats) == len(ratings.seats("first")) <= 2


def test_changes_are_merged_and_handing_in_closes(
    ratings: RatingStore, batch: Batch, users: list[str]
) -> None:
    seat = ratings.take_seat(batch, users[0], AT).seat
    ratings.save(batch, 1, seat, Change({"tone": 2}), AT)
    ratings.save(batch, 1, seat, Change({"guidance": 1}, comment="hm"), AT)
    saved = ratings.save(batch, 1, seat, Change({"tone": 0}, cannot_judge=True), AT)
    assert saved == Mark({"tone": 0, "guidance": 1}, cannot_judge=True, comment="hm")
    assert ratings.marks("first") == {1: {seat: saved}}

    def refuse(held: Mapping[int, Mark]) -> None:
        assert held == {1: saved}
        raise Conflict("Not yet.", remedy="")

    with pytest.raises(Conflict, match="Not yet"):
        ratings.hand_in("first", seat, refuse, AT)
    ratings.hand_in("first", seat, lambda _: None, AT)
    for late in (
        lambda: ratings.save(batch, 1, seat, Change({"tone": 1}), AT),
        lambda: ratings.hand_in("first", seat, lambda _: None, AT),
    ):
        with pytest.raises(Conflict, match="handed in"):
            late()
    assert ratings.marks("first") == {1: {seat: saved}}


def test_a_late_click_and_handing_in_never_cross(
    ratings: RatingStore, batch: Batch, users: list[str]
) -> None:
    """What was checked when handing in is what stays, whoever comes first."""
    seat = ratings.take_seat(batch, users[0], AT).seat
    seen: list[Mark] = []

    def click(step: int) -> None:
        with suppress(Conflict):
            ratings.save(batch, 1, seat, Change(all_at(step % 3)), AT)

    def hand_in() -> None:
        ratings.hand_in("first", seat, lambda held: seen.extend(held.values()), AT)

    with ThreadPoolExecutor(4) as pool:
        clicks = [pool.submit(click, n) for n in range(12)]
        pool.submit(hand_in).result()
        for one in clicks:
            one.result()
    stays = [by_seat[seat] for by_seat in ratings.marks("first").values()]
    assert stays == seen


def test_rulings_are_added_to_and_the_slower_is_told(
    ratings: RatingStore, batch: Batch, users: list[str]
) -> None:
    del batch
    ratings.settle("first", 2, "tone", Ruling(1, "fits", 1, AT), users[2])
    with pytest.raises(Conflict, match="meanwhile"):
        ratings.settle("first", 2, "tone", Ruling(0, "no", 1, AT), users[1])
    ratings.settle("first", 2, "tone", Ruling(None, "rather not", 2, AT), users[2])
    assert ratings.rulings("first") == {(2, "tone"): Ruling(None, "rather not", 2, AT)}


def test_records_of_before_are_brought_up_to_date(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    engine = open_database(url)
    with engine.begin() as connection:
        for name in ("adjudications", "ratings", "rating_seats", "rating_items", "rating_batches"):
            connection.execute(text(f"DROP TABLE {name}"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0004'"))
    engine.dispose()
    again = open_database(url)
    assert RatingStore(again).batches() == []
    again.dispose()
