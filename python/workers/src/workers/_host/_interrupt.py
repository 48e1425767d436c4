"""Ends code that goes on though nobody waits for it any more."""

from __future__ import annotations

import asyncio
import inspect
from contextvars import ContextVar
from typing import Literal

from workers._host._output import invocation

_LOOPS_FOLDER = asyncio.__file__.rpartition("/")[0]

# Which part of the function's own code runs, if any: the platform's must not be cut short. Threads and tasks
# that a call starts have it from the call.
part: ContextVar[Literal["none", "synchronous", "task"]] = ContextVar("hearth_part", default="none")


class CallInterrupt(KeyboardInterrupt):
    """Raised in a function's code where it is, when its call is at its limit or its client has gone."""

    def __init__(self, *, late: bool) -> None:
        """Keep whether it is for the limit."""
        super().__init__("the call reached the function's limit" if late else "the client has gone")
        self.late = late


def interrupt(name: str, late: bool) -> None:  # noqa: FBT001 - called from Java, by position
    """Raise CallInterrupt if what was running is code of this invocation.

    The host calls it in every thread of the interpreter, between any two steps. Where a client has gone,
    tasks are left alone: they are cancelled where they wait, which is kinder.
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
    """Whether what was interrupted is the loop's book-keeping between two steps of a task."""
    frame = inspect.currentframe()
    # This one, interrupt and the host's.
    for _ in range(3):
        frame = frame.f_back if frame else None
    return frame is None or frame.f_code.co_filename.startswith(_LOOPS_FOLDER)
