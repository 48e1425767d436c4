"""Failures of Lambda handlers, as callers and the log see them."""

from __future__ import annotations

import json
import time
import traceback
from typing import Any

from workers._host._failure import forget_java, formatted, user_traceback
from workers._host._lambda_json import FaultError
from workers._host._lambda_logs import json_time, logs_json
from workers._host._output import record


def report(raised: BaseException, request: str) -> bytes:
    """Write a failure to the log, as one entry, and return it as JSON."""
    forget_java(raised)
    failure: dict[str, Any] = {
        "errorMessage": str(raised),
        "errorType": raised.kind if isinstance(raised, FaultError) else type(raised).__name__,
        "requestId": request,
        "stackTrace": [] if isinstance(raised, FaultError) else _frames(raised),
    }
    record("error", _json(failure) if logs_json() else _text(failure, raised))
    return json.dumps(failure, ensure_ascii=False).encode("utf-8", "backslashreplace")


def _frames(raised: BaseException) -> list[str]:
    frames = traceback.extract_tb(user_traceback(raised))
    # Without the columns, which would add lines of carets.
    return traceback.format_list(
        [(frame.filename, frame.lineno or 0, frame.name, frame.line) for frame in frames]
    )


def _json(failure: dict[str, Any]) -> str:
    entry = {"timestamp": json_time(time.time()), "level": "ERROR", **failure}
    return json.dumps(entry, ensure_ascii=False)


def _text(failure: dict[str, Any], raised: BaseException) -> str:
    told = f"[ERROR] {failure['errorType']}"
    if failure["errorMessage"]:
        told += f": {failure['errorMessage']}"
    if isinstance(raised, FaultError):
        return told
    # With the exceptions that led to this one.
    return f"{told}\n{formatted(raised).rstrip()}"
