"""Log records of Lambda functions: the handler that AWS puts on the root logger, and its two formats.

https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
"""

from __future__ import annotations

import json
import logging
import os
import time
import traceback
from typing import Any, cast

from workers._host._output import invocation
from workers._host._output import record as write

_TEXT = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s"
_RECORD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "aws_request_id"}


def set_up_logging() -> None:
    """Put a handler on the root logger, if it has none, so that the code only has to choose a level."""
    logging.Formatter.converter = time.gmtime
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(LambdaLogHandler())
    level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper()
    level = "DEBUG" if level == "TRACE" else level
    if level in logging.getLevelNamesMapping():
        root.setLevel(level)


def logs_json() -> bool:
    """Return true if the project asks for entries that are JSON."""
    return os.environ.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON"


class LambdaLogHandler(logging.Handler):
    """Writes each record as one entry with its level; formatters may use `aws_request_id`."""

    def __init__(self) -> None:
        """Choose the format that the project asks for."""
        super().__init__()
        self.setFormatter(_JsonFormatter() if logs_json() else logging.Formatter(_TEXT, "%Y-%m-%dT%H:%M:%S"))

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        try:
            record.aws_request_id = invocation.get()
            write(record.levelname, self.format(record), "stdout")
        except Exception:  # noqa: BLE001 - as logging does it
            self.handleError(record)


class _JsonFormatter(logging.Formatter):
    """Makes an object of a record and of the members of `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        known: dict[str, Any] = vars(record)
        message: Any = cast("Any", record).msg
        if record.args or not isinstance(message, dict):
            message = record.getMessage()
        members: dict[str, Any] = {
            "timestamp": json_time(record.created),
            "level": logging.getLevelName(min(logging.CRITICAL, record.levelno) // 10 * 10),
            "message": message,
            "logger": record.name,
        }
        if record.exc_info and record.exc_info[0]:
            _, raised, trace = record.exc_info
            members["stackTrace"] = traceback.format_tb(trace)
            members["errorType"] = type(raised).__name__
            members["errorMessage"] = str(raised)
            members["location"] = f"{record.pathname}:{record.funcName}:{record.lineno}"
        members["requestId"] = known.get("aws_request_id", "")
        for name, value in known.items():
            if name not in _RECORD and value is not None:
                members.setdefault(name, value)
        return json.dumps(members, ensure_ascii=False, default=str)


def json_time(seconds: float) -> str:
    """Format a time as entries that are JSON have it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
