"""The application: routes, guards and problems around one backend."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import entry_points

from fastapi import APIRouter, FastAPI
from starlette.concurrency import run_in_threadpool

from tutor.api import problems
from tutor.api.backend import Backend
from tutor.api.guard import BodyLimit, HostGuard, SecurityHeaders
from tutor.api.routes import (
    ask,
    auth,
    cases,
    documents,
    health,
    me,
    rating,
    review,
    search,
    selftest,
    sessions,
)
from tutor.api.version import version
from tutor.runtime import Runtime
from tutor.settings import Settings, get_settings

BASE = "/api/v1"
GUESTS = "maieutic.routers"
"""Entry points of routers that packages bring which the service does not know."""


def create_app(settings: Settings | None = None, runtime: Runtime | None = None) -> FastAPI:
    """The service.

    Args:
        settings: by default those of the environment.
        runtime: what teaches; by default built in the background once the service runs.

    Raises:
        SettingsError: the environment's settings contradict each other.
    """
    settings = settings or get_settings()
    backend = Backend(settings, runtime)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(backend.start)
        yield
        await run_in_threadpool(backend.stop)

    app = FastAPI(
        title="Maieutic",
        summary="A Socratic tutor for clinical ethics",
        version=version(),
        lifespan=lifespan,
        openapi_url=f"{BASE}/openapi.json",
        # The bundled documentation pages load their scripts from the internet.
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.backend = backend
    problems.install(app)
    api = APIRouter(prefix=BASE, responses={"default": {"model": problems.Problem}})
    talking = (cases, sessions, selftest, ask, search)
    for module in (health, auth, me, *talking, documents, review, rating):
        api.include_router(module.router)
    for guest in entry_points(group=GUESTS):
        api.include_router(guest.load())
    app.include_router(api)
    # The one added last sees a request first.
    app.add_middleware(
        BodyLimit, uploads_to=f"{BASE}/documents", upload_limit=settings.max_upload_bytes
    )
    app.add_middleware(HostGuard, hosts=(settings.host, *settings.allowed_hosts))
    app.add_middleware(SecurityHeaders)
    return app
