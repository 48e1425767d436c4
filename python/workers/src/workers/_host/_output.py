"""Output and log records of a function, with the invocation that each line belongs to."""

from __future__ import annotations

import io
import logging
import sys
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import ReadableBuffer

    Print = Callable[[str, str, str, str], None]

invocation: ContextVar[str] = ContextVar("hearth_invocation", default="")


class _Sink(io.RawIOBase):
    """The bytes of one stream."""

    def __init__(self, name: str, emit: Print) -> None:
        super().__init__()
        self._name = name
        self._emit = emit

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer) -> int:
        content = bytes(data)
        self._emit(self._name, "", invocation.get(), content.decode("utf-8", "replace"))
        return len(content)


class Output(io.TextIOWrapper):
    """`sys.stdout` or `sys.stderr`; records of `logging` keep their level."""

    def __init__(self, name: str, emit: Print) -> None:
        """Print to the function's log."""
        super().__init__(
            io.BufferedWriter(_Sink(name, emit)), encoding="utf-8", errors="replace", line_buffering=True
        )
        self._stream = name
        self._emit = emit

    def log(self, level: str, text: str) -> None:
        """Print a record."""
        self.flush()
        self._emit(self._stream, level.lower(), invocation.get(), text + "\n")


def install(emit: Print) -> None:
    """Redirect what is printed and logged from now on."""
    sys.stdout, sys.stderr = Output("stdout", emit), Output("stderr", emit)
    handler: Any = logging.StreamHandler
    plain = handler.emit

    def emit_record(self: logging.StreamHandler[io.TextIOBase], record: logging.LogRecord) -> None:
        if not isinstance(self.stream, Output):
            plain(self, record)
            return
        try:
            self.stream.log(record.levelname, self.format(record))
        except Exception:  # noqa: BLE001 - as logging does it
            self.handleError(record)

    handler.emit = emit_record


def flush() -> None:
    """Write lines that have no end yet."""
    sys.stdout.flush()
    sys.stderr.flush()
