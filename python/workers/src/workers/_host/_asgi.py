"""ASGI 3 applications (https://asgi.readthedocs.io/en/latest/specs/www.html)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from workers._host._call import Answer, InvalidAnswerError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from workers._host._call import Call

    App = Callable[..., Awaitable[None]]

_VERSIONS = {"version": "3.0", "spec_version": "2.3"}


class AsgiAdapter:
    """Calls an ASGI application; the lifespan begins once, when the instance starts."""

    def __init__(self, app: App, loop: asyncio.AbstractEventLoop) -> None:
        """Start the application's lifespan."""
        self._app = app
        self._loop = loop
        self._state: dict[str, Any] = {}
        self._lifespan: asyncio.Task[None] | None = None
        self._background: list[asyncio.Task[None]] = []
        loop.run_until_complete(self._start_lifespan())

    async def _start_lifespan(self) -> None:
        started = asyncio.Event()
        failure: list[str] = []
        events: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        events.put_nowait({"type": "lifespan.startup"})

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "lifespan.startup.failed":
                failure.append(message.get("message", ""))
            started.set()

        async def lifespan() -> None:
            scope = {"type": "lifespan", "asgi": _VERSIONS, "state": self._state}
            try:
                await self._app(scope, events.get, send)
            except Exception:  # noqa: BLE001 - the specification: an exception means no lifespan support
                self._state.clear()
            finally:
                started.set()

        self._lifespan = self._loop.create_task(lifespan())
        await started.wait()
        if failure:
            message = f"the application's lifespan start failed: {failure[0]}"
            raise RuntimeError(message)

    def __call__(self, call: Call) -> Answer:
        """Answer one request."""
        return self._loop.run_until_complete(self._answer(call))

    @property
    def pending(self) -> bool:
        """Tell whether an application goes on after its answer."""
        return bool(self._background)

    def finish(self) -> None:
        """Let applications that go on after their answer come to their end; raise what they raise."""
        background, self._background = self._background, []
        for task in background:
            self._loop.run_until_complete(task)

    async def _answer(self, call: Call) -> Answer:  # noqa: C901 - two callbacks share its state
        received = False
        finished = asyncio.Event()
        status = 0
        headers: list[tuple[str, str]] = []
        body: list[bytes] = []

        async def receive() -> dict[str, Any]:
            nonlocal received
            if not received:
                received = True
                return {"type": "http.request", "body": call.body, "more_body": False}
            await finished.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers.extend(
                    (bytes(name).decode("latin-1"), bytes(value).decode("latin-1"))
                    for name, value in message.get("headers", ())
                )
            elif message["type"] == "http.response.body":
                body.append(bytes(message.get("body", b"")))
                if not message.get("more_body", False):
                    finished.set()

        async def run() -> None:
            await self._app(self._scope(call), receive, send)

        app = self._loop.create_task(run())
        answered = self._loop.create_task(finished.wait())
        await asyncio.wait({app, answered}, return_when=asyncio.FIRST_COMPLETED)
        answered.cancel()
        if not app.done():
            self._background.append(app)
        elif not finished.is_set():
            app.result()  # raises what the application raised
        if not status:
            message = "the ASGI application ended without an answer"
            raise InvalidAnswerError(message)
        return Answer(status, headers, b"".join(body))

    def _scope(self, call: Call) -> dict[str, Any]:
        host, _, port = call.host.partition(":")
        raw_path = call.root_path + call.path
        return {
            "type": "http",
            "asgi": _VERSIONS,
            "http_version": "1.1",
            "method": call.method,
            "scheme": call.scheme,
            # By the specification the path includes root_path; frameworks take it off.
            "path": unquote(raw_path),
            "raw_path": raw_path.encode("latin-1"),
            "query_string": call.query.encode("latin-1"),
            "root_path": call.root_path,
            "headers": [
                (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in call.headers
            ],
            "client": (call.client, 0),
            "server": (host, int(port) if port.isdigit() else 80),
            "state": dict(self._state),
        }
