"""A small service that keeps the contract in memory, over real HTTP."""

from __future__ import annotations

import copy
import datetime as dt
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any

import uvicorn
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

Json = dict[str, Any]
QUOTE = "A doctor may disclose without consent only in exceptional circumstances"
CITATION: Json = {
    "document_id": "guidelines/mchk-code.en",
    "passage_id": "p1",
    "title": "Code of Professional Conduct",
    "section": ["What it asks"],
    "pages": [12],
    "quote": QUOTE,
    "url": "https://example.org/code",
    "language": "en",
    "confidence": "S",
    "issuer": "Medical Council of Hong Kong",
    "year": 2016,
}
QUESTIONS = {"pre": ("Q1", "Q2", "Q3", "Q4"), "post": ("Q5", "Q6", "Q7", "Q8")}
PASSAGE: Json = {
    **CITATION,
    "id": "p1",
    "kind": "guideline",
    "jurisdiction": "HK",
    "text": f"- {QUOTE}, to prevent serious harm. [S]\n- <script>alert(1)</script> [P]",
    "as_of": "2026-11-22",
    "licence": "CC-BY-4.0",
    "position": 1,
    "before": "What stands before.",
    "after": "What stands after.",
}


def a_case(case_id: str = "sister", **changes: Any) -> Json:
    """A case as the service gives it."""
    return {
        "id": case_id,
        "version": "0.1.0",
        "language": "en",
        "languages": ["en", "zh-Hant", "zh-Hans"],
        "title": "The sister who was not told",
        "summary": "A man forbids his clinic to warn his sister.",
        "minutes": 25,
        "difficulty": "intermediate",
        "jurisdictions": ["HK", "CN"],
        "professions": ["doctor", "nurse"],
        "competencies": ["communicator"],
        "principles": ["autonomy"],
        "four_boxes": ["patient_preferences"],
        "supervision": 4,
        "stages": 2,
        "review": {"status": "awaiting", "by": None, "on": None},
        "licence": "CC-BY-4.0",
        "as_of": "2026-11-22",
        "authors": ["Founders"],
        "vignette": "You supervise a trainee.\n\nMr Lau says no.",
        "stage_titles": [
            {"id": "first", "kind": "clarify", "title": "Before clinic"},
            {"id": "last", "kind": "decide", "title": "The plan"},
        ],
        "reading": [
            {
                "doc": "mchk-code",
                "title": "Code of Professional Conduct",
                "why": "The starting point.",
                "document_id": "guidelines/mchk-code.en",
                "url": "https://example.org/code",
            }
        ],
        **changes,
    }


@dataclass
class FakeService:
    """The contract in memory. A test sets what it needs and looks at what arrived."""

    port: int
    cases: list[Json] = field(default_factory=lambda: [a_case()])
    sessions: dict[str, Json] = field(default_factory=dict)
    answer: Json = field(
        default_factory=lambda: {
            "found": True,
            "text": f"{QUOTE}.",
            "sentences": [{"text": f"{QUOTE}.", "citations": [CITATION]}],
            "language": "en",
        }
    )
    documents: list[Json] = field(default_factory=list)
    passages: dict[str, Json] = field(default_factory=lambda: {"p1": PASSAGE})
    password: str | None = None
    roles: tuple[str, ...] = ("learner",)
    more_routes: tuple[APIRouter, ...] = ()
    """Routes of other resources, which go before those here."""
    tested: bool = False
    """Whether the cases have a self-test."""
    answers: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    """What was handed in, by session and form."""
    problems: list[tuple[int, str]] = field(default_factory=list)
    """Problems (status, name) that the next changes of a session meet, one each."""
    lose_answers: int = 0
    """So many turns are done, and then the line is cut before the answer."""
    keys: list[str] = field(default_factory=list)
    """Idempotency keys as they arrived."""
    reply: Callable[[str], Json] = lambda _text: {
        "text": "What else would you weigh?",
        "move": "hint",
        "citations": [CITATION],
        "contestable": True,
    }
    thinking: float = 0.0
    """Seconds a turn takes."""
    done: dict[str, Json] = field(default_factory=dict)
    """Answers by idempotency key."""
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _server: uvicorn.Server | None = None
    _thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Listen."""
        config = uvicorn.Config(
            build(self),
            host="127.0.0.1",
            port=self.port,
            log_level="critical",
            ws="none",
            lifespan="off",
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)

    def stop(self) -> None:
        """Stop listening: from now on nobody answers."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._server.force_exit = True
            self._thread.join(timeout=5)
        self._server = None

    def library(self, language: str) -> list[Json]:
        """The cases in a language."""
        return [{**case, "language": language} for case in self.cases]

    def open(self, case_id: str = "sister", language: str = "en", **changes: Any) -> Json:
        """A new session with the tutor's first question."""
        number = next(self._ids)
        case = next(case for case in self.library(language) if case["id"] == case_id)
        stages = [
            {**stage, "status": "ahead", "considered": 0, "total": 3}
            for stage in case["stage_titles"]
        ]
        stages[0] |= {"status": "current", "considered": 1}
        now = dt.datetime.now(dt.UTC).isoformat()
        session = {
            "id": f"s{number}",
            "case_id": case_id,
            "case_title": case["title"],
            "case_version": case["version"],
            "language": language,
            "status": "active",
            "outcome": None,
            "created_at": now,
            "updated_at": now,
            "turns": 0,
            "stage_index": 1,
            "stages_total": len(stages),
            "seq": 0,
            "stages": stages,
            "transcript": [],
            "accepts_reply": True,
            "phase": "dialogue",
        }
        self.sessions[session["id"]] = session
        opening = "What should happen first?"
        self.add(session, "tutor", opening, move="open", stage=stages[0]["id"])
        session.update(changes)
        return session

    def add(self, session: Json, role: str, text: str, **more: Any) -> Json:
        """One more entry."""
        session["seq"] += 1
        entry = {
            "seq": session["seq"],
            "role": role,
            "text": text,
            "move": None,
            "stage": None,
            "at": dt.datetime.now(dt.UTC).isoformat(),
            "citations": [],
            "contestable": False,
            "contested": False,
            **more,
        }
        session["transcript"].append(entry)
        return entry

    def close(self, session: Json, outcome: str = "ended_early") -> list[Json]:
        """End a session with a synthesis."""
        said = self.add(session, "tutor", "**Synthesis**\n\n- You asked why.", move="synthesis")
        session.update(status="completed", outcome=outcome, accepts_reply=False, phase="closed")
        return [said]


def build(fake: FakeService) -> FastAPI:
    """The HTTP side of a `FakeService`."""
    app = FastAPI()
    app.state.fake = fake
    for router in (*fake.more_routes, routes):
        app.include_router(router, prefix="/api/v1")

    @app.middleware("http")
    async def sign_in(request: Request, call_next: Any) -> Response:
        allowed = fake.password is None or request.headers.get("authorization") == "Bearer t"
        if not allowed and not request.url.path.endswith("/auth/token"):
            return problem(401, "unauthenticated")
        answer: Response = await call_next(request)
        return answer

    return app


def problem(status: int, name: str, **extra: Any) -> JSONResponse:
    """An error as the service words it."""
    body = {"type": f"urn:maieutic:problem:{name}", "title": name, "status": status}
    body |= {"detail": f"The detail of {name}.", "remedy": "The remedy.", **extra}
    return JSONResponse(body, status, media_type="application/problem+json")


def _fake(request: Request) -> FakeService:
    fake: FakeService = request.app.state.fake
    return fake


routes = APIRouter()
Fake = Annotated[FakeService, Depends(_fake)]


@routes.post("/auth/token")
def token(fake: Fake, body: Json) -> Any:
    if body["password"] != fake.password:
        return problem(401, "unauthenticated")
    return {"access_token": "t", "token_type": "bearer", "expires_in": 3600}


@routes.get("/me")
def me(fake: Fake) -> Json:
    auth = "local" if fake.password is None else "password"
    return {"id": "u", "name": "Dr Ng", "roles": fake.roles, "auth": auth}


@routes.get("/cases")
def cases(fake: Fake, request: Request, lang: str = "en", q: str = "") -> list[Json]:
    names = {"jurisdiction": "jurisdictions", "profession": "professions"}
    names["competency"] = "competencies"
    wanted = {names[k]: v for k, v in request.query_params.items() if k in names}
    return [
        case
        for case in fake.library(lang)
        if q.lower() in case["title"].lower()
        and all(value in case[name] for name, value in wanted.items())
    ]


@routes.get("/cases/{case_id}")
def one_case(fake: Fake, case_id: str, lang: str = "en") -> Any:
    found = [case for case in fake.library(lang) if case["id"] == case_id]
    return found[0] if found else problem(404, "not-found")


@routes.get("/sessions")
def sessions(fake: Fake) -> list[Json]:
    return list(reversed(fake.sessions.values()))


@routes.post("/sessions", status_code=201)
def open_session(fake: Fake, body: Json) -> Json:
    return fake.open(body["case_id"], body["language"])


@routes.get("/sessions/{session_id}")
def session(fake: Fake, session_id: str) -> Any:
    return fake.sessions.get(session_id) or problem(404, "not-found")


@routes.delete("/sessions/{session_id}", status_code=204)
def delete(fake: Fake, session_id: str) -> None:
    fake.sessions.pop(session_id)


@routes.get("/sessions/{session_id}/transcript")
def transcript(fake: Fake, session_id: str) -> Response:
    lines = [entry["text"] for entry in fake.sessions[session_id]["transcript"]]
    return PlainTextResponse("\n\n".join(lines), media_type="text/markdown")


@routes.get("/sessions/{session_id}/self-test")
def self_tests(fake: Fake, session_id: str) -> Json:
    state = fake.sessions[session_id]
    return {form: _form(fake, state, form) for form in QUESTIONS}


@routes.get("/sessions/{session_id}/self-test/{form}")
def paper(fake: Fake, session_id: str, form: str) -> Any:
    state = fake.sessions[session_id]
    if _form(fake, state, form)["status"] != "open":
        return problem(409, "conflict")
    options = [{"key": str(n), "text": f"Option *{n}*"} for n in range(1, 5)]
    questions = [
        {"id": name, "stem": f"In situation {name}, what is best?", "options": options}
        for name in QUESTIONS[form]
    ]
    return {"form": form, "language": state["language"], "questions": questions}


@routes.post("/sessions/{session_id}/self-test/{form}")
def hand_in(fake: Fake, session_id: str, form: str, body: Json) -> Any:
    state = fake.sessions[session_id]
    if fake.problems:
        return problem(*fake.problems.pop(0))
    if _form(fake, state, form)["status"] != "open":
        return problem(409, "conflict")
    fake.answers[session_id, form] = body["answers"]
    return _form(fake, state, form)


@routes.post("/sessions/{session_id}/{step}")
def change(fake: Fake, session_id: str, step: str, body: Json, request: Request) -> Any:
    key = request.headers.get("idempotency-key", "")
    if step == "turns":
        fake.keys.append(key)
        time.sleep(fake.thinking)
    if key and key in fake.done:
        return fake.done[key]
    state = fake.sessions[session_id]
    if fake.problems:
        return problem(*fake.problems.pop(0))
    if body["expected_seq"] != state["seq"]:
        return problem(409, "stale-turn", current=state)
    answer = STEPS[step](fake, state, body)
    if key:
        fake.done[key] = copy.deepcopy(answer)
    if step == "turns" and fake.lose_answers:
        fake.lose_answers -= 1
        return Response(status_code=502)
    return answer


@routes.post("/ask")
def ask(fake: Fake, body: Json) -> Json:
    return {**fake.answer, "language": body["language"]}


@routes.get("/passages/{passage_id}")
def passage(fake: Fake, passage_id: str) -> Any:
    return fake.passages.get(passage_id) or problem(404, "not-found")


@routes.get("/documents")
def documents(fake: Fake) -> list[Json]:
    return fake.documents


def _form(fake: FakeService, state: Json, form: str) -> Json:
    """How a form stands; the best answer is always the second option."""
    told: Json = {"form": form, "language": state["language"], "questions": []}
    answers = fake.answers.get((state["id"], form))
    if answers is None:
        is_open = bool(state["outcome"]) if form == "post" else not state["turns"]
        is_open = is_open and not (form == "pre" and state["outcome"])
        return told | {"status": "none" if not fake.tested else "open" if is_open else "locked"}
    questions = [
        {
            "id": name,
            "stem": f"In situation {name}, what is best?",
            "chosen": f"Option *{answers[name]}*",
            "best": "Option *2*",
            "right": answers[name] == "2",
            "rationale": f"The reason of {name} <b>.",
            "citations": [CITATION],
        }
        for name in QUESTIONS[form]
    ]
    score = sum(question["right"] for question in questions)
    return told | {"status": "done", "score": score, "total": 4, "questions": questions}


def _turn(fake: FakeService, state: Json, body: Json) -> Json:
    mine = fake.add(state, "learner", body["text"], stage=state["stages"][0]["id"])
    state["turns"] += 1
    stage = state["stages"][0]["id"]
    said = fake.add(state, "tutor", **{"stage": stage, **fake.reply(body["text"])})
    return {"entries": [mine, said], "state": state}


def _contest(fake: FakeService, state: Json, body: Json) -> Json:
    for entry in state["transcript"]:
        if entry["seq"] == body["seq"]:
            entry.update(contested=True, contestable=False)
    return {"entries": [fake.add(state, "tutor", "I hear you.")], "state": state}


def _pause(fake: FakeService, state: Json, _body: Json) -> Json:
    fake.add(state, "system", "Paused.")
    state.update(status="paused", accepts_reply=False)
    return state


def _resume(fake: FakeService, state: Json, _body: Json) -> Json:
    fake.add(state, "system", "Resumed.")
    state.update(status="active", accepts_reply=True)
    return state


def _language(fake: FakeService, state: Json, body: Json) -> Json:
    state["language"] = body["language"]
    fake.add(state, "system", "Language switched.")
    return state


def _end(fake: FakeService, state: Json, _body: Json) -> Json:
    return {"entries": fake.close(state), "state": state}


STEPS: dict[str, Callable[[FakeService, Json, Json], Json]] = {
    "turns": _turn,
    "contest": _contest,
    "pause": _pause,
    "resume": _resume,
    "language": _language,
    "end": _end,
}
