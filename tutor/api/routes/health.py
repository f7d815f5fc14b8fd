"""Whether the service is there, and whether it can teach yet. The only routes without a user."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from tutor.api.backend import Check
from tutor.api.deps import BackendDep
from tutor.api.version import version

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"
    version: str


class Readiness(BaseModel):
    """How far each part is."""

    status: Literal["ready", "starting"]
    checks: dict[str, Check]


@router.get("/health")
def health() -> Health:
    """Answers as soon as the process listens."""
    return Health(version=version())


@router.get("/ready", responses={503: {"model": Readiness}})
def ready(backend: BackendDep, response: Response) -> Readiness:
    """200 once every part is there, else 503 with a sentence on each."""
    checks = backend.status()
    if all(check.ok for check in checks.values()):
        return Readiness(status="ready", checks=checks)
    response.status_code = 503
    return Readiness(status="starting", checks=checks)
