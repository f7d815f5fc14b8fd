"""A turn as server-sent events, chosen by the Accept header of the same address."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import Future

from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event

from tutor.api.problems import problem_of
from tutor.errors import ServiceError
from tutor.records.views import TurnResult

_log = logging.getLogger(__name__)
PING_SECONDS = 10.0
SSE_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
EVENT_STREAM = "text/event-stream"


def wants_stream(accept: str | None) -> bool:
    """Whether the Accept header names event streams."""
    kinds = (part.split(";")[0].strip().lower() for part in (accept or "").split(","))
    return EVENT_STREAM in kinds


def streamed(result: Future[TurnResult]) -> Iterator[bytes]:
    """The events of a turn that another thread is making.

    The turn does not depend on the listener: it is stored whether or not this is read to its end.
    """
    yield KEEPALIVE_COMMENT
    while True:
        try:
            error = result.exception(timeout=PING_SECONDS)
        except TimeoutError:
            yield KEEPALIVE_COMMENT
        else:
            break
    if error is not None:
        if not isinstance(error, ServiceError):
            _log.error("A streamed turn failed.", exc_info=error)
        yield format_sse_event(event="problem", data_str=problem_of(error).model_dump_json())
        return
    answer = result.result()
    for entry in answer.entries:
        yield format_sse_event(event="entry", data_str=entry.model_dump_json())
    yield format_sse_event(event="state", data_str=answer.state.model_dump_json())
