"""The one interface between calls and a function's entry, whatever its convention."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from workers._host._bridge import Exchange
    from workers._host._call import Call

    # None if the call is done, else the rest of it, which runs on the event loop.
    Rest = Coroutine[Any, Any, None] | None


class Entry(Protocol):
    """Calls a function's entry by its convention. Each method answers through the exchange.

    A method returns None when the call is done, or a coroutine that the caller runs to its end. It raises
    what the function raises, and InvalidAnswerError when the answer breaks the convention.
    """

    @abstractmethod
    def http(self, call: Call, exchange: Exchange) -> Rest:
        """Answer an HTTP request."""
        ...

    def socket(self, call: Call, exchange: Exchange) -> Rest:
        """Serve a WebSocket; a convention without WebSockets answers the request as HTTP."""
        return self.http(call, exchange)

    def event(self, kind: str, call: Call, exchange: Exchange) -> Rest:  # noqa: ARG002 - of those who take events
        """Hand over the event in the body; a convention without events refuses it.

        `kind` is the kind of call that brings the event.
        """
        exchange.fail("convention_mismatch")
        return None

    def warm(self, call: Call) -> bool:  # noqa: ARG002 - of those who have something to warm
        """Warm the conversions of a request without user code; return False if `http` may be probed."""
        return False
