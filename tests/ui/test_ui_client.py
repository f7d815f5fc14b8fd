"""The client against a real server that keeps the contract."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.ui.conftest import free_port
from tests.ui.fake_service import FakeService
from ui.client import ProblemError, Service, ServiceDown, SignInNeeded, StaleTurn, connect, new_key


@pytest.fixture
def service(fake: FakeService) -> Iterator[Service]:
    with connect(fake.url) as http:
        yield Service(http)


def test_a_session_from_opening_to_erasure(service: Service) -> None:
    opened = service.open_session("sister", "en")
    turn = service.say(opened.id, "Ask him why", opened.seq, new_key())
    assert [entry.role for entry in turn.entries] == ["learner", "tutor"]
    assert turn.entries[1].citations[0].confidence == "S"
    contested = service.contest(opened.id, turn.entries[1].seq, "I did", turn.state.seq)
    paused = service.pause(opened.id, contested.state.seq)
    assert (paused.status, paused.accepts_reply) == ("paused", False)
    resumed = service.resume(opened.id, paused.seq)
    switched = service.switch_language(opened.id, "zh-Hant", resumed.seq)
    assert switched.language == "zh-Hant"
    assert service.end(opened.id, switched.seq).state.outcome == "ended_early"
    assert b"Ask him why" in service.transcript(opened.id)
    service.delete(opened.id)
    assert service.sessions() == []


def test_a_self_test_from_invitation_to_result(fake: FakeService, service: Service) -> None:
    opened = service.open_session("sister", "en")
    assert service.self_tests(opened.id).pre.status == "none"
    fake.tested = True
    assert [o.key for o in service.paper(opened.id, "pre").questions[0].options][-1] == "4"
    answers = dict.fromkeys(("Q1", "Q2", "Q3", "Q4"), "2")
    done = service.hand_in(opened.id, "pre", answers)
    assert (done.status, done.score, done.total) == ("done", 4, 4)
    assert service.self_tests(opened.id).pre == done
    for call in (service.paper, lambda i, f: service.hand_in(i, f, answers)):
        with pytest.raises(ProblemError) as caught:
            call(opened.id, "pre")
        assert caught.value.name == "conflict"


def test_the_same_key_gets_the_same_answer_and_doubles_nothing(service: Service) -> None:
    opened = service.open_session("sister", "en")
    key = new_key()
    first = service.say(opened.id, "Ask him why", opened.seq, key)
    assert service.say(opened.id, "Ask him why", opened.seq, key) == first
    assert len(service.session(opened.id).transcript) == 3


def test_a_stale_turn_says_how_the_session_stands(fake: FakeService, service: Service) -> None:
    opened = service.open_session("sister", "en")
    fake.add(fake.sessions[opened.id], "tutor", "Meanwhile")
    with pytest.raises(StaleTurn) as caught:
        service.say(opened.id, "Late", opened.seq, new_key())
    assert caught.value.current is not None
    assert caught.value.current.transcript[-1].text == "Meanwhile"


def test_a_problem_keeps_its_name_detail_and_remedy(fake: FakeService, service: Service) -> None:
    opened = service.open_session("sister", "en")
    fake.problems.append((507, "storage-full"))
    with pytest.raises(ProblemError) as caught:
        service.say(opened.id, "Hello", opened.seq, new_key())
    assert caught.value.name == "storage-full"
    assert (caught.value.detail, caught.value.remedy) == (
        "The detail of storage-full.",
        "The remedy.",
    )


def test_a_wrong_password_and_a_missing_token(fake: FakeService, service: Service) -> None:
    fake.password = "right"
    with pytest.raises(SignInNeeded):
        service.me()
    with pytest.raises(SignInNeeded):
        service.sign_in("ng", "wrong")
    token = service.sign_in("ng", "right").access_token
    with connect(fake.url) as http:
        assert Service(http, token).me().auth == "password"


def test_nobody_there() -> None:
    with connect(f"http://127.0.0.1:{free_port()}") as http, pytest.raises(ServiceDown):
        Service(http).cases("en")


def _answering(response: httpx.Response) -> Service:
    def answer(_request: httpx.Request) -> httpx.Response:
        return response

    return Service(httpx.Client(base_url="http://x", transport=httpx.MockTransport(answer)))


@pytest.mark.parametrize(
    ("status", "name"),
    [(404, "not-found"), (413, "too-large"), (503, "not-ready"), (500, "internal")],
)
def test_an_error_page_of_something_in_between(status: int, name: str) -> None:
    with pytest.raises(ProblemError) as caught:
        _answering(httpx.Response(status, html="<h1>nginx</h1>")).me()
    assert caught.value.name == name


def test_a_gateway_with_nobody_behind_is_a_service_that_is_down() -> None:
    with pytest.raises(ServiceDown):
        _answering(httpx.Response(502)).me()


@pytest.mark.parametrize("body", ["", "[]", '{"id": 3}', "<html>"])
def test_an_answer_of_another_shape_is_a_problem(body: str) -> None:
    with pytest.raises(ProblemError) as caught:
        _answering(httpx.Response(200, text=body)).me()
    assert caught.value.name == "unexpected-answer"


def test_a_line_cut_in_mid_turn_is_tried_once_more_with_the_same_key() -> None:
    keys: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["Idempotency-Key"])
        raise httpx.RemoteProtocolError("cut", request=request)

    client = httpx.Client(base_url="http://x", transport=httpx.MockTransport(answer))
    with pytest.raises(ServiceDown):
        Service(client).say("s1", "Hello", 1, "k")
    assert keys == ["k", "k"]


def test_what_may_not_arrive_twice_is_sent_once() -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.path)
        raise httpx.RemoteProtocolError("cut", request=request)

    client = httpx.Client(base_url="http://x", transport=httpx.MockTransport(answer))
    with pytest.raises(ServiceDown):
        Service(client).open_session("sister", "en")
    assert seen == ["/sessions"]


def test_identifiers_cannot_leave_their_place_in_the_address() -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.raw_path.decode())
        return httpx.Response(404)

    client = httpx.Client(base_url="http://x", transport=httpx.MockTransport(answer))
    with pytest.raises(ProblemError):
        Service(client).session("../me?x=1#y")
    assert seen == ["/sessions/..%2Fme%3Fx%3D1%23y"]


def test_a_shared_connection_keeps_no_cookie_of_anybody() -> None:
    client = connect("http://127.0.0.1:1")
    request = httpx.Request("GET", "http://127.0.0.1:1/")
    client.cookies.extract_cookies(
        httpx.Response(200, headers={"set-cookie": "a=b"}, request=request)
    )
    assert not list(client.cookies.jar)
