"""ASGI 3 applications (https://asgi.readthedocs.io/en/latest/specs/www.html)."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from workers._host._bridge import DisconnectedError
from workers._host._call import InvalidAnswerError, declared_length, join_headers
from workers._host._entry import Entry
from workers._host._lifespan import VERSIONS, Lifespan

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable

    from workers._host._bridge import Exchange
    from workers._host._call import Call
    from workers._worker import Environment

    App = Callable[..., Awaitable[None]]

_ACCEPTED = 101
_TEXT = 1
_BINARY = 2
_NORMAL = 1000
_NO_CODE = 1005
_VANISHED = 1006
_FORBIDDEN = 403
# The codes that an end of a WebSocket may send (RFC 6455, 7.4).
_RESERVED_CODES = frozenset({1004, _NO_CODE, _VANISHED, 1015})
_PLATFORM_CODES = range(_NORMAL, 1016)
_OWN_CODES = range(3000, 5000)


class _HttpAnswer:
    """`receive` and `send` of one HTTP request."""

    def __init__(self, call: Call, exchange: Exchange) -> None:
        self._call = call
        self._exchange = exchange
        self._is_read = False
        self._status = 0
        self._headers = ""
        self._length = ""

    async def receive(self) -> dict[str, Any]:
        if self._is_read:
            await self._exchange.closed()
            return {"type": "http.disconnect"}
        try:
            body = self._call.body if self._call.is_whole else await self._exchange.read()
        except DisconnectedError:
            return {"type": "http.disconnect"}
        self._is_read = self._call.is_whole or not body
        return {"type": "http.request", "body": body, "more_body": not self._is_read}

    async def send(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        if kind == "http.response.start":
            if self._status:
                error = "http.response.start was sent twice"
                raise RuntimeError(error)
            self._status = message["status"]
            headers = _decoded(message)
            self._headers = join_headers(headers)
            self._length = declared_length(headers)
        elif kind == "http.response.body":
            await self._body(bytes(message.get("body", b"")), last=not message.get("more_body", False))
        else:
            error = f"an HTTP request takes no message {kind!r}"
            raise RuntimeError(error)

    async def _body(self, body: bytes, *, last: bool) -> None:
        if not self._status:
            error = "http.response.body was sent before http.response.start"
            raise RuntimeError(error)
        if self._exchange.complete:
            return
        if self._exchange.begun:
            if self._exchange.disconnected:
                raise DisconnectedError
            await self._exchange.send(body, last=last)
            return
        is_whole = last and (not self._length or self._length == str(len(body)))
        await self._exchange.send(body, last=is_whole, status=self._status, headers=self._headers)
        if last and not is_whole:
            # The host knows what to do about a body of another length than the declared one.
            await self._exchange.send(b"", last=True)

    def check(self) -> None:
        if not self._exchange.complete and not self._exchange.disconnected:
            message = "the ASGI application ended without a whole answer"
            raise InvalidAnswerError(message)


def _decoded(message: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the headers of a message as text."""
    return [
        (bytes(name).decode("latin-1"), bytes(value).decode("latin-1"))
        for name, value in message.get("headers", ())
    ]


class _Socket:
    """`receive` and `send` of one WebSocket."""

    def __init__(self, call: Call, exchange: Exchange, protocols: list[str]) -> None:
        self._exchange = exchange
        self._protocols = protocols
        self._is_connecting = True
        self._is_accepted = False
        self._denial = _HttpAnswer(call, exchange)
        self._is_denied = False
        self._closed = {"type": "websocket.disconnect", "code": _VANISHED, "reason": ""}

    async def receive(self) -> dict[str, Any]:
        if self._is_connecting:
            self._is_connecting = False
            return {"type": "websocket.connect"}
        while not self._is_accepted or self._exchange.complete:
            if self._exchange.complete or self._exchange.disconnected:
                return self._closed
            await self._exchange.woken()
        try:
            message = await self._exchange.message()
        except DisconnectedError:
            return self._closed
        kind, content = message[0], message[1:]
        if kind == "c":
            code, _, reason = content.partition(" ")
            self._closed = {"type": "websocket.disconnect", "code": int(code), "reason": reason}
            return self._closed
        if kind == "t":
            return {"type": "websocket.receive", "text": content}
        return {"type": "websocket.receive", "bytes": content.encode("latin-1")}

    async def send(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        if kind == "websocket.accept" and not self._is_accepted and not self._is_denied:
            await self._accept(message)
        elif kind == "websocket.send" and self._is_accepted:
            text = message.get("text")
            content = bytes(message.get("bytes") or b"") if text is None else text.encode()
            await self._exchange.send(content, last=False, status=_BINARY if text is None else _TEXT)
        elif kind == "websocket.close" and not self._is_denied:
            await self._close(message)
        elif kind.startswith("websocket.http.response.") and not self._is_accepted:
            self._is_denied = True
            await self._denial.send(message | {"type": kind.removeprefix("websocket.")})
        else:
            error = f"a WebSocket takes no message {kind!r} now"
            raise RuntimeError(error)

    async def _accept(self, message: dict[str, Any]) -> None:
        protocol = message.get("subprotocol") or ""
        if protocol and protocol not in self._protocols:
            error = f"the client did not offer the subprotocol {protocol!r} but {self._protocols}"
            raise RuntimeError(error)
        headers = join_headers(_decoded(message))
        await self._exchange.send(protocol.encode("latin-1"), last=False, status=_ACCEPTED, headers=headers)
        self._is_accepted = True

    async def _close(self, message: dict[str, Any]) -> None:
        if not self._is_accepted:
            self._exchange.answer(_FORBIDDEN, "", b"")
            return
        code, reason = message.get("code") or _NORMAL, message.get("reason") or ""
        if (code not in _PLATFORM_CODES or code in _RESERVED_CODES) and code not in _OWN_CODES:
            error = f"a WebSocket cannot be closed with the code {code}; use 1000 or one from 3000 to 4999"
            raise RuntimeError(error)
        self._closed = {"type": "websocket.disconnect", "code": code, "reason": reason}
        await self._exchange.send(reason.encode(), last=True, status=code)

    async def end(self) -> None:
        if self._is_denied:
            self._denial.check()
        elif not self._exchange.complete and not self._exchange.disconnected:
            await self.send({"type": "websocket.close"})


class AsgiEntry(Entry):
    """Calls an ASGI application; the lifespan begins once, when the instance starts."""

    def __init__(self, app: App, loop: asyncio.AbstractEventLoop, environment: Environment | None) -> None:
        """Keep the application, the loop of its lifespan and what it finds in `scope["env"]`."""
        self._app = app
        self._loop = loop
        self._environment = environment
        self._state: dict[str, Any] = {}
        self._lifespan = Lifespan(app, self._state)

    def in_environment(self, environment: Environment | None) -> AsgiEntry:
        """Return an entry of the same started application with another environment."""
        other = copy(self)
        other._environment = environment  # noqa: SLF001 - of its own class
        return other

    async def start(self) -> None:
        """Start the application's lifespan."""
        await self._lifespan.start(self._loop)

    async def http(self, call: Call, exchange: Exchange) -> None:
        """Answer one request."""
        answer = _HttpAnswer(call, exchange)
        await self._app(self._scope(call), answer.receive, answer.send)
        answer.check()

    async def socket(self, call: Call, exchange: Exchange) -> None:
        """Serve one WebSocket."""
        offered = [value for name, value in call.headers if name.lower() == "sec-websocket-protocol"]
        protocols = [name.strip() for name in ",".join(offered).split(",") if name.strip()]
        socket = _Socket(call, exchange, protocols)
        scope = self._scope(call)
        scope |= {
            "type": "websocket",
            "scheme": "wss" if call.scheme == "https" else "ws",
            "subprotocols": protocols,
            "extensions": {"websocket.http.response": {}},
        }
        del scope["method"]
        await self._app(scope, socket.receive, socket.send)
        await socket.end()

    def _scope(self, call: Call) -> dict[str, Any]:
        raw_path = call.root_path + call.path
        return {
            "type": "http",
            "asgi": VERSIONS,
            "http_version": "1.1",
            "method": call.method,
            "scheme": call.scheme,
            # The specification wants root_path in the path; frameworks remove it.
            "path": unquote(raw_path if raw_path.isascii() else raw_path.encode("latin-1").decode()),
            "raw_path": raw_path.encode("latin-1"),
            "query_string": call.query.encode("latin-1"),
            "root_path": call.root_path,
            "headers": [
                (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in call.headers
            ],
            "client": (call.client, 0),
            "server": call.server,
            "state": dict(self._state),
            # As on Cloudflare's Python Workers.
            "env": self._environment,
        }
