"""Every error as RFC 9457 problem JSON: a stable type, what went wrong, what to do.

No answer carries a trace, a file name of ours or the words of a learner.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

from ingest import IndexUnreachable, IngestError
from ingest import StorageFull as IndexStorageFull
from tutor.errors import RecordsFull, ServiceError, StaleTurn, TooManyAttempts, Unauthenticated

MEDIA_TYPE = "application/problem+json"
PREFIX = "urn:maieutic:problem:"
STATUS: Mapping[str, int] = {
    "validation": 422,
    "not-found": 404,
    "stale-turn": 409,
    "session-closed": 409,
    "conflict": 409,
    "too-large": 413,
    "unauthenticated": 401,
    "too-many-attempts": 429,
    "forbidden": 403,
    "not-ready": 503,
    "storage-full": 507,
    "internal": 500,
}
TITLES: Mapping[str, str] = {
    "validation": "The request cannot be used as it is",
    "not-found": "Not found",
    "stale-turn": "The session has moved on",
    "session-closed": "The session has ended",
    "conflict": "The request contradicts something done before",
    "too-large": "Too large",
    "unauthenticated": "Sign-in needed",
    "too-many-attempts": "Too many attempts",
    "forbidden": "Not for this account",
    "not-ready": "Not ready yet",
    "storage-full": "No space left",
    "internal": "Something went wrong here",
}
_ROUTING = {404: "not-found", 413: "too-large", 401: "unauthenticated", 403: "forbidden"}
_SHOWN = 5
"""Faults of a request that are named in the sentence; the rest are in `errors`."""


class Problem(BaseModel):
    """RFC 9457. Some types have more members: `current`, `errors`."""

    model_config = ConfigDict(extra="allow", frozen=True)

    type: str
    title: str
    status: int
    detail: str
    remedy: str


def problem(name: str, detail: str, remedy: str, **extra: Any) -> Problem:
    """A problem of one of the names in STATUS."""
    return Problem(
        type=PREFIX + name,
        title=TITLES[name],
        status=STATUS[name],
        detail=detail,
        remedy=remedy,
        **extra,
    )


def problem_of(error: BaseException) -> Problem:
    """What a client is told of an error; one we do not know is told without its words."""
    match error:
        case StaleTurn(current=BaseModel() as current):
            shown = current.model_dump(mode="json")
            return problem(error.name, error.message, error.remedy, current=shown)
        case ServiceError():
            return problem(error.name, error.message, error.remedy)
        case IndexStorageFull():
            full = RecordsFull()
            return problem(full.name, full.message, full.remedy)
        case IndexUnreachable():
            return problem("not-ready", error.message, error.remedy)
        case IngestError():
            return problem("internal", error.message, error.remedy)
        case _:
            return problem(
                "internal",
                "The service met an error of its own; what was stored before is safe.",
                "Try again; if it happens again, tell whoever runs this service.",
            )


def response(told: Problem, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The HTTP answer."""
    return JSONResponse(
        told.model_dump(mode="json"),
        status_code=told.status,
        media_type=MEDIA_TYPE,
        headers=dict(headers or {}),
    )


def install(app: FastAPI) -> None:
    """Make every error of an app a problem."""
    app.add_exception_handler(ServiceError, _known)
    app.add_exception_handler(IngestError, _known)
    app.add_exception_handler(RequestValidationError, _unfit)
    app.add_exception_handler(HTTPException, _of_routing)
    app.add_exception_handler(Exception, _unknown)


def _known(_: Request, error: Exception) -> JSONResponse:
    headers = {}
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, TooManyAttempts):
        headers["Retry-After"] = str(error.seconds)
    if isinstance(error, ServiceError) and error.name == "not-ready":
        headers["Retry-After"] = "2"
    return response(problem_of(error), headers)


def _unfit(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    # What was sent is left out: it may hold what must not be written anywhere.
    faults = [
        {"where": ".".join(str(p) for p in fault["loc"]), "what": str(fault["msg"])}
        for fault in error.errors()
    ]
    shown = "; ".join(f"{f['where']}: {f['what']}" for f in faults[:_SHOWN])
    return response(
        problem(
            "validation",
            f"The request does not fit: {shown}.",
            "Correct the request; /api/v1/openapi.json says what fits.",
            errors=faults,
        )
    )


def _of_routing(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        told = Problem(
            type=PREFIX + "method-not-allowed",
            title="Not done this way",
            status=405,
            detail=f"{request.method} cannot be used on this address.",
            remedy="Use one of the methods in the Allow header.",
        )
    elif error.status_code in _ROUTING:
        name = _ROUTING[error.status_code]
        told = problem(name, "There is nothing at this address.", "Check the address.")
    elif error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
        detail = "The body of the request cannot be read as JSON."
        told = problem("validation", detail, "Send JSON in UTF-8.")
    else:
        told = problem_of(error)
    return response(told, error.headers)


def _unknown(_: Request, error: Exception) -> JSONResponse:
    return response(problem_of(error))
