"""Functions of the host process for an instance, and one call as the Python side sees it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Protocol

from workers._host._temporary import status_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Sequence


class Bridge(Protocol):
    """Functions of the host; only the interpreter's thread may call them."""

    def poll(self) -> str | None:
        """Return the next item of the inbox, or None if it is empty.

        Its first line is the kind, the second the call's number; `parse_call` reads the others. The kind
        `pause` makes `pump` return, whatever waits.
        """
        ...

    def send(self, call: int, status: int, headers: str, body: bytes, last: bool, /) -> bool:  # noqa: FBT001
        """Send a part of an answer; the first has a status. Return False if the next one must wait."""
        ...

    def receive(self, call: int, /) -> str | bool | None:
        """Return the next part of a body as Latin-1: "" at its end, None if none has arrived yet.

        Return False if the body broke off.
        """
        ...

    def wait(self, call: int, /) -> bool:
        """Block until the client has sent or taken more; return False if it has left."""
        ...

    def end(self, call: int, /) -> None:
        """Report that no code of the function runs for the call any more."""
        ...

    def looping(self, running: bool, /) -> int:  # noqa: FBT001
        """Report whether the event loop runs and must be woken; return the port that wakes it."""
        ...

    def print(self, stream: str, level: str, invocation: str, text: str, /) -> None:
        """Write to the function's log; the level may be empty."""
        ...

    def scrypt(  # noqa: PLR0913, PLR0917 - RFC 7914 defines them
        self, password: bytes, salt: bytes, n: int, r: int, p: int, length: int, /
    ) -> str:
        """Derive a key (RFC 7914) as Latin-1; the caller checks the numbers."""
        ...

    def digest(  # noqa: PLR0913, PLR0917 - RFC 7693 defines them
        self, name: str, data: bytes, length: int, key: bytes, salt: bytes, person: bytes, /
    ) -> str:
        """Return a digest of BLAKE2 or SHAKE as Latin-1; salt and person of BLAKE2 have their full length."""
        ...

    def wake(self) -> None:
        """Let the host call `pump` soon; any thread may call this."""
        ...


class HostBridge:
    """The host's functions as attributes: looking one up in the host for each call would cost time."""

    def __init__(self, functions: Sequence[Any]) -> None:
        """Keep the functions, which come in the order of `Bridge`."""
        self.poll, self.send, self.receive, self.wait, self.end, self.looping = functions[:6]
        self.print, self.scrypt, self.digest, self.wake = functions[6:]


class Script:
    """A bridge for probes and rehearsals: plays given items, and keeps the statuses of the answers."""

    def __init__(self, items: Iterable[str]) -> None:
        """Keep the items."""
        self._items = iter(items)
        self.statuses: list[int] = []

    def poll(self) -> str | None:
        """Return the next item."""
        return next(self._items, None)

    def send(self, _call: int, status: int, _headers: str, _body: bytes, _last: bool) -> bool:  # noqa: FBT001
        """Keep the status of an answer's first part; forget the rest."""
        if status:
            self.statuses.append(status)
        return True

    def receive(self, _call: int) -> str:
        """Return the end of the body."""
        return ""

    def wait(self, _call: int) -> bool:
        """Do nothing; probes never need it."""
        return True

    def end(self, call: int) -> None:
        """Do nothing."""

    def looping(self, _running: bool) -> int:  # noqa: FBT001
        """Return no port: nobody wakes the loop."""
        return 0

    def print(self, stream: str, level: str, invocation: str, text: str) -> None:
        """Drop what is printed."""

    def scrypt(self, *_given: object) -> str:
        """Do nothing; probes never need it."""
        return ""

    def digest(self, *_given: object) -> str:
        """Do nothing; probes never need it."""
        return ""

    def wake(self) -> None:
        """Do nothing; nobody pumps."""


class DisconnectedError(OSError):
    """The client has left."""


class Exchange:
    """Body and answer of one call. Methods that wait exist for code with and without an event loop."""

    def __init__(self, bridge: Bridge, number: int) -> None:
        """Begin with nothing read and nothing sent."""
        self._bridge = bridge
        self.number = number
        self.begun = False
        self.complete = False
        self._wakes: list[asyncio.Future[None]] = []
        self.disconnected = False

    def answer(self, status: int, headers: str, body: bytes) -> None:
        """Send a whole answer."""
        self.begun = self.complete = True
        self._bridge.send(self.number, status_of(status), headers, body, True)  # noqa: FBT003

    def fail(self, code: str) -> None:
        """Answer with a problem, or break off an answer that has begun."""
        if not self.complete:
            self.begun = self.complete = True
            self._bridge.send(self.number, 0, code, b"", True)  # noqa: FBT003

    def _write(self, body: bytes, *, last: bool, status: int = 0, headers: str = "") -> bool:
        """Send a part; return True if the next one may follow at once."""
        self.begun = True
        self.complete = last
        if last:
            self.wake()
        return self._bridge.send(self.number, status_of(status), headers, body, last)

    async def read(self) -> bytes:
        """Return the next part of the body, empty at its end."""
        return (await self.message()).encode("latin-1")

    def read_blocking(self) -> bytes:
        """Return the next part, for code without an event loop; raise DisconnectedError."""
        while (part := self._next()) is None:
            self._wait()
        return part.encode("latin-1")

    async def parts(self) -> AsyncIterator[bytes]:
        """Iterate over the body."""
        while part := await self.read():
            yield part

    async def message(self) -> str:
        """Return the next event of a WebSocket.

        It is t and a text, b and bytes as Latin-1, or c, the code of a close, a space and its reason.
        """
        while (message := self._next()) is None:
            await self.woken()
        return message

    def whole_blocking(self) -> bytes:
        """Return the whole body; raise DisconnectedError."""
        return b"".join(iter(self.read_blocking, b""))

    async def send(self, body: bytes, *, last: bool, status: int = 0, headers: str = "") -> None:
        """Send a part, and wait until the next one may follow."""
        if not self._write(body, last=last, status=status, headers=headers) and not last:
            await self.woken()

    def send_blocking(self, body: bytes, *, last: bool, status: int = 0, headers: str = "") -> None:
        """Send a part, for code without an event loop; raise DisconnectedError."""
        if not self._write(body, last=last, status=status, headers=headers) and not last:
            self._wait()

    async def closed(self) -> None:
        """Wait until the answer is complete or the client has left."""
        while not self.complete and not self.disconnected:
            await self.woken()

    def wake(self) -> None:
        """Wake everything that waits to read or to write."""
        wakes, self._wakes = self._wakes, []
        for waiting in wakes:
            if not waiting.done():
                waiting.set_result(None)

    def disconnect(self) -> None:
        """Record that the client has left, and wake everything that waits."""
        self.disconnected = True
        self.wake()

    async def woken(self) -> None:
        """Wait until something has happened."""
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._wakes.append(waiting)
        await waiting

    def end(self) -> None:
        """Record that the function has finished with the call."""
        self.disconnect()
        self._bridge.end(self.number)

    def _next(self) -> str | None:
        part = self._bridge.receive(self.number)
        if isinstance(part, bool):
            raise DisconnectedError
        return part

    def _wait(self) -> None:
        if not self._bridge.wait(self.number):
            raise DisconnectedError
