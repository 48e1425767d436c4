"""Interrupts code of a call that is at its limit or whose client has left."""

from __future__ import annotations

import asyncio
import inspect
from contextvars import ContextVar
from typing import Literal

from workers._host._output import invocation

_LOOPS_FOLDER = asyncio.__file__.rpartition("/")[0]

# The kind of the function's code that runs, if any: code of the platform must not be interrupted. Threads and
# tasks that a call starts inherit it.
part: ContextVar[Literal["none", "synchronous", "task"]] = ContextVar("hearth_part", default="none")


class CallInterrupt(KeyboardInterrupt):
    """Raised in the code of a function when its call reaches the limit or its client leaves."""

    def __init__(self, *, late: bool) -> None:
        """Keep whether the limit is the reason."""
        super().__init__("the call reached the function's limit" if late else "the client has left")
        self.late = late


def interrupt(name: str, late: bool) -> None:  # noqa: FBT001 - called from Java, by position
    """Raise CallInterrupt if what was running is code of this invocation.

    The host calls it in every thread of the interpreter, between any two steps. If the client has left, tasks
    are not interrupted: they are cancelled where they wait, which lets them clean up.
    """
    running = part.get()
    if invocation.get() != name or running == "none":
        return
    if running == "task" and _is_on_loop():
        task = asyncio.current_task()
        if not late or task is None or task.cancelling() or _is_loops_own():
            return
    raise CallInterrupt(late=late)


def _is_on_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _is_loops_own() -> bool:
    """Return True if the event loop's own code was running, between two steps of a task."""
    frame = inspect.currentframe()
    # Skip the frames of this function, of interrupt and of the host.
    for _ in range(3):
        frame = frame.f_back if frame else None
    return frame is None or frame.f_code.co_filename.startswith(_LOOPS_FOLDER)
