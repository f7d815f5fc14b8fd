"""Rating over the real service: two raters who see nothing of each other, and a third person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.rating.batches import a_batch, a_turn, all_at
from tutor.api import create_app
from tutor.records import RatingStore, add_user
from tutor.runtime import Runtime
from tutor.settings import Settings

PASSWORD = "a long enough sentence"
PEOPLE = {
    "ann": ["evaluator"],
    "bo": ["educator"],
    "cy": ["evaluator"],
    "dan": ["learner"],
}
RATING = "/api/v1/rating/batches"
FIRST = f"{RATING}/first"


@pytest.fixture
def app(tmp_path: Path, tiny: Runtime) -> FastAPI:
    return create_app(Settings(home=tmp_path / "home", auth="password"), tiny)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """With a batch of four turns by two systems."""
    with TestClient(app, base_url="http://127.0.0.1:8600", raise_server_exceptions=False) as client:
        engine = app.state.backend.records.engine
        for name, roles in PEOPLE.items():
            add_user(engine, name, PASSWORD, roles)  # type: ignore[arg-type]
        items = [a_turn(n, f"secret-{n % 2}") for n in range(1, 5)]
        RatingStore(engine).add(a_batch(), items)
        yield client


class Person:
    """One of them, signed in."""

    def __init__(self, client: TestClient, name: str) -> None:
        body = {"username": name, "password": PASSWORD}
        token = client.post("/api/v1/auth/token", json=body).json()["access_token"]
        self.client, self.headers = client, {"Authorization": f"Bearer {token}"}

    def asks(self, method: str, path: str, body: Any = None) -> Any:
        return self.client.request(method, path, json=body, headers=self.headers)

    def sees(self, path: str) -> Any:
        answer = self.asks("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def rates_all(self, step: int, **other: int | None) -> None:
        """The same for every item, but what differs only for the one called 1."""
        self.asks("POST", f"{FIRST}/begin")
        for position in range(1, 5):
            task = self.sees(f"{FIRST}/mine/{position}")
            more = other if task["content"]["turn"] == "Why, 1?" else {}
            body = {"scores": all_at(step, **more)}
            assert self.asks("PATCH", f"{FIRST}/mine/{position}", body).status_code == 200
        answer = self.asks("POST", f"{FIRST}/hand-in")
        assert answer.status_code == 200, answer.text


@pytest.fixture
def people(client: TestClient) -> dict[str, Person]:
    return {name: Person(client, name) for name in PEOPLE}


def test_a_learner_reaches_no_route_of_it(people: dict[str, Person], app: FastAPI) -> None:
    paths = {p: ms for p, ms in app.openapi()["paths"].items() if p.startswith("/api/v1/rating")}
    assert len(paths) == 9
    for path, methods in paths.items():
        for method in methods:
            where = path.format(name="first", position=1, number=1)
            body = {"dimension": "tone", "score": 1, "reason": "x", "version": 0}
            answer = people["dan"].asks(method, where, body)
            assert answer.status_code == 403, (method, path)
    told = people["dan"].asks("GET", RATING).json()
    assert "“evaluator” or “educator”" in told["detail"]


def test_an_item_tells_nothing_of_where_it_came_from(people: dict[str, Person]) -> None:
    ann = people["ann"]
    ann.asks("POST", f"{FIRST}/begin")
    seen = [ann.asks("GET", RATING).text, ann.asks("GET", FIRST).text]
    seen += [ann.asks("GET", f"{FIRST}/mine/{n}").text for n in range(1, 5)]
    seen.append(ann.asks("GET", f"{FIRST}/rubric").text)
    assert not any("secret" in text for text in seen)
    assert '"best"' not in seen[-1]


def test_each_rater_has_an_order_and_both_see_everything_once(people: dict[str, Person]) -> None:
    orders = []
    for name in ("ann", "bo"):
        people[name].asks("POST", f"{FIRST}/begin")
        tasks = [people[name].sees(f"{FIRST}/mine/{n}") for n in range(1, 5)]
        orders.append([task["content"]["turn"] for task in tasks])
    assert sorted(orders[0]) == sorted(orders[1])
    assert orders[0] != orders[1]
    assert people["ann"].asks("GET", f"{FIRST}/mine/5").status_code == 404


def test_every_click_is_kept_and_can_be_changed_until_handing_in(
    people: dict[str, Person],
) -> None:
    ann = people["ann"]
    ann.asks("POST", f"{FIRST}/begin")
    ann.asks("PATCH", f"{FIRST}/mine/2", {"scores": {"tone": 1}})
    ann.asks("PATCH", f"{FIRST}/mine/2", {"scores": {"tone": 2, "mistake_location": None}})
    ann.asks("PATCH", f"{FIRST}/mine/2", {"comment": "Ring 9123 4567 about it"})
    task = ann.sees(f"{FIRST}/mine/2")
    assert task["mark"]["scores"] == {"tone": 2, "mistake_location": None}
    assert "9123" not in task["mark"]["comment"]
    assert task["progress"] == ["open", "begun", "open", "open"]
    refused = ann.asks("POST", f"{FIRST}/hand-in")
    assert refused.status_code == 422
    assert "4 of 4 items are not rated yet: 1, 2, 3, 4." in refused.json()["detail"]
    for position in range(1, 5):
        ann.asks("PATCH", f"{FIRST}/mine/{position}", {"cannot_judge": True})
    assert ann.asks("POST", f"{FIRST}/hand-in").status_code == 200
    late = ann.asks("PATCH", f"{FIRST}/mine/2", {"scores": {"tone": 0}})
    assert late.status_code == 409
    assert ann.sees(f"{FIRST}/mine/2")["mark"]["scores"]["tone"] == 2


def test_nobody_sees_ratings_before_all_have_handed_in(people: dict[str, Person]) -> None:
    people["ann"].rates_all(1)
    for name in ("ann", "bo", "cy"):
        for path in ("disputes", "disputes/1", "counts"):
            answer = people[name].asks("GET", f"{FIRST}/{path}")
            assert answer.status_code == 409, (name, path)
    view = people["cy"].sees(FIRST)
    assert (view["handed_in"], view["may_settle"], view["disputes"]) == (1, False, None)
    assert people["cy"].asks("GET", f"{FIRST}/mine/1").status_code == 409


def test_a_third_person_settles_and_the_raters_cannot(people: dict[str, Person]) -> None:
    people["ann"].rates_all(1, tone=2)
    people["bo"].rates_all(1, tone=0)
    full = people["cy"].asks("POST", f"{FIRST}/begin")
    assert full.status_code == 409
    assert people["ann"].asks("GET", f"{FIRST}/disputes").status_code == 409
    (line,) = people["cy"].sees(f"{FIRST}/disputes")
    assert (line["dimensions"], line["settled"]) == (["tone"], False)
    where = f"{FIRST}/disputes/{line['number']}"
    seen = people["cy"].sees(where)
    assert seen["differences"][0]["scores"] == {"A": 2, "B": 0}
    assert "secret" not in str(seen)
    assert "ann" not in str(seen)
    ruling = {"dimension": "tone", "score": 1, "reason": "  ", "version": 0}
    assert people["cy"].asks("POST", where, ruling).status_code == 422
    ruling["reason"] = "Neither warm nor cold."
    other = ruling | {"dimension": "guidance"}
    assert people["cy"].asks("POST", where, other).status_code == 404
    assert people["bo"].asks("POST", where, ruling).status_code == 409
    assert people["cy"].asks("POST", where, ruling).status_code == 201
    assert people["cy"].asks("POST", where, ruling).status_code == 409
    again = people["cy"].asks("POST", where, ruling | {"score": 2, "version": 1}).json()
    assert again["differences"][0]["ruling"] == {
        "score": 2,
        "reason": "Neither warm nor cold.",
        "version": 2,
    }
    assert people["cy"].sees(FIRST)["stage"] == "settled"
    none_left = people["cy"].asks("GET", f"{FIRST}/disputes/{line['number'] % 4 + 1}")
    assert none_left.status_code == 404


def test_counts_are_of_the_whole_batch(people: dict[str, Person]) -> None:
    people["ann"].rates_all(1, tone=2, mistake_location=None)
    people["bo"].rates_all(1)
    held = {c["dimension"]: c for c in people["ann"].sees(f"{FIRST}/counts")["counts"]}
    assert held["tone"] == {
        "dimension": "tone",
        "steps": [0, 7, 1],
        "not_applicable": 0,
        "pairs": 4,
        "same": 3,
    }
    assert held["mistake_location"]["not_applicable"] == 1
    assert people["cy"].sees(FIRST)["disputes_open"] == 1


@pytest.mark.parametrize(
    "body",
    [
        {"scores": {"tone": 3}},
        {"scores": {"tone": None}},
        {"scores": {"tone": True}},
        {"scores": {"tone": "2"}},
        {"scores": {"nonsense": 1}},
        {"scores": {"x" * 41: 1}},
        {"comment": "x" * 2001},
        {"system": "mine"},
        [],
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_stored(
    people: dict[str, Person], body: object
) -> None:
    people["ann"].asks("POST", f"{FIRST}/begin")
    answer = people["ann"].asks("PATCH", f"{FIRST}/mine/1", body)
    assert answer.status_code == 422
    assert answer.json()["remedy"]
    assert people["ann"].sees(f"{FIRST}/mine/1")["progress"][0] == "open"


def test_the_rubric_in_every_language(people: dict[str, Person]) -> None:
    for language, word in (("en", "Tone"), ("zh-Hant", "語氣"), ("zh-Hans", "语气")):
        rubric = people["ann"].sees(f"{FIRST}/rubric?lang={language}")
        assert word in [d["name"] for d in rubric["dimensions"]]
    assert people["ann"].asks("GET", f"{RATING}/none/rubric").status_code == 404
    assert people["ann"].asks("GET", f"{RATING}/{'x' * 81}").status_code == 422
