"""Reports of exceptions that user code raised."""

from __future__ import annotations

import asyncio
import json
import traceback
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

_JAVA_TRACE = "\n\nJava stack trace:"
_OWN_FOLDERS = tuple(file.rpartition("/")[0] for file in (__file__, asyncio.__file__))


def print_traceback(raised: BaseException) -> None:
    """Print the traceback as Python does, from the user's first frame on."""
    _forget_java(raised)
    traceback.print_exception(type(raised), raised, _user_traceback(raised))


def described(raised: BaseException) -> bytes:
    """Return type, message and trace as JSON, with the names that AWS Lambda gives them."""
    _forget_java(raised)
    failure = {
        "errorType": type(raised).__name__,
        "errorMessage": str(raised),
        "stackTrace": traceback.format_tb(_user_traceback(raised)),
    }
    return json.dumps(failure).encode()


def _forget_java(raised: BaseException) -> None:
    """Take Java's stack trace out of the message of GraalPy's internal errors."""
    if isinstance(raised, SystemError) and raised.args:
        raised.args = (str(raised.args[0]).partition(_JAVA_TRACE)[0],)


def _user_traceback(raised: BaseException) -> TracebackType | None:
    """Return the traceback without the platform's and the loop's frames."""
    frame = raised.__traceback__
    while frame is not None and frame.tb_frame.f_code.co_filename.startswith(_OWN_FOLDERS):
        frame = frame.tb_next
    return frame
