"""Limits for the threads and sockets of an instance; the instances of a host process share its limits.

The host counts files itself. Code can bypass these counters: they protect other instances from a function
that leaks, and the process remains the wall.
"""

from __future__ import annotations

import _thread
import errno
import gc
import os
import socket
import threading
import time
from typing import TYPE_CHECKING, Any

from workers._host._output import invocation, record

if TYPE_CHECKING:
    from collections.abc import Callable

_TOLD_EVERY_SECONDS = 10.0
_STARTING = ("start_new_thread", "start_new", "start_joinable_thread")


class ThreadLimit:
    """Counts the threads that user code starts; raises RuntimeError, as CPython does, at the limit."""

    def __init__(self, most: int) -> None:
        """Allow `most` threads at the same time, besides the one that takes calls."""
        self._most = most
        self._running = 0
        self._lock = _thread.allocate_lock()
        self._log = LimitLog(f"it may have {most} threads; let some end first")

    def install(self) -> None:
        """Count from now on."""
        for module, prefix in ((_thread, ""), (threading, "_")):
            for name in _STARTING:
                start = getattr(module, prefix + name, None)
                if start is not None:
                    setattr(module, prefix + name, self._counting(start))

    def _counting(self, start: Callable[..., Any]) -> Callable[..., Any]:
        def start_counted(function: Callable[..., object], *given: Any, **named: Any) -> Any:  # noqa: ANN401
            if not callable(function):
                return start(function, *given, **named)
            self._begin()
            name = invocation.get()

            def run(*arguments: Any, **options: Any) -> None:  # noqa: ANN401
                # What the thread prints belongs to the call that started it.
                invocation.set(name)
                try:
                    function(*arguments, **options)
                finally:
                    self._end()

            try:
                return start(run, *given, **named)
            except BaseException:
                self._end()
                raise

        return start_counted

    def _begin(self) -> None:
        with self._lock:
            is_full = self._running >= self._most
            if not is_full:
                self._running += 1
        if is_full:
            self._log.tell()
            message = "can't start new thread"
            raise RuntimeError(message)

    def _end(self) -> None:
        with self._lock:
            self._running -= 1


class DescriptorLimit:
    """Counts the sockets and pipes that user code opens; raises OSError (EMFILE) when there are too many."""

    def __init__(self, most: int) -> None:
        """Allow `most` sockets and pipe ends at the same time."""
        self._most = most
        self._open: set[int] = set()
        self._log = LimitLog(f"it may have {most} sockets and pipes open; close some")

    def install(self) -> None:
        """Count from now on."""
        initialize, pipe, dup = socket.socket.__init__, os.pipe, os.dup

        def init_counted(made: socket.socket, *given: Any, **named: Any) -> None:  # noqa: ANN401
            initialize(made, *given, **named)
            try:
                self._add(made.fileno())
            except OSError:
                made.close()
                raise

        def pipe_counted() -> tuple[int, int]:
            return self._added(*pipe())

        def dup_counted(fd: int, /) -> int:
            return self._added(dup(fd))[0]

        socket.socket.__init__ = init_counted  # type: ignore[method-assign]
        os.pipe, os.dup = pipe_counted, dup_counted

    def _added(self, *descriptors: int) -> Any:  # noqa: ANN401 - as many as were given
        try:
            for descriptor in descriptors:
                self._add(descriptor)
        except OSError:
            for descriptor in descriptors:
                os.close(descriptor)
            raise
        return descriptors

    def _add(self, descriptor: int) -> None:
        # The number is in use again, so the earlier descriptor with this number was closed.
        self._open.discard(descriptor)
        if len(self._open) >= self._most:
            self._forget_closed()
        if len(self._open) >= self._most:
            # Closes those that code dropped without closing them.
            gc.collect()
            self._forget_closed()
        if len(self._open) >= self._most:
            self._log.tell()
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        self._open.add(descriptor)

    def _forget_closed(self) -> None:
        for descriptor in list(self._open):
            try:
                os.fstat(descriptor)
            except OSError:
                self._open.discard(descriptor)


class LimitLog:
    """Writes to the function's log that a limit was reached, at most once in ten seconds."""

    def __init__(self, advice: str) -> None:
        """Keep the limit and what to do about it."""
        self._advice = advice
        self._told_at = float("-inf")

    def tell(self) -> None:
        """Write a line, unless one was written in the last ten seconds."""
        now = time.monotonic()
        if now - self._told_at > _TOLD_EVERY_SECONDS:
            self._told_at = now
            record("warning", f"hearth: the instance reached a limit: {self._advice}")
