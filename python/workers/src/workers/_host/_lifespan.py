"""The lifespan of an ASGI application (https://asgi.readthedocs.io/en/latest/specs/lifespan.html)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from workers._host._failure import print_traceback
from workers._host._loop import InstanceLoop
from workers._host._output import record

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    App = Callable[..., Awaitable[None]]

VERSIONS = {"version": "3.0", "spec_version": "2.4"}


class Lifespan:
    """Starts an application once, and lets it shut down at the end of its instance."""

    def __init__(self, app: App, state: dict[str, Any]) -> None:
        """Prepare the start. The application adds to `state`, which its requests see."""
        self._app = app
        self._state = state
        self._events: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        self._told = asyncio.Event()
        self._is_started = False
        self._is_ending = False
        self._failure: str | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start the application; raise RuntimeError if it says that it cannot start."""
        # The task waits for the shutdown as long as the instance lives, and does not keep the loop running.
        self._task = asyncio.Task(self._run(), loop=loop)
        if isinstance(loop, InstanceLoop):
            loop.at_end.append(self._end)
        await self._tell("lifespan.startup")
        if self._failure is not None:
            message = f"the application's lifespan start failed: {self._failure}"
            raise RuntimeError(message)

    async def _end(self) -> None:
        """Let the application shut down, if it has a lifespan."""
        if not self._is_started or self._task is None or self._task.done():
            return
        self._is_ending = True
        await self._tell("lifespan.shutdown")
        if self._failure is not None:
            record("error", f"the application's lifespan shutdown failed: {self._failure}".rstrip())

    async def _tell(self, kind: str) -> None:
        """Send an event and wait for the answer."""
        self._told.clear()
        self._events.put_nowait({"type": kind})
        await self._told.wait()

    async def _send(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        if kind.endswith(".failed"):
            self._failure = message.get("message", "")
        elif kind == "lifespan.startup.complete":
            self._is_started = True
        self._told.set()

    async def _run(self) -> None:
        scope = {"type": "lifespan", "asgi": VERSIONS, "state": self._state}
        try:
            await self._app(scope, self._events.get, self._send)
        except Exception as raised:  # noqa: BLE001 - user code
            if not self._is_started:
                # By the specification, an exception means that there is no support for a lifespan.
                self._state.clear()
            elif self._is_ending and self._failure is None:
                print_traceback(raised)
        finally:
            self._told.set()
