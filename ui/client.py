"""The service, as Python sees it: one method per call, typed answers, errors with a remedy.

Errors:
    ServiceError
        ServiceDown      nobody answered: not started, starting, or the line is cut
        ProblemError     the service answered with a problem
            StaleTurn    somebody moved the session on meanwhile; `current` is what it is now
            SignInNeeded a token is missing, wrong or out of date
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import BinaryIO, TypeVar
from urllib.parse import quote

import httpx
from pydantic import TypeAdapter, ValidationError

from ui.contract import (
    AskAnswer,
    CaseDetail,
    CaseSummary,
    Document,
    FormState,
    Me,
    Paper,
    Passage,
    Problem,
    SelfTests,
    SessionState,
    SessionSummary,
    Token,
    Turn,
)

T = TypeVar("T")
Body = Mapping[str, str | int | None | Mapping[str, str | int | None]]
_TIMEOUT = httpx.Timeout(60.0, connect=3.0)
_GATEWAY_HAS_NOBODY_BEHIND = {502, 504}
_NAME_OF_STATUS = {
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    413: "too-large",
    422: "validation",
    503: "not-ready",
    507: "storage-full",
}


class ServiceError(Exception):
    """Something kept the service from doing what was asked."""


class ServiceDown(ServiceError):
    """Nobody answered at the address of the service."""


class ProblemError(ServiceError):
    """The service said what went wrong and what to do."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail or problem.title)
        self.name = problem.name
        self.title = problem.title
        self.detail = problem.detail
        self.remedy = problem.remedy


class StaleTurn(ProblemError):
    """The session has moved on, in another window for instance."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.current = _current(problem)


class SignInNeeded(ProblemError):
    """The service wants to know who is asking."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form with files: fields by name, and each file with the name of its field."""

    fields: Mapping[str, str]
    files: Sequence[tuple[str, tuple[str, BinaryIO]]]


def new_key() -> str:
    """An idempotency key. Made once per attempt at a text; a retry carries the same one."""
    return str(uuid.uuid4())


def connect(base_url: str) -> httpx.Client:
    """A connection pool for `base_url`, fit to be shared by every visitor.

    It keeps no cookies, so that nothing of one visitor reaches another, and heeds no proxy from
    the environment, so that a service on this machine is reached on this machine.
    """
    return httpx.Client(
        base_url=f"{base_url}/api/v1",
        timeout=_TIMEOUT,
        trust_env=False,
        cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
        headers={"Accept": "application/json"},
    )


class Service:
    """The calls of the service on behalf of one visitor. Every method raises ServiceError."""

    def __init__(self, http: httpx.Client, token: str | None = None) -> None:
        self._http = http
        self._token = token

    def sign_in(self, username: str, password: str) -> Token:
        """A token for a name and a password; SignInNeeded where they do not fit."""
        return self._post("/auth/token", Token, {"username": username, "password": password})

    def me(self) -> Me:
        """Who the service takes this visitor for."""
        return self._get("/me", Me)

    def cases(self, language: str, **filters: str | None) -> list[CaseSummary]:
        """The library; filters are `jurisdiction`, `profession`, `competency` and `q`."""
        query = {"lang": language, **{k: v for k, v in filters.items() if v}}
        return self._get("/cases", list[CaseSummary], query)

    def case(self, case_id: str, language: str) -> CaseDetail:
        """One case, in a language it exists in."""
        return self._get(f"/cases/{_segment(case_id)}", CaseDetail, {"lang": language})

    def open_session(self, case_id: str, language: str) -> SessionState:
        """Begin a case."""
        return self._post("/sessions", SessionState, {"case_id": case_id, "language": language})

    def sessions(self) -> list[SessionSummary]:
        """This visitor's sessions, newest first."""
        return self._get("/sessions", list[SessionSummary])

    def session(self, session_id: str) -> SessionState:
        """A session as it stands."""
        return self._get(f"/sessions/{_segment(session_id)}", SessionState)

    def say(self, session_id: str, text: str, expected_seq: int, key: str) -> Turn:
        """A learner's turn; safe to repeat under the same key."""
        body: Body = {"text": text, "expected_seq": expected_seq}
        return self._post(f"/sessions/{_segment(session_id)}/turns", Turn, body, key=key)

    def contest(self, session_id: str, seq: int, note: str | None, expected_seq: int) -> Turn:
        """The learner's "Did I not say that?" about the tutor's entry `seq`."""
        body: Body = {"seq": seq, "note": note, "expected_seq": expected_seq}
        return self._post(f"/sessions/{_segment(session_id)}/contest", Turn, body)

    def pause(self, session_id: str, expected_seq: int) -> SessionState:
        """Put a session aside."""
        return self._step(session_id, "pause", expected_seq)

    def resume(self, session_id: str, expected_seq: int) -> SessionState:
        """Take a session up again."""
        return self._step(session_id, "resume", expected_seq)

    def switch_language(self, session_id: str, language: str, expected_seq: int) -> SessionState:
        """Go on with the dialogue in another language."""
        body: Body = {"language": language, "expected_seq": expected_seq}
        return self._post(f"/sessions/{_segment(session_id)}/language", SessionState, body)

    def end(self, session_id: str, expected_seq: int) -> Turn:
        """Close a session early; the synthesis comes back."""
        body: Body = {"expected_seq": expected_seq}
        return self._post(f"/sessions/{_segment(session_id)}/end", Turn, body)

    def transcript(self, session_id: str) -> bytes:
        """The session as Markdown."""
        path = f"/sessions/{_segment(session_id)}/transcript"
        return self._send("GET", path, query={"format": "markdown"}, repeatable=True).content

    def self_tests(self, session_id: str) -> SelfTests:
        """How both forms of the self-test stand."""
        return self._get(f"/sessions/{_segment(session_id)}/self-test", SelfTests)

    def paper(self, session_id: str, form: str) -> Paper:
        """The questions of a form that is open."""
        return self._get(f"/sessions/{_segment(session_id)}/self-test/{_segment(form)}", Paper)

    def hand_in(self, session_id: str, form: str, answers: Mapping[str, str]) -> FormState:
        """Hand a form in, once: question id to the key of the option chosen."""
        path = f"/sessions/{_segment(session_id)}/self-test/{_segment(form)}"
        return self._post(path, FormState, {"answers": dict(answers)})

    def delete(self, session_id: str) -> None:
        """Erase a session and everything said in it."""
        self._send("DELETE", f"/sessions/{_segment(session_id)}")

    def ask(self, question: str, language: str) -> AskAnswer:
        """A cited answer from the corpus."""
        return self._post("/ask", AskAnswer, {"question": question, "language": language})

    def passage(self, passage_id: str) -> Passage:
        """A passage and its neighbours."""
        return self._get(f"/passages/{_segment(passage_id)}", Passage)

    def documents(self) -> list[Document]:
        """What the corpus holds."""
        return self._get("/documents", list[Document])

    def _step(self, session_id: str, step: str, expected_seq: int) -> SessionState:
        path = f"/sessions/{_segment(session_id)}/{step}"
        return self._post(path, SessionState, {"expected_seq": expected_seq})

    def _get(self, path: str, shape: type[T], query: Mapping[str, str] | None = None) -> T:
        return _read(self._send("GET", path, query=query, repeatable=True), shape)

    def _post(self, path: str, shape: type[T], body: Body, key: str | None = None) -> T:
        return _read(self._send("POST", path, body=body, key=key, repeatable=bool(key)), shape)

    def _patch(self, path: str, shape: type[T], body: Body) -> T:
        return _read(self._send("PATCH", path, body=body, repeatable=True), shape)

    def _read_as(self, shape: type[T], method: str, path: str) -> T:
        return _read(self._send(method, path), shape)

    def _send_form(self, method: str, path: str, shape: type[T], form: Form) -> T:
        return _read(self._send(method, path, form=form), shape)

    def _send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Body | None = None,
        form: Form | None = None,
        key: str | None = None,
        repeatable: bool = False,
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        if key:
            headers["Idempotency-Key"] = key
        request = self._http.build_request(
            method,
            path,
            params=query,
            json=None if body is None else dict(body),
            data=dict(form.fields) if form else None,
            files=list(form.files) if form else None,
            headers=headers,
        )
        try:
            response = self._http.send(request)
        except httpx.RemoteProtocolError as error:
            # A kept-alive connection that the service closed as we spoke: once more, where a
            # second arrival does no harm.
            if not repeatable:
                raise ServiceDown(str(error)) from error
            response = self._again(request)
        except httpx.TransportError as error:
            raise ServiceDown(str(error)) from error
        if not response.is_success:
            raise _fault(response)
        return response

    def _again(self, request: httpx.Request) -> httpx.Response:
        try:
            return self._http.send(request)
        except httpx.TransportError as error:
            raise ServiceDown(str(error)) from error


def _segment(identifier: str) -> str:
    return quote(identifier, safe="")


def _read(response: httpx.Response, shape: type[T]) -> T:
    try:
        return TypeAdapter(shape).validate_json(response.content)
    except ValidationError as error:
        kind = "urn:maieutic:problem:unexpected-answer"
        raise ProblemError(Problem(type=kind, title="Unexpected answer")) from error


def _fault(response: httpx.Response) -> ServiceError:
    if response.status_code in _GATEWAY_HAS_NOBODY_BEHIND:
        return ServiceDown(f"HTTP {response.status_code}")
    try:
        problem = Problem.model_validate_json(response.content)
    except ValidationError:
        # Not our service's own words: a proxy, or a version that does not know the contract.
        name = _NAME_OF_STATUS.get(response.status_code, "internal")
        problem = Problem(type=f"urn:maieutic:problem:{name}", title=response.reason_phrase)
    if response.status_code == httpx.codes.UNAUTHORIZED:
        return SignInNeeded(problem)
    if problem.name == "stale-turn":
        return StaleTurn(problem)
    return ProblemError(problem)


def _current(problem: Problem) -> SessionState | None:
    try:
        return SessionState.model_validate((problem.model_extra or {}).get("current"))
    except ValidationError:
        return None
