"""An event loop that runs a task's first step at once, and that runs only while something is to be done."""

from __future__ import annotations

import asyncio
import heapq
import signal
import threading
from asyncio import events
from asyncio.log import logger
from collections.abc import Coroutine
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections import deque
    from collections.abc import Callable, Generator
    from contextvars import Context
    from types import FrameType

T = TypeVar("T")


class _Begun(Coroutine[Any, Any, None]):
    """Work whose first step runs before it has a task: most work never needs one.

    If it gets a task, the task sees the outcome of that step first.
    """

    def __init__(self, loop: InstanceLoop, work: Coroutine[Any, Any, None]) -> None:
        self._loop = loop
        self._work = work
        self.context = copy_context()
        self._task: asyncio.Task[None] | None = None
        self._first: events.Handle | None = None
        self._waits_for: object = None
        self._is_met = False
        self._is_done = False

    def step(self) -> None:
        """Run the first step."""
        try:
            self._waits_for = self._work.send(None)
        except StopIteration:
            self._is_done = True

    def task(self) -> asyncio.Task[None]:
        """Return its task, which is made when code asks for it or when the work waits."""
        if self._task is None:
            self._task, self._first = self._loop.make_begun(self)
        return self._task

    def follow(self) -> asyncio.Task[None] | None:
        """Continue as a task after the first step; return None if the work is done."""
        if self._is_done and self._task is None:
            return None
        task = self.task()
        if self._first is not None:
            self._first._run()  # noqa: SLF001 - as the loop does it
        return None if task.done() else task

    def send(self, value: Any) -> Any:  # noqa: ANN401 - as coroutines have it
        if self._is_met:
            return self._work.send(value)
        self._is_met = True
        if self._is_done:
            raise StopIteration
        return self._waits_for

    def throw(self, *raised: Any) -> Any:  # noqa: ANN401
        if not self._is_met:
            # The work cancelled itself in its first step: cancel what it waits for, as any task does.
            self._is_met = True
            if self._is_done:
                raise raised[0]
            cancel = getattr(self._waits_for, "cancel", None)
            if cancel is not None and cancel():
                return self._waits_for
        return self._work.throw(*raised)

    def close(self) -> None:
        self._work.close()

    def __await__(self) -> Generator[Any, Any, None]:
        return self._work.__await__()


_running_task = asyncio.current_task


def _current_task(loop: asyncio.AbstractEventLoop | None = None) -> asyncio.Task[Any] | None:
    """Return the current task, also for work in its first step."""
    known = loop or asyncio.get_running_loop()
    if isinstance(known, InstanceLoop) and known.begun is not None:
        return _running_task(known) or known.begun.task()
    return _running_task(loop)


asyncio.current_task = asyncio.tasks.current_task = _current_task


class InstanceLoop(asyncio.SelectorEventLoop):
    """Runs the first step of work when it is started: most calls need no second step."""

    if TYPE_CHECKING:
        # Of asyncio's base class.
        _ready: deque[events.Handle]
        _scheduled: list[events.TimerHandle]
        _timer_cancelled_count: int

    def __init__(self) -> None:
        """Begin without tasks."""
        # The function's log must not have the line about the selector, whatever level the code has set.
        was_disabled, logger.disabled = logger.disabled, True
        super().__init__()
        logger.disabled = was_disabled
        self._is_starting = False
        self._handled: set[int] = set()
        # What shuts applications down at the end of the instance.
        self.at_end: list[Callable[[], Coroutine[Any, Any, None]]] = []
        self._first: events.Handle | None = None
        self.begun: _Begun | None = None
        # Tasks besides the calls. asyncio.all_tasks would also visit tasks that were not collected yet.
        self.others: set[asyncio.Future[Any]] = set()
        self.on_turn: Callable[[], None] = lambda: None
        self.on_woken: Callable[[], None] = lambda: None
        self.set_task_factory(self._make_task)

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None] | None:
        """Run work until it waits for the first time; return its task, or None if it is done.

        The caller keeps track of the task. The work must not raise.
        """
        begun = self.begun = _Begun(self, work)
        is_running = self.is_running()
        if not is_running:
            self._thread_id = threading.get_ident()
            events._set_running_loop(self)  # noqa: SLF001 - the code may ask for it
        try:
            begun.context.run(begun.step)
            self.begun = None
            return begun.follow()
        finally:
            self.begun = None
            if not is_running:
                events._set_running_loop(None)  # noqa: SLF001
                self._thread_id = None

    def make_begun(self, begun: _Begun) -> tuple[asyncio.Task[None], events.Handle | None]:
        """Return a task for work that has begun, and its first step, which the loop does not run."""
        self._is_starting = True
        try:
            task = asyncio.Task(begun, loop=self, context=begun.context)
        finally:
            self._is_starting = False
        first, self._first = self._first, None
        return task, first

    def _make_task(
        self,
        _loop: asyncio.AbstractEventLoop,
        work: Coroutine[Any, Any, T] | Generator[Any, None, T],
        **given: Any,  # noqa: ANN401 - a name and a context, most often neither
    ) -> asyncio.Future[T]:
        task: asyncio.Task[T] = asyncio.Task(cast("Coroutine[Any, Any, T]", work), loop=self, **given)
        self.others.add(task)
        task.add_done_callback(self.others.discard)
        return task

    def has_work(self) -> bool:
        """Return True if the loop must run on: something is due now or later, or a task has not ended."""
        return bool(self.others or self._ready or (self._scheduled and self._has_timers()))

    def _has_timers(self) -> bool:
        """Drop the next timers as long as they are cancelled; return True if one is left."""
        while self._scheduled and self._scheduled[0].cancelled():
            self._timer_cancelled_count -= 1
            heapq.heappop(self._scheduled)._scheduled = False  # noqa: SLF001 - as the loop does it
        return bool(self._scheduled)

    def _run_once(self) -> None:
        super()._run_once()  # type: ignore[misc]
        self.on_turn()

    def call_soon_threadsafe(
        self, callback: Callable[..., object], *args: object, context: Context | None = None
    ) -> events.Handle:
        """Schedule a callback from another thread, also while the loop rests."""
        handle = super().call_soon_threadsafe(callback, *args, context=context)
        if not self.is_running():
            self.on_woken()
        return handle

    def add_signal_handler(self, sig: int, callback: Callable[..., object], *args: object) -> None:
        """Keep a handler as `signal.signal` does; it runs on the loop."""

        def handle(_number: int, _frame: FrameType | None) -> None:
            self.call_soon_threadsafe(callback, *args)

        signal.signal(sig, handle)
        self._handled.add(sig)

    def remove_signal_handler(self, sig: int) -> bool:
        """Forget a handler; return False if there was none."""
        if sig not in self._handled:
            return False
        self._handled.discard(sig)
        signal.signal(sig, signal.SIG_DFL)
        return True

    def call_soon(
        self, callback: Callable[..., object], *args: object, context: Context | None = None
    ) -> events.Handle:
        if not self._is_starting:
            return super().call_soon(callback, *args, context=context)
        # A new task schedules its first step here.
        self._is_starting = False
        self._first = events.Handle(callback, args, self, context)
        return self._first
