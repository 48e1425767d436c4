"""Applications that a worker's `fetch` calls: their answers become responses."""

from __future__ import annotations

import asyncio
from collections import deque
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from workers._headers import ReceivedHeaders
from workers._host._asgi import AsgiEntry
from workers._host._bridge import Exchange, Script
from workers._host._call import Call, join_headers
from workers._host._wsgi import WsgiEntry
from workers._http import Response
from workers._worker import context

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from workers._http import Request
    from workers._worker import Context

_APPLICATIONS = 64


class _Parts(Script):
    """A bridge that keeps the parts of an answer until somebody takes them."""

    def __init__(self, *, takes_all: bool) -> None:
        """Take all parts at once, or the next one only when the last was taken."""
        super().__init__(())
        self.takes_all = takes_all
        self.status = 0
        self.headers = ""
        self.waiting: deque[bytes] = deque()
        self.news = asyncio.Event()

    def send(self, _call: int, status: int, headers: str, body: bytes, last: bool) -> bool:  # noqa: FBT001
        """Keep a part; return True if the next one may follow at once."""
        if status:
            self.status, self.headers = status, headers
        if body:
            self.waiting.append(body)
        self.news.set()
        return self.takes_all or last

    def response(self, body: bytes | AsyncIterator[bytes]) -> Response:
        """Return a response with the head that was sent."""
        return Response(body, self.status, headers=ReceivedHeaders(self.headers))


class _Exchange(Exchange):
    """The exchange of a request that arrives in parts."""

    def __init__(self, parts: _Parts, request: Request) -> None:
        super().__init__(parts, 0)
        self._body = request.parts()

    async def read(self) -> bytes:
        return await anext(self._body, b"")


def _call(request: Request, body: bytes | None) -> Call:
    url = urlsplit(request.url)
    headers = request.headers
    joined = headers.untouched if isinstance(headers, ReceivedHeaders) else None
    if joined is None:
        joined = join_headers(headers.items())
        if "host" not in headers:
            joined = f"host\0{url.netloc}\0{joined}"
    return Call(
        str(request.method),
        url.path or "/",
        url.query,
        joined,
        body or b"",
        request.root_path,
        request.client,
        url.scheme,
        is_whole=body is not None,
    )


class _Application:
    """An ASGI application; its lifespan begins with the first call."""

    def __init__(self, app: Any) -> None:  # noqa: ANN401
        self.entry = AsgiEntry(app, asyncio.get_running_loop(), None)
        self.start = asyncio.ensure_future(self.entry.start())


_application = lru_cache(_APPLICATIONS)(_Application)


async def fetch_asgi(app: Any, request: Request, env: Any, ctx: Context | None) -> Response:  # noqa: ANN401
    """Call an ASGI application. What it does after its answer is finished as by `wait_until`."""
    application = _application(app)
    await asyncio.shield(application.start)
    parts = _Parts(takes_all=False)
    exchange = _Exchange(parts, request)
    call = _call(request, request.body if isinstance(request.body, bytes) else None)
    work = asyncio.ensure_future(application.entry.in_environment(env).http(call, exchange))
    work.add_done_callback(lambda _: parts.news.set())
    try:
        while not parts.status and not work.done():
            await _next(parts)
    except asyncio.CancelledError:
        work.cancel()
        raise
    if work.done():
        work.result()
    else:
        (ctx or context.get()).wait_until(work)
    if exchange.complete:
        return parts.response(b"".join(parts.waiting))
    return parts.response(_stream(parts, exchange, work))


async def _next(parts: _Parts) -> None:
    parts.news.clear()
    await parts.news.wait()


async def _stream(parts: _Parts, exchange: Exchange, work: asyncio.Future[None]) -> AsyncIterator[bytes]:
    try:
        while True:
            while parts.waiting:
                part = parts.waiting.popleft()
                exchange.wake()
                yield part
            if exchange.complete:
                return
            if work.done():
                work.result()
            exchange.wake()
            await _next(parts)
    finally:
        if not exchange.complete:
            exchange.disconnect()


async def fetch_wsgi(app: Any, request: Request, env: Any) -> Response:  # noqa: ANN401
    """Call a WSGI application and return its whole answer."""
    parts = _Parts(takes_all=True)
    WsgiEntry(app, env).http(_call(request, await request.bytes()), Exchange(parts, 0))
    return parts.response(b"".join(parts.waiting))
