"""Takes calls from the host's inbox and passes them to the function's entry."""

from __future__ import annotations

import asyncio
import socket
from functools import partial
from typing import TYPE_CHECKING, Any

from workers._host._bridge import DisconnectedError, Exchange
from workers._host._call import Call, InvalidAnswerError, parse_call
from workers._host._compat._files import flush_files
from workers._host._failure import print_traceback
from workers._host._interrupt import CallInterrupt, part
from workers._host._output import invocation, record
from workers._host._temporary import forget, is_full

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from workers._host._bridge import Bridge
    from workers._host._entry import Entry, Rest
    from workers._host._loop import InstanceLoop

    Work = Callable[[Call, Exchange], Rest]

_WAKES = 4096


class Calls:
    """The calls that one instance works on."""

    def __init__(
        self,
        bridge: Bridge,
        entry: Entry,
        loop: InstanceLoop,
        report: Callable[[BaseException], None] = print_traceback,
        *,
        is_probe: bool = False,
    ) -> None:
        """Start without calls. `report` gets what user code raises. A probe does not wait for other tasks."""
        self._is_probe = is_probe
        self._report = report
        self._bridge = bridge
        self._entry = entry
        self._loop = loop
        self._exchanges: dict[int, Exchange] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._waker: socket.socket | None = None
        self._is_looping = False
        self._is_paused = False

    def pump(self) -> None:
        """Serve the calls in the inbox until no code of the function waits."""
        self._drain()
        if self._rests():
            return
        port = self._bridge.looping(True)  # noqa: FBT003
        self._loop.on_turn = self._rest
        try:
            if self._waker is None and port:
                self._waker = socket.create_connection(("127.0.0.1", port))
                self._waker.setblocking(False)  # noqa: FBT003
                self._loop.add_reader(self._waker.fileno(), self._wake)
            self._drain()
            while not self._rests():
                self._is_looping = True
                try:
                    self._loop.run_forever()
                except (SystemExit, KeyboardInterrupt) as raised:
                    # Raised in a task that the function started itself.
                    self._report(raised)
        finally:
            self._is_looping = False
            self._bridge.looping(False)  # noqa: FBT003
            if self._is_paused:
                self._unplug()

    def cancel(self) -> None:
        """Cancel all calls that wait."""
        for task in self._tasks.values():
            task.cancel()

    def go_on(self) -> None:
        """Serve calls again after a pause."""
        self._is_paused = False

    def finish(self) -> None:
        """End all calls, and wait for their code."""
        for exchange in list(self._exchanges.values()):
            exchange.disconnect()
        self.cancel()
        while self._tasks:
            self._loop.run_until_complete(asyncio.wait(list(self._tasks.values())))

    def _unplug(self) -> None:
        """Close the connection that wakes the loop: it would prevent a snapshot."""
        if self._waker is not None:
            self._loop.remove_reader(self._waker.fileno())
            self._waker.close()
            self._waker = None

    def _rests(self) -> bool:
        if self._is_paused:
            return True
        return not self._tasks and (self._is_probe or not self._loop.has_work())

    def _rest(self) -> None:
        """Stop the loop if nothing is left to do."""
        if self._is_looping and self._rests():
            self._loop.stop()

    def _wake(self) -> None:
        if self._waker is not None:
            self._waker.recv(_WAKES)
        self._drain()

    def _drain(self) -> None:
        while (item := self._bridge.poll()) is not None:
            self._take(item)

    def _take(self, item: str) -> None:
        kind, name, *fields = item.split("\n", 2)
        number = int(name)
        if kind == "pause":
            self._is_paused = True
        elif fields:
            self._begin(kind, number, parse_call(fields[0]))
        elif number in self._exchanges:
            exchange = self._exchanges[number]
            if kind == "progress":
                exchange.wake()
                return
            exchange.disconnect()
            if kind == "cancel" and number in self._tasks:
                self._tasks[number].cancel()

    def _begin(self, kind: str, number: int, call: Call) -> None:
        exchange = self._exchanges[number] = Exchange(self._bridge, number)
        if kind == "http":
            self._run(self._entry.http, call, exchange)
        elif kind == "socket":
            self._run(self._entry.socket, call, exchange)
        else:
            self._run(partial(self._entry.event, kind), call, exchange)

    def _run(self, work: Work, call: Call, exchange: Exchange) -> None:
        """Run a call up to its first wait; the rest becomes a task."""
        token = invocation.set(call.invocation)
        coroutine = None
        try:
            try:
                part.set("synchronous")
                coroutine = work(call, exchange)
            finally:
                part.set("none")
            if coroutine is not None:
                task = self._loop.start(self._finish(exchange, coroutine))
                if task is not None:
                    self._tasks[exchange.number] = task
        except BaseException as raised:  # noqa: BLE001 - user code
            self._failed(exchange, raised)
        finally:
            if coroutine is None:
                self._end(exchange)
            invocation.reset(token)

    async def _finish(self, exchange: Exchange, coroutine: Coroutine[Any, Any, None]) -> None:
        try:
            try:
                part.set("task")
                await coroutine
            finally:
                part.set("none")
        except asyncio.CancelledError as cancelled:
            # If the function did not cancel itself, the host knows: the client left or the time is up.
            if not exchange.disconnected:
                self._failed(exchange, cancelled)
        except BaseException as raised:  # noqa: BLE001 - user code
            self._failed(exchange, raised)
        finally:
            self._end(exchange)

    def _end(self, exchange: Exchange) -> None:
        flush_files()
        forget(invocation.get())
        self._exchanges.pop(exchange.number, None)
        self._tasks.pop(exchange.number, None)
        exchange.end()

    def _failed(self, exchange: Exchange, raised: BaseException) -> None:
        if isinstance(raised, DisconnectedError):
            return
        if isinstance(raised, CallInterrupt):
            # The host knows and answers. The traceback shows the author where the code was.
            exchange.end()
            if raised.late:
                self._report(raised)
            return
        if isinstance(raised, InvalidAnswerError):
            record("error", f"hearth: {raised}")
            exchange.fail("function_answer_invalid")
        else:
            self._report(raised)
            exchange.fail("temporary_full" if is_full(raised) else "function_raised")
