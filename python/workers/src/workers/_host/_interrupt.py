"""Ends code that goes on though nobody waits for it any more."""

from __future__ import annotations

import asyncio
import inspect

from workers._host._output import invocation

_OWN_FOLDER = __file__.rpartition("/")[0]


class CallInterrupt(KeyboardInterrupt):
    """Raised in a function's code where it is, when its call is at its limit or its client has gone."""

    def __init__(self, *, late: bool) -> None:
        """Keep whether it is for the limit."""
        super().__init__("the call reached the function's limit" if late else "the client has gone")
        self.late = late


def interrupt(name: str, late: bool) -> None:  # noqa: FBT001 - called from Java, by position
    """Raise CallInterrupt if what was running belongs to this invocation.

    The host calls it between any two steps of the interpreter's thread. Where a client has gone, code on
    the event loop is left alone: it is cancelled where it waits.
    """
    if invocation.get() != name or (_is_on_loop() and not late):
        return
    frame = inspect.currentframe()
    # This one, and the host's.
    for _ in range(2):
        frame = frame.f_back if frame else None
    if frame is not None and frame.f_code.co_filename.startswith(_OWN_FOLDER):
        # Our own book-keeping, which must not be cut short, or a wait that ends by itself.
        return
    raise CallInterrupt(late=late)


def _is_on_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
