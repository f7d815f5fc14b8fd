"""The adversary behind HTTP, on the loopback device: whole replies, streams, and broken lines."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from evals.llm_servers.adversary import Adversary, Planted
from evals.servers import HOST, ServerFailed, free_port

PATIENCE = 20.0
DRIP_SECONDS, LONG_SECONDS = 0.05, 120.0
_PIECES = 40
"""Chunks of a stream."""


@contextmanager
def adversarial_server(adversary: Adversary) -> Iterator[str]:
    """The base URL of a server that answers as the adversary does, until the block is left.

    Raises:
        ServerFailed: it does not come up.
    """
    port = free_port()
    config = uvicorn.Config(
        app_of(adversary), host=HOST, port=port, log_level="critical", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + PATIENCE
    while not server.started:
        if time.monotonic() > until or not thread.is_alive():
            raise ServerFailed("The adversarial server did not start.")
        time.sleep(0.01)
    try:
        yield f"http://{HOST}:{port}/v1"
    finally:
        server.should_exit = server.force_exit = True
        thread.join(timeout=PATIENCE)


def app_of(adversary: Adversary) -> FastAPI:
    """The chat interface of OpenAI, as far as a client of a chat needs it."""
    app = FastAPI(openapi_url=None)

    @app.post("/v1/chat/completions")
    async def chat(request: Request) -> Response:
        body = await request.json()
        reply = adversary.answer(body)
        broken = await _broken(reply, bool(body.get("stream")))
        if broken is not None:
            return broken
        if body.get("stream"):
            return StreamingResponse(_stream(reply.text), media_type="text/event-stream")
        return JSONResponse(_whole(reply.text))

    return app


async def _broken(reply: Planted, streams: bool) -> Response | None:
    """A fault of the line, where that is the kind."""
    match reply.kind:
        case "refused-429":
            told = {"error": {"message": "Slow down.", "type": "rate_limit_exceeded"}}
            return JSONResponse(told, 429, {"Retry-After": "60"})
        case "error-500":
            return Response("oops", 500)
        case "declined-400":
            return JSONResponse({"error": {"message": "Too long.", "type": "invalid"}}, 400)
        case "not-json":
            return Response("<html>It works!</html>", media_type="application/json")
        case "no-choices":
            if streams:
                return Response("data: [DONE]\n\n", media_type="text/event-stream")
            return JSONResponse(_whole("") | {"choices": []})
        case "hangs":
            await asyncio.sleep(LONG_SECONDS)
        case "drips" | "dies":
            kind = "text/event-stream" if streams else "application/json"
            body = _drip(reply.text, streams, dies=reply.kind == "dies")
            return StreamingResponse(body, media_type=kind)
    return None


async def _drip(text: str, streams: bool, *, dies: bool) -> AsyncIterator[str]:
    """Something every moment, and never an end; or half a reply, and then nobody."""
    if dies:
        whole = json.dumps(_whole(text), ensure_ascii=False)
        yield _chunk(text[: len(text) // 2]) if streams else whole[: len(whole) // 2]
        await asyncio.sleep(DRIP_SECONDS)
        raise ConnectionResetError("It died in the middle of its reply, as it was told to.")
    until = time.monotonic() + LONG_SECONDS
    while time.monotonic() < until:
        yield _chunk("…") if streams else " "
        await asyncio.sleep(DRIP_SECONDS)


async def _stream(text: str) -> AsyncIterator[str]:
    piece = len(text) // _PIECES + 1
    for start in range(0, max(len(text), 1), piece):
        yield _chunk(text[start : start + piece])
    yield _chunk(None)
    yield "data: [DONE]\n\n"


def _chunk(text: str | None) -> str:
    delta = {} if text is None else {"role": "assistant", "content": text}
    choice = {"index": 0, "delta": delta, "finish_reason": "stop" if text is None else None}
    told = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m"}
    return f"data: {json.dumps(told | {'choices': [choice]}, ensure_ascii=False)}\n\n"


def _whole(text: str) -> dict[str, Any]:
    """It counts no tokens, as some servers do not."""
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return {
        "id": "c",
        "object": "chat.completion",
        "created": 0,
        "model": "m",
        "choices": [choice],
    }
