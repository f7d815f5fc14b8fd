"""The self-test over HTTP: unaided, once, and nothing given away before it is handed in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.api.test_api_sessions import API, opened, say
from tests.tiny_teaching import QUOTE, TESTED
from tutor.cases import LoadedCase
from tutor.runtime import Runtime

BEST = "The soundest course"


def at(state: dict[str, Any], form: str = "") -> str:
    return f"{API}/sessions/{state['id']}/self-test" + (f"/{form}" if form else "")


def asked(client: TestClient, state: dict[str, Any], form: str) -> list[dict[str, Any]]:
    answer = client.get(at(state, form))
    assert answer.status_code == 200, answer.text
    questions: list[dict[str, Any]] = answer.json()["questions"]
    return questions


def best_answers(questions: list[dict[str, Any]]) -> dict[str, str]:
    """Question id to the key under which this session sees the best answer."""
    return {
        q["id"]: next(o["key"] for o in q["options"] if o["text"].startswith(BEST))
        for q in questions
    }


def ended(client: TestClient, state: dict[str, Any]) -> dict[str, Any]:
    body = {"expected_seq": state["seq"]}
    after: dict[str, Any] = client.post(f"{API}/sessions/{state['id']}/end", json=body).json()
    return after["state"]  # type: ignore[no-any-return]


def refused(answer: Any, status: int, name: str) -> str:
    assert answer.status_code == status, answer.text
    told = answer.json()
    assert told["type"] == f"urn:maieutic:problem:{name}"
    assert told["detail"].endswith(".")
    assert told["remedy"].endswith(".")
    return f"{told['detail']} {told['remedy']}"


def test_both_forms_from_the_first_question_to_the_transcript(client: TestClient) -> None:
    state = opened(client)
    before = client.get(at(state)).json()
    assert [before[form]["status"] for form in ("pre", "post")] == ["open", "locked"]
    answers = best_answers(asked(client, state, "pre"))
    wrong = next(key for key in ("1", "2") if key != answers["Q2"])
    done = client.post(at(state, "pre"), json={"answers": {**answers, "Q2": wrong}})
    assert done.status_code == 200, done.text
    assert (done.json()["score"], done.json()["total"]) == (3, 4)
    assert done.json()["questions"] == [] == client.get(at(state)).json()["pre"]["questions"]
    ended(client, say(client, state, "E1 comes first").json()["state"])
    answers = best_answers(asked(client, state, "post"))
    assert client.post(at(state, "post"), json={"answers": answers}).json()["score"] == 4
    after = client.get(at(state)).json()
    assert [after[form]["status"] for form in ("pre", "post")] == ["done", "done"]
    assert {**after["pre"], "questions": []} == done.json()
    assert [q["right"] for q in after["pre"]["questions"]] == [True, False, True, True]
    second = after["pre"]["questions"][1]
    assert second["best"].startswith(BEST)
    assert second["chosen"].startswith("Course")
    assert second["rationale"] == "The reason why of Q2."
    assert second["citations"][0]["quote"] == QUOTE
    text = client.get(f"{API}/sessions/{state['id']}/transcript").text
    assert "## Self-test" in text
    assert "**Before the case:** best answer in 3 of 4" in text
    assert "- Q2 · In situation 2, what is best? — another answer was chosen" in text
    assert "shows no learning gain by itself" in text
    assert "The soundest course" not in text


def test_the_transcript_as_data_names_targets_and_letters(client: TestClient) -> None:
    state = opened(client, "zh-Hant")
    where = f"{API}/sessions/{state['id']}/transcript"
    assert client.get(where, params={"format": "json"}).json()["self_test"] is None
    assert "自我測驗" not in client.get(where).text
    questions = asked(client, state, "pre")
    assert questions[0]["stem"].endswith("（zh-Hant）？")
    client.post(at(state, "pre"), json={"answers": best_answers(questions)})
    told = client.get(where, params={"format": "json"}).json()["self_test"]
    [form] = told["forms"]
    assert (form["form"], form["score"], form["language"]) == ("pre", 4, "zh-Hant")
    assert form["case_version"] == "0.1.0"
    assert [q["target"] for q in form["questions"]] == list(TESTED)
    assert [q["chosen"] for q in form["questions"]] == ["b", "d", "a", "c"]
    assert "4 題中有 4 題選了最佳答案" in client.get(where).text


def test_nothing_is_given_away_before_it_is_handed_in(client: TestClient) -> None:
    state = opened(client)
    seen = json.dumps([client.get(at(state)).json(), client.get(at(state, "pre")).json()])
    for secret in ('"key": "b"', "reason why", 'citations": [{', "E1", "right"):
        assert secret not in seen
    assert "situation 5" not in seen
    question = asked(client, state, "pre")[0]
    assert question.keys() == {"id", "stem", "options"}
    assert [o["key"] for o in question["options"]] == ["1", "2", "3", "4"]


def test_each_session_has_an_order_of_its_own_and_keeps_it(client: TestClient) -> None:
    states = [opened(client) for _ in range(12)]
    orders = [json.dumps(asked(client, state, "pre")) for state in states]
    assert len(set(orders)) > 6
    assert [json.dumps(asked(client, state, "pre")) for state in states] == orders
    keys = {best_answers(asked(client, state, "pre"))["Q1"] for state in states}
    assert len(keys) > 1


def test_the_first_form_closes_with_the_first_reply(client: TestClient) -> None:
    state = opened(client)
    answers = best_answers(asked(client, state, "pre"))
    say(client, state, "E1")
    assert client.get(at(state)).json()["pre"]["status"] == "locked"
    assert "before the first reply" in refused(client.get(at(state, "pre")), 409, "conflict")
    late = client.post(at(state, "pre"), json={"answers": answers})
    refused(late, 409, "conflict")


def test_the_second_form_opens_when_the_case_has_ended(client: TestClient) -> None:
    state = opened(client)
    assert "end it early" in refused(client.get(at(state, "post")), 409, "conflict")
    refused(client.post(at(state, "post"), json={"answers": {}}), 409, "conflict")
    ended(client, state)
    both = client.get(at(state)).json()
    assert [both[form]["status"] for form in ("pre", "post")] == ["locked", "open"]
    assert len(asked(client, state, "post")) == 4


def test_a_form_is_handed_in_once(client: TestClient) -> None:
    state = opened(client)
    answers = best_answers(asked(client, state, "pre"))
    first = client.post(at(state, "pre"), json={"answers": answers}).json()
    other = {**answers, "Q1": next(k for k in ("1", "2") if k != answers["Q1"])}
    told = refused(client.post(at(state, "pre"), json={"answers": other}), 409, "conflict")
    assert "have been handed in" in told
    refused(client.get(at(state, "pre")), 409, "conflict")
    assert client.get(at(state)).json()["pre"] == first


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"Q3": None}, "no answer yet to Q3"),
        ({"Q5": "1"}, "does not ask"),
        ({"E1 A123456(3)": "1"}, "does not ask"),
        ({"Q2": "5"}, "The answer to Q2 is none"),
        ({"Q2": "b"}, "Choose one of 1, 2, 3, 4."),
        ({"Q2": ""}, "The answer to Q2 is none"),
    ],
)
def test_answers_that_do_not_fit_say_why_and_store_nothing(
    client: TestClient, change: dict[str, str | None], words: str
) -> None:
    state = opened(client)
    answers: dict[str, str | None] = {**best_answers(asked(client, state, "pre")), **change}
    sent = {name: key for name, key in answers.items() if key is not None}
    told = refused(client.post(at(state, "pre"), json={"answers": sent}), 422, "validation")
    assert words in told
    assert "A123456" not in told
    assert client.get(at(state)).json()["pre"]["status"] == "open"


def test_a_form_or_a_session_that_is_not_there(client: TestClient) -> None:
    state = opened(client)
    refused(client.get(at(state, "middle")), 422, "validation")
    refused(client.get(f"{API}/sessions/nothing/self-test"), 404, "not-found")
    refused(client.get(f"{API}/sessions/nothing/self-test/pre"), 404, "not-found")
    body = {"answers": {"Q1": "1"}}
    refused(client.post(f"{API}/sessions/nothing/self-test/pre", json=body), 404, "not-found")


def test_deleting_the_session_deletes_the_forms(client: TestClient, app: FastAPI) -> None:
    state = opened(client)
    client.post(at(state, "pre"), json={"answers": best_answers(asked(client, state, "pre"))})
    kept = app.state.backend.records.store.self_tests
    assert list(kept.of(state["id"])) == ["pre"]
    client.delete(f"{API}/sessions/{state['id']}")
    assert kept.of(state["id"]) == {}
    refused(client.get(at(state)), 404, "not-found")


def changed(app: FastAPI, **update: Any) -> None:
    """The service as it is after its author has changed the case."""
    backend = app.state.backend
    case: LoadedCase = backend.runtime.cases["tiny"]
    texts = {lang: text.model_copy(update=update) for lang, text in case.texts.items()}
    cases = {"tiny": LoadedCase(texts, case.citations, case.reading)} if update else {}
    old: Runtime = backend.runtime
    backend.sessions._runtime = Runtime(cases, old.judge, old.answerer, old.wording, old.searcher)


def test_a_case_without_a_self_test_has_none(client: TestClient, app: FastAPI) -> None:
    changed(app, self_test=None)
    state = opened(client)
    both = client.get(at(state)).json()
    assert [both[form]["status"] for form in ("pre", "post")] == ["none", "none"]
    refused(client.get(at(state, "pre")), 404, "not-found")
    refused(client.post(at(state, "pre"), json={"answers": {}}), 404, "not-found")


def test_a_score_outlives_a_revision_of_the_case_and_its_end(
    client: TestClient, app: FastAPI
) -> None:
    state = opened(client)
    client.post(at(state, "pre"), json={"answers": best_answers(asked(client, state, "pre"))})
    where = f"{API}/sessions/{state['id']}/transcript"
    for update in ({"version": "0.2.0"}, {}):
        changed(app, **update)
        pre = client.get(at(state)).json()["pre"]
        assert (pre["status"], pre["score"], pre["revised"], pre["questions"]) == (
            "done",
            4,
            True,
            [],
        )
        assert "- Q1 — the case has been revised since" in client.get(where).text
