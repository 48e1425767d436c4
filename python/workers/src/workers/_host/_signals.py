"""Signal handlers of a function. No signal reaches an instance: handlers are kept, and called at its end."""

from __future__ import annotations

import errno
import os
import signal
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_SIGNALS = range(1, 65)
_NEVER_CAUGHT = (signal.SIGKILL, signal.SIGSTOP)
_NOT_CALLABLE = "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object"

_handlers: dict[int, Any] = {}


def keep_handlers() -> None:
    """Make `signal.signal` keep handlers in this interpreter: the process serves other instances too."""
    known = signal.getsignal

    def getsignal(signalnum: int) -> Any:  # noqa: ANN401 - as signal has it
        number = _checked(signalnum)
        return _handlers[number] if number in _handlers else known(number)

    def keep(signalnum: int, handler: Any) -> Any:  # noqa: ANN401
        number = _checked(signalnum)
        if not callable(handler) and handler not in (signal.SIG_IGN, signal.SIG_DFL):
            raise TypeError(_NOT_CALLABLE)
        if threading.current_thread() is not threading.main_thread():
            message = "signal only works in main thread of the main interpreter"
            raise ValueError(message)
        if number in _NEVER_CAUGHT:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        previous = getsignal(number)
        _handlers[number] = handler
        return previous

    signal.signal, signal.getsignal = keep, getsignal


def _checked(signalnum: int) -> int:
    number = int(signalnum)
    if number not in _SIGNALS:
        message = "signal number out of range"
        raise ValueError(message)
    return number


def termination() -> Callable[[], object] | None:
    """Return the call of the function's handler for SIGTERM, or None if it has none."""
    handler = _handlers.get(signal.SIGTERM)
    return (lambda: handler(int(signal.SIGTERM), None)) if callable(handler) else None
