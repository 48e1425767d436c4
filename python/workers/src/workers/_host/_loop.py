"""An event loop that starts tasks at once, and that runs only while one of them waits."""

from __future__ import annotations

import asyncio
import threading
from asyncio import events
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Generator
    from contextvars import Context

T = TypeVar("T")


class InstanceLoop(asyncio.SelectorEventLoop):
    """Runs a task's first step when it is started: most calls of a function need no second one."""

    def __init__(self) -> None:
        """Begin without tasks."""
        super().__init__()
        self._is_starting = False
        self._first: events.Handle | None = None
        # What goes on beside the calls. asyncio.all_tasks would look at everything that no garbage
        # collection has taken away yet.
        self.others: set[asyncio.Future[Any]] = set()
        self.on_quiet: Callable[[], None] = lambda: None
        self.set_task_factory(self._make_task)

    def start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Make a task and run it until it waits for the first time; it may be done then.

        It is the caller's to know how long it goes on.
        """
        self._is_starting = True
        try:
            task = asyncio.Task(work, loop=self)
        finally:
            self._is_starting = False
        first, self._first = self._first, None
        if first is None:
            return task
        if self.is_running():
            first._run()  # noqa: SLF001 - as the loop does it
            return task
        self._thread_id = threading.get_ident()
        events._set_running_loop(self)  # noqa: SLF001 - the code may ask for it
        try:
            first._run()  # noqa: SLF001
        finally:
            events._set_running_loop(None)  # noqa: SLF001
            self._thread_id = None
        return task

    def _make_task(
        self,
        _loop: asyncio.AbstractEventLoop,
        work: Coroutine[Any, Any, T] | Generator[Any, None, T],
        **given: Any,  # noqa: ANN401 - a name and a context, most often neither
    ) -> asyncio.Future[T]:
        task: asyncio.Task[T] = asyncio.Task(cast("Coroutine[Any, Any, T]", work), loop=self, **given)
        self.others.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Future[Any]) -> None:
        self.others.discard(task)
        if not self.others:
            self.on_quiet()

    def call_soon(
        self, callback: Callable[..., object], *args: object, context: Context | None = None
    ) -> events.Handle:
        if not self._is_starting:
            return super().call_soon(callback, *args, context=context)
        # A new task asks for its first step.
        self._is_starting = False
        self._first = events.Handle(callback, args, self, context)
        return self._first
