"""Reports of exceptions that user code raised."""

from __future__ import annotations

import asyncio
import importlib
import sys
import threading
import traceback
from typing import TYPE_CHECKING

from workers._host._output import record

if TYPE_CHECKING:
    from sys import UnraisableHookArgs
    from types import TracebackType

_JAVA_TRACE = "\n\nJava stack trace:"
# The platform's files, those of the event loop and of the import system.
_OWN_FILES = (
    *(file.rpartition("/")[0] + "/" for file in (__file__, asyncio.__file__, importlib.__file__)),
    "<frozen importlib",
)


def print_traceback(raised: BaseException) -> None:
    """Write the traceback as one entry."""
    record("error", formatted(raised).rstrip("\n"))


def report_uncaught() -> None:
    """Write what a thread raises as one entry, and what code raises that nobody called."""

    def report(given: threading.ExceptHookArgs) -> None:
        if given.exc_value is not None and not isinstance(given.exc_value, SystemExit):
            name = given.thread.name if given.thread else "of unknown name"
            record("error", f"Exception in thread {name}:\n{formatted(given.exc_value).rstrip()}")

    def report_ignored(given: UnraisableHookArgs) -> None:
        if given.exc_value is not None:
            what = given.err_msg or "Exception ignored in"
            record("error", f"{what}: {given.object!r}\n{formatted(given.exc_value).rstrip()}")

    threading.excepthook = report
    sys.unraisablehook = report_ignored


def formatted(raised: BaseException) -> str:
    """Return the traceback as Python prints it, from the user's first frame on."""
    forget_java(raised)
    return "".join(traceback.format_exception(type(raised), raised, user_traceback(raised)))


def forget_java(raised: BaseException) -> None:
    """Take Java's stack trace out of the message of GraalPy's internal errors."""
    if isinstance(raised, SystemError) and raised.args:
        raised.args = (str(raised.args[0]).partition(_JAVA_TRACE)[0],)


def user_traceback(raised: BaseException) -> TracebackType | None:
    """Return the traceback without the frames before the user's first one."""
    frame = raised.__traceback__
    while frame is not None and frame.tb_frame.f_code.co_filename.startswith(_OWN_FILES):
        frame = frame.tb_next
    return frame
