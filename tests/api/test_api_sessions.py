"""Sessions over HTTP: the contract that the pages are built on."""

from __future__ import annotations

import json
import threading
import uuid
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

API = "/api/v1"


def opened(client: TestClient, language: str = "en") -> dict[str, Any]:
    answer = client.post(f"{API}/sessions", json={"case_id": "tiny", "language": language})
    assert answer.status_code == 201, answer.text
    state: dict[str, Any] = answer.json()
    return state


def say(
    client: TestClient, state: dict[str, Any], text: str, key: str | None = None, **headers: str
) -> Any:
    return client.post(
        f"{API}/sessions/{state['id']}/turns",
        json={"text": text, "expected_seq": state["seq"]},
        headers={"Idempotency-Key": key or uuid.uuid4().hex, **headers},
    )


def test_a_session_opens_with_the_first_question(client: TestClient) -> None:
    state = opened(client)
    assert state["status"] == "active"
    assert state["phase"] == "dialogue"
    assert state["accepts_reply"]
    assert [e["role"] for e in state["transcript"]] == ["tutor"]
    assert [s["status"] for s in state["stages"]] == ["current", "ahead"]
    assert state["stage_index"] == 1
    assert state["stages_total"] == 2
    assert client.get(f"{API}/sessions/{state['id']}").json() == state
    listed = client.get(f"{API}/sessions").json()
    assert [s["id"] for s in listed] == [state["id"]]
    assert listed[0].keys() < state.keys()


def test_a_turn_gives_the_learners_entry_first_and_the_state_after_it(client: TestClient) -> None:
    state = opened(client)
    answer = say(client, state, "E1 comes first")
    assert answer.status_code == 200, answer.text
    entries, after = answer.json()["entries"], answer.json()["state"]
    assert [e["role"] for e in entries] == ["learner", "tutor"] or entries[0]["role"] == "learner"
    assert entries[0]["text"] == "E1 comes first"
    assert after["seq"] > state["seq"]
    assert after["transcript"][-len(entries) :] == entries
    assert after["turns"] == 1
    assert client.get(f"{API}/sessions/{state['id']}").json() == after


def test_nothing_that_is_listened_for_is_given_away(client: TestClient) -> None:
    state = opened(client)
    seen = json.dumps([state, client.get(f"{API}/cases/tiny").json()])
    for secret in ("The clinician thinks of", "One begins with", "Hint", "shortcut", "course P1"):
        assert secret not in seen


def test_the_same_key_gives_the_same_answer_and_doubles_nothing(client: TestClient) -> None:
    state = opened(client)
    first = say(client, state, "E1", "key-number-1")
    again = say(client, state, "E1", "key-number-1")
    assert again.status_code == 200
    assert again.json() == first.json()
    on = say(client, first.json()["state"], "P1", "key-number-2")
    assert on.status_code == 200
    assert say(client, state, "E1", "key-number-1").json() == first.json()
    assert client.get(f"{API}/sessions/{state['id']}").json() == on.json()["state"]


def test_a_key_for_other_words_is_a_conflict(client: TestClient) -> None:
    state = opened(client)
    say(client, state, "E1", "key-number-1")
    answer = say(client, state, "something else", "key-number-1")
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:maieutic:problem:conflict"


def test_a_stale_reply_is_refused_with_the_session_as_it_stands(client: TestClient) -> None:
    state = opened(client)
    now = say(client, state, "E1").json()["state"]
    answer = say(client, state, "from another tab")
    assert answer.status_code == 409
    body = answer.json()
    assert body["type"] == "urn:maieutic:problem:stale-turn"
    assert body["current"] == now
    assert body["remedy"]


def test_two_tabs_at_once_one_wins_and_the_other_is_told(client: TestClient) -> None:
    state = opened(client)
    codes: list[int] = []

    def reply(words: str) -> None:
        codes.append(say(client, state, words).status_code)

    tabs = [threading.Thread(target=reply, args=(f"tab {n}",)) for n in range(6)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert sorted(codes) == [200] + [409] * 5
    after = client.get(f"{API}/sessions/{state['id']}").json()
    assert after["turns"] == 1


def test_the_same_key_at_once_is_one_turn(client: TestClient) -> None:
    state = opened(client)
    answers: list[Any] = []

    def reply() -> None:
        answers.append(say(client, state, "E1", "the-same-key").json())

    tabs = [threading.Thread(target=reply) for _ in range(4)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert all(a == answers[0] for a in answers)
    assert client.get(f"{API}/sessions/{state['id']}").json()["turns"] == 1


def events_of(text: str) -> list[tuple[str, Any]]:
    found = []
    for block in text.split("\n\n"):
        lines = dict(x.split(": ", 1) for x in block.split("\n") if x and not x.startswith(":"))
        if "event" in lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


def test_a_turn_is_streamed_where_the_client_asks_for_it(client: TestClient) -> None:
    state = opened(client, "zh-Hant")
    answer = say(client, state, "我會先問E1", "stream-key-1", Accept="text/event-stream")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert "我會先問E1" in answer.text, "UTF-8, not escapes"
    events = events_of(answer.text)
    assert [name for name, _ in events] == ["entry"] * (len(events) - 1) + ["state"]
    assert events[0][1]["role"] == "learner"
    plain = say(client, state, "我會先問E1", "stream-key-1").json()
    assert [e for name, e in events if name == "entry"] == plain["entries"]
    assert events[-1][1] == plain["state"]


def test_a_failure_of_a_streamed_turn_is_a_problem_event(client: TestClient) -> None:
    state = opened(client)
    say(client, state, "E1")
    answer = say(client, state, "late", Accept="text/event-stream")
    [(name, told)] = events_of(answer.text)
    assert name == "problem"
    assert told["type"] == "urn:maieutic:problem:stale-turn"
    assert told["current"]["id"] == state["id"]


@pytest.mark.parametrize(
    ("text", "status", "name"),
    [
        ("", 422, "validation"),
        ("  \n\u200b", 422, "validation"),
        ("a\x00b", 422, "validation"),
        ("a\x1b[31mb", 422, "validation"),
        ("x" * 8001, 413, "too-large"),
        ("好" * 8001, 413, "too-large"),
        ("x" * 100_000, 413, "too-large"),
    ],
)
def test_a_reply_that_cannot_be_taken_says_why(
    client: TestClient, text: str, status: int, name: str
) -> None:
    state = opened(client)
    answer = say(client, state, text)
    assert answer.status_code == status
    assert answer.json()["type"] == f"urn:maieutic:problem:{name}"
    assert answer.json()["detail"].endswith(".")
    assert answer.json()["remedy"]
    assert client.get(f"{API}/sessions/{state['id']}").json() == state


def test_half_a_surrogate_pair_is_refused(client: TestClient) -> None:
    state = opened(client)
    answer = client.post(
        f"{API}/sessions/{state['id']}/turns",
        content=f'{{"text": "a\\ud800b", "expected_seq": {state["seq"]}}}',
        headers={"Content-Type": "application/json", "Idempotency-Key": "surrogate-1"},
    )
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:maieutic:problem:validation"


def test_eight_thousand_characters_are_taken(client: TestClient) -> None:
    state = opened(client)
    assert say(client, state, "好" * 8000).status_code == 200


def test_identifiers_are_removed_before_anything_is_stored(
    client: TestClient, app: FastAPI
) -> None:
    state = opened(client)
    entry = say(client, state, "E1. She is A123456(3), tel 9123 4567").json()["entries"][0]
    assert entry["text"] == "E1. She is [HKID], tel [PHONE]"
    assert entry["redacted"] == ["hkid", "phone"]
    home = app.state.backend.settings.home
    stored = b"".join(f.read_bytes() for f in home.glob("records*"))
    assert b"She is [HKID]" in stored
    assert b"A123456" not in stored


def test_contest(client: TestClient) -> None:
    state = opened(client)
    state = say(client, state, "E2 I think").json()["state"]
    state = say(client, state, "I said the other thing as well").json()["state"]
    entry = next(e for e in reversed(state["transcript"]) if e["contestable"])
    body = {"seq": entry["seq"], "note": "see above", "expected_seq": state["seq"]}
    answer = client.post(f"{API}/sessions/{state['id']}/contest", json=body)
    assert answer.status_code == 200, answer.text
    after = answer.json()["state"]
    assert [e["role"] for e in answer.json()["entries"]] == ["system", "tutor"]
    assert "see above" in answer.json()["entries"][0]["text"]
    [contested] = [e for e in after["transcript"] if e["contested"]]
    assert contested["seq"] == entry["seq"]
    assert not contested["contestable"]
    body["expected_seq"] = after["seq"]
    again = client.post(f"{API}/sessions/{state['id']}/contest", json=body)
    assert again.status_code == 409
    assert again.json()["type"] == "urn:maieutic:problem:conflict"


def test_pause_resume_and_language(client: TestClient) -> None:
    state = opened(client)
    at = f"{API}/sessions/{state['id']}"
    paused = client.post(f"{at}/pause", json={"expected_seq": state["seq"]}).json()
    assert paused["status"] == "paused"
    twice = client.post(f"{at}/pause", json={"expected_seq": paused["seq"]}).json()
    assert twice == paused
    resumed = client.post(f"{at}/resume", json={"expected_seq": paused["seq"]}).json()
    assert resumed["status"] == "active"
    body = {"language": "zh-Hans", "expected_seq": resumed["seq"]}
    switched = client.post(f"{at}/language", json=body).json()
    assert switched["language"] == "zh-Hans"
    assert "zh-Hans" in switched["case_title"]
    assert [e["text"] for e in switched["transcript"] if e["role"] == "system"] == [
        "Paused.",
        "Taken up again.",
        "对话改用简体中文进行。",
    ]
    assert switched["transcript"][-1]["role"] == "tutor"


def test_ending_early_gives_the_synthesis_then_reflection_then_closes(client: TestClient) -> None:
    state = opened(client)
    at = f"{API}/sessions/{state['id']}"
    ended = client.post(f"{at}/end", json={"expected_seq": state["seq"]}).json()
    assert ended["entries"][-1]["move"] == "synthesis"
    assert ended["state"]["outcome"] == "ended_early"
    assert ended["state"]["status"] == "completed"
    assert ended["state"]["phase"] == "reflection"
    twice = client.post(f"{at}/end", json={"expected_seq": ended["state"]["seq"]})
    assert twice.json()["type"] == "urn:maieutic:problem:session-closed"
    closed = say(client, ended["state"], "I noticed how quickly I spoke").json()["state"]
    assert closed["phase"] == "closed"
    assert not closed["accepts_reply"]
    refused = say(client, closed, "one more")
    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:maieutic:problem:session-closed"


def test_a_whole_case(client: TestClient) -> None:
    state = opened(client)
    for text in ("E1 and E2", "P1 because it is fair", "E1, as was said", "it is fair", "fine"):
        if state["phase"] != "dialogue":
            break
        state = say(client, state, text).json()["state"]
    assert state["outcome"] == "completed"
    assert [s["status"] for s in state["stages"]] == ["done", "done"]
    assert all(s["considered"] == s["total"] for s in state["stages"])
    assert [e["text"] for e in state["transcript"] if e["role"] == "case"] == [
        "The sister calls the clinic."
    ]


def test_transcripts(client: TestClient) -> None:
    state = opened(client, "zh-Hant")
    say(client, state, "M1 <b>*強調*</b>")
    at = f"{API}/sessions/{state['id']}/transcript"
    answer = client.get(at)
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    text = answer.text
    assert text.startswith("# The tiny case（zh-Hant）")
    assert "## 對話" in text
    assert r"M1 \<b\>\*強調\*\</b\>" in text
    assert "https://example.org/code" in text
    assert "並非證書" in text
    told = client.get(at, params={"format": "json"}).json()
    assert told["session"]["id"] == state["id"]
    assert told["vignette"]
    assert client.get(at, params={"format": "pdf"}).status_code == 422


def test_deleting_erases(client: TestClient, app: FastAPI) -> None:
    state = opened(client)
    say(client, state, "E1 uniquewordtobeerased")
    home = app.state.backend.settings.home
    assert b"uniquewordtobeerased" in b"".join(f.read_bytes() for f in home.glob("records*"))
    assert client.delete(f"{API}/sessions/{state['id']}").status_code == 204
    assert client.get(f"{API}/sessions/{state['id']}").status_code == 404
    assert client.delete(f"{API}/sessions/{state['id']}").status_code == 404
    assert client.get(f"{API}/sessions").json() == []
    assert b"uniquewordtobeerased" not in b"".join(f.read_bytes() for f in home.glob("records*"))


def test_a_session_that_is_not_there(client: TestClient) -> None:
    answer = client.get(f"{API}/sessions/nothing")
    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:maieutic:problem:not-found"
    body = {"case_id": "nothing", "language": "en"}
    assert client.post(f"{API}/sessions", json=body).status_code == 404
