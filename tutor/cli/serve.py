"""`maieutic serve`: the service alone."""

from __future__ import annotations

import uvicorn

from tutor.api.app import create_app
from tutor.cli.ports import need
from tutor.settings import get_settings


def serve() -> None:
    """Start the service, without the pages. Ctrl-C stops it.

    MAIEUTIC_HOST and MAIEUTIC_PORT choose the address; beyond this machine only with
    MAIEUTIC_AUTH=password.
    """
    settings = get_settings()
    need(settings.host, settings.port, "MAIEUTIC_PORT")
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=10,
    )
