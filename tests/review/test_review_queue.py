"""What enters the queue, why, and what an educator is shown of it."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import text

from tests.reverting import revert
from tests.review.trying import REVIEW, Learner, queue
from tutor.dialogue import Event, LearnerSaid, SessionOpened
from tutor.dialogue.events import Contested, Judged, Judgement, MisconceptionVoiced, TutorMoved
from tutor.records import EventStore, UserStore, open_database
from tutor.records.database import migrate
from tutor.sessions import now


def test_the_queue_is_empty_at_first(client: TestClient) -> None:
    assert client.get(f"{REVIEW}/items").json() == {"total": 0, "offset": 0, "items": []}
    assert client.get(f"{REVIEW}/gains").json() == []


def test_an_unsure_verdict_is_queued_with_what_was_said_and_heard(
    client: TestClient, learner: Learner
) -> None:
    learner.says("well maybe E1 is what I would do")
    (item,) = queue(client)
    assert item["said"] == "well maybe E1 is what I would do"
    assert item["asked"] == "What would you find out first?"
    assert item["statement"] == "The clinician thinks of E1 first."
    assert item["heard"]["verdict"] == "unsure"
    assert item["heard"]["probability"] == 0.35
    assert item["heard"]["span"] == "maybe E1 is what I would do"
    assert (item["reason"], item["state"], item["language"]) == ("unresolved", "open", "en")
    assert item["case_title"] == "The tiny case"
    assert learner.state["id"] not in str(item)
    assert "user" not in item


def test_what_the_learner_says_to_the_doubt_is_the_reason(
    client: TestClient, learner: Learner
) -> None:
    learner.says("well maybe E1 is what I would do")
    learner.says("yes")
    learner.says("and maybe E2 as well I suppose")
    learner.says("no, not that")
    assert [(i["target"], i["reason"]) for i in queue(client)] == [
        ("E1", "confirmed"),
        ("E2", "denied"),
    ]


def test_a_contest_is_queued_with_the_words_it_is_about(
    client: TestClient, learner: Learner
) -> None:
    learner.says("I would call her on 9123 4567 at once")
    learner.contests("I did say so")
    (item,) = queue(client)
    assert item["reason"] == "contested"
    assert item["note"] == "I did say so"
    assert "9123" not in item["said"]
    assert "[PHONE]" in item["said"]
    assert item["heard"]["verdict"] == "absent"


def test_filters_and_pages_the_oldest_first(client: TestClient, learner: Learner) -> None:
    other = Learner(client, "zh-Hant")
    learner.says("maybe E1 I think")
    other.says("maybe E1 大概")
    learner.contests()
    assert [i["language"] for i in queue(client)] == ["en", "zh-Hant", "en"]
    assert len(queue(client, lang="zh-Hant")) == 1
    assert len(queue(client, reason="contested")) == 1
    assert queue(client, state="decided") == []
    assert queue(client, case="none") == []
    page = client.get(f"{REVIEW}/items", params={"offset": 1, "limit": 1}).json()
    assert (page["total"], page["offset"], len(page["items"])) == (3, 1, 1)
    assert client.get(f"{REVIEW}/items", params={"limit": 1000}).status_code == 422
    assert client.get(f"{REVIEW}/items", params={"reason": "x' OR 1=1"}).status_code == 422


def test_one_that_is_not_there(client: TestClient) -> None:
    for number in ("1", "99999999999999999999", "x", "-1"):
        assert client.get(f"{REVIEW}/items/{number}").status_code in {404, 422}


def test_positions_and_unvoiced_corrections_are_not_queued(tmp_path: Any) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'r.sqlite3'}")
    UserStore(engine).local()
    store = EventStore(engine)
    unsure = [
        Judgement(target=t, verdict="unsure", probability=0.3, span="well")
        for t in ("E1", "P1", "M1", "M1:repair")
    ]
    said: list[Event] = [LearnerSaid(text="well", acts=("assertion",), language="zh-Hant")]
    opened: list[Event] = [SessionOpened(case_id="c", case_version="0.1.0", language="en")]
    store.create("s", user_id="local", case_id="c", events=opened, at=now())
    store.append("s", 1, None, [*said, Judged(judgements=tuple(unsure))], at=now())
    voiced = [*said, MisconceptionVoiced(target="M1", span="well")]
    store.append("s", 3, None, voiced, at=now())
    store.append("s", 5, None, [*said, Judged(judgements=tuple(unsure[3:]))], at=now())
    with engine.connect() as connection:
        found = connection.execute(text("SELECT seq, target, language FROM reviews ORDER BY id"))
        assert [tuple(r) for r in found] == [
            (3, "E1", "zh-Hant"),
            (3, "M1", "zh-Hant"),
            (7, "M1:repair", "zh-Hant"),
        ]
    engine.dispose()


def test_sessions_of_an_earlier_version_are_queued_as_new_ones_are(tmp_path: Any) -> None:
    url = f"sqlite:///{tmp_path / 'r.sqlite3'}"
    engine = open_database(url)
    UserStore(engine).local()
    store = EventStore(engine)

    def doubt(target: str) -> Judged:
        unsure = Judgement(target=target, verdict="unsure", probability=0.3, span="a")
        return Judged(judgements=(unsure,))

    def said(act: Any) -> LearnerSaid:
        return LearnerSaid(text="a", acts=(act,), language="zh-Hans")

    events: list[Event] = [
        SessionOpened(case_id="c", case_version="0.1.0", language="en"),
        said("assertion"),
        doubt("E1"),
        TutorMoved(move="confirm", target="E1", text="Is that your point?"),
        said("disagree"),
        doubt("E2"),
        TutorMoved(move="hint", target="E1", text="A hint?"),
        Contested(target="E1", said="a"),
    ]
    store.create("s", user_id="local", case_id="c", events=events[:4], at=now())
    store.append("s", 4, None, events[4:], at=now())
    query = "SELECT seq, target, language, reason, status FROM reviews ORDER BY seq"
    with engine.begin() as connection:
        as_stored = connection.execute(text(query)).all()
        revert(connection, "0002")
        kept = connection.execute(text("SELECT seq, target, status FROM reviews")).all()
        assert kept == [(8, "E1", "open")]
    with engine.begin() as connection:
        migrate(connection)
        assert connection.execute(text(query)).all() == as_stored
    assert [(r.target, r.reason) for r in as_stored] == [
        ("E1", "denied"),
        ("E2", "unresolved"),
        ("E1", "contested"),
    ]
    engine.dispose()
