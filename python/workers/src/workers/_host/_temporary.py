"""Calls that find no room in the temporary folder are answered with 507."""

from __future__ import annotations

import errno
import gc
import tempfile
from functools import wraps
from typing import TYPE_CHECKING, Any

from workers._host._output import invocation

if TYPE_CHECKING:
    from collections.abc import Callable

_STATUS = 507
# What frameworks answer when an upload does not fit, without saying why.
_FRAMEWORKS_ANSWERS = (400, 500)
_WRITING = ("write", "writelines", "rollover", "seek", "flush")

# Invocations whose uploads did not fit; forgotten at the end of the call.
_full: set[str] = set()


def is_full(raised: BaseException) -> bool:
    """Return True if an exception says that there is no room."""
    return isinstance(raised, OSError) and raised.errno == errno.ENOSPC


def notice_uploads() -> None:
    """Notice when an upload that a framework spools does not fit."""
    spooled: Any = tempfile.SpooledTemporaryFile
    for name in _WRITING:
        setattr(spooled, name, noticing(getattr(spooled, name)))


def noticing(plain: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method that notices when there is no room."""

    @wraps(plain)
    def method(*given: Any, **named: Any) -> Any:  # noqa: ANN401
        try:
            return plain(*given, **named)
        except OSError as raised:
            if is_full(raised):
                _full.add(invocation.get())
            raise

    return method


def status_of(status: int) -> int:
    """Return the status of the current call's answer."""
    return _STATUS if status in _FRAMEWORKS_ANSWERS and invocation.get() in _full else status


def forget(ended: str) -> None:
    """Forget an invocation that has ended, and free what it spooled in vain."""
    if ended in _full:
        _full.discard(ended)
        gc.collect()
