"""What is refused before a request is read: strange hosts, foreign pages, endless bodies.

Plain ASGI, so that nothing is buffered but the body that is checked.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tutor.api.problems import PREFIX, Problem, problem, problem_of, response
from tutor.errors import UploadTooLarge

MAX_BODY_BYTES = 512 * 1024
LOOPBACK = ("localhost", "127.0.0.1", "::1")
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class HostGuard:
    """Answers only to names the service was told to have.

    A page of a stranger can make a browser resolve its own name to 127.0.0.1 and then read what
    is answered (DNS rebinding); the Host header gives it away. A browser also says from which
    page a request comes: the service has no pages, so any foreign Origin is refused.
    """

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str]) -> None:
        self.app = app
        self.hosts = frozenset(h.lower().strip("[]") for h in (*LOOPBACK, *hosts))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 400 or 403."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if hostname(f"//{headers.get('host', '')}") not in self.hosts:
            told = Problem(
                type=PREFIX + "unknown-host",
                title="Not the name of this service",
                status=400,
                detail="The request names a host that this service does not answer for.",
                remedy="Use 127.0.0.1, or have the name added to MAIEUTIC_ALLOWED_HOSTS.",
            )
            await response(told)(scope, receive, send)
        elif origin is not None and hostname(origin) not in self.hosts:
            told = problem(
                "forbidden",
                "The request comes from a page of another site.",
                "Use the pages of this service, or a program that sends no Origin header.",
            )
            await response(told)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class BodyLimit:
    """Refuses a body over the limit before it is parsed, whatever length was announced.

    Forms with files have a limit of their own. They are not read here, for the route asks first
    who sends them and then puts them on the disk piece by piece; here they are only counted.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        limit: int = MAX_BODY_BYTES,
        uploads_to: str = "",
        upload_limit: int = 0,
    ) -> None:
        """`uploads_to` begins the paths that take forms with files; empty: none does."""
        self.app = app
        self.limit = limit
        self.uploads_to = uploads_to
        self.upload_limit = upload_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with the body read, or answer 413."""
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "DELETE"}:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        said = headers.get("content-length", "")
        if self._is_upload(scope["path"], headers):
            await self._counted(scope, receive, send, said)
            return
        body = None
        if not (said.isdecimal() and int(said) > self.limit):
            body = await self._read(receive)
        if body is None:
            told = problem(
                "too-large",
                f"The request is larger than {self.limit // 1024} KiB; nothing of it was stored.",
                "Shorten the text, or send it in parts.",
            )
            await response(told, {"Connection": "close"})(scope, receive, send)
            return
        first = True

        async def replay() -> Message:
            nonlocal first
            if first:
                first = False
                return {"type": "http.request", "body": body, "more_body": False}
            return await receive()

        await self.app(scope, replay, send)

    def _is_upload(self, path: str, headers: Headers) -> bool:
        form = headers.get("content-type", "").lower().startswith("multipart/form-data")
        return bool(self.uploads_to) and form and path.startswith(self.uploads_to)

    async def _counted(self, scope: Scope, receive: Receive, send: Send, said: str) -> None:
        too_large = UploadTooLarge(self.upload_limit)
        if said.isdecimal() and int(said) > self.upload_limit:
            told = problem_of(too_large)
            await response(told, {"Connection": "close"})(scope, receive, send)
            return
        size = 0

        async def counting() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self.upload_limit:
                raise too_large
            return message

        await self.app(scope, counting, send)

    async def _read(self, receive: Receive) -> bytes | None:
        parts: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return b""
            part = message.get("body", b"")
            size += len(part)
            if size > self.limit:
                return None
            parts.append(part)
            if not message.get("more_body", False):
                return b"".join(parts)


class SecurityHeaders:
    """The headers of SECURITY_HEADERS on every answer that does not set them itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers as the answer begins."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


def hostname(url: str) -> str:
    """The host of a URL or of `//host:port`, in lower case; empty where there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
