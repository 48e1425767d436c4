"""Output and log records of a function, with the invocation that each entry belongs to."""

from __future__ import annotations

import codecs
import io
import logging
import os
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import ReadableBuffer

    Print = Callable[[str, str, str, str], None]

T = TypeVar("T")

invocation: ContextVar[str] = ContextVar("hearth_invocation", default="")


def _to_stderr(_stream: str, _level: str, _invocation: str, text: str) -> None:
    sys.stderr.write(text + "\n")


# Where entries go; the host's log once an instance starts.
_emit: Print = _to_stderr


def record(level: str, text: str, stream: str = "stderr") -> None:
    """Write one entry with a level to the function's log, for the invocation that runs."""
    _emit(stream, level.lower(), invocation.get(), text)


class _Bytes(io.RawIOBase):
    """The bytes of one stream."""

    def __init__(self, emit: Callable[[str], None]) -> None:
        super().__init__()
        self._emit = emit
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer) -> int:
        content = bytes(data)
        self._emit(self._decode(content))
        return len(content)


class _Unbuffered(io.BufferedWriter):
    """Passes bytes on at once: they belong to the call that writes them."""

    def write(self, data: ReadableBuffer) -> int:
        written = super().write(data)
        self.flush()
        return written


class Output(io.TextIOWrapper):
    """`sys.stdout` or `sys.stderr`. The host puts the pieces of a call's line together."""

    def __init__(self, name: str, emit: Print) -> None:
        """Print to the function's log."""

        def piece(text: str) -> None:
            if text:
                emit(name, "", invocation.get(), text)

        self._stream = name
        self._piece = piece
        super().__init__(_Unbuffered(_Bytes(piece)), encoding="utf-8", errors="replace", line_buffering=True)

    def write(self, text: str) -> int:
        """Print a piece of text, with or without line ends."""
        if not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance] - of user code
            message = f"write() argument must be str, not {type(text).__name__}"
            raise TypeError(message)
        if self.closed:
            message = "I/O operation on closed file."
            raise ValueError(message)
        self._piece(text)
        return len(text)

    def log(self, level: str, text: str) -> None:
        """Write a record as one entry."""
        record(level, text, self._stream)


def install(emit: Print) -> None:
    """Redirect what is printed, logged and raised from now on."""
    global _emit  # noqa: PLW0603 - an interpreter has one log
    _emit = emit
    sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__ = Output("stdout", emit), Output("stderr", emit)
    _log_records()
    _log_warnings()
    _write_descriptors((sys.stdout, sys.stderr))
    _follow_executors()


def _log_records() -> None:
    """Make the records of `logging` entries with their level."""
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


def _log_warnings() -> None:
    """Make warnings entries with a level."""
    module: Any = warnings
    plain = module._showwarnmsg_impl  # noqa: SLF001 - what showwarning, which code may replace, ends in

    def show(message: warnings.WarningMessage) -> None:
        if message.file is None and isinstance(sys.stderr, Output):
            sys.stderr.log("warning", module._formatwarnmsg(message).rstrip("\n"))  # noqa: SLF001
        else:
            plain(message)

    module._showwarnmsg_impl = show  # noqa: SLF001


def _write_descriptors(outputs: tuple[Output, Output]) -> None:
    """Make `os.write` to the descriptors 1 and 2 print for the call that writes."""
    plain = os.write

    def write(fd: int, data: ReadableBuffer, /) -> int:
        if fd not in (1, 2):
            return plain(fd, data)
        stream: Any = outputs[fd - 1].buffer
        return stream.write(data)

    os.write = write


def _follow_executors() -> None:
    """Let work of a thread pool print for the call that submitted it; threads do so in `_limits`."""
    pool: Any = ThreadPoolExecutor
    plain = pool.submit

    def submit(self: ThreadPoolExecutor, fn: Callable[..., Any], /, *given: Any, **named: Any) -> Any:  # noqa: ANN401
        return plain(self, partial(run_for, invocation.get(), fn), *given, **named)

    pool.submit = submit


def run_for(name: str, function: Callable[..., T], /, *given: Any, **named: Any) -> T:  # noqa: ANN401
    """Run a function whose output belongs to an invocation."""
    token = invocation.set(name)
    try:
        return function(*given, **named)
    finally:
        invocation.reset(token)
