"""WSGI applications (PEP 3333)."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from workers._host._call import InvalidAnswerError, declared_length, join_headers
from workers._host._entry import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType

    from _typeshed import WriteableBuffer

    from workers._host._bridge import Exchange
    from workers._host._call import Call
    from workers._worker import Environment

    App = Callable[..., Iterable[bytes]]


class WsgiEntry(Entry):
    """Calls a WSGI application."""

    def __init__(self, app: App, environment: Environment | None) -> None:
        """Keep the application, and what it finds in `environ["workers.env"]`."""
        self._app = app
        self._environment = environment

    def http(self, call: Call, exchange: Exchange) -> None:
        """Answer one request."""
        answer = _WsgiAnswer(exchange)
        environ = _environ(call, exchange)
        # As on Cloudflare's Python Workers.
        environ["workers.env"] = self._environment
        result = self._app(environ, answer.start)
        if isinstance(result, (bytes, bytearray, str)):
            message = f"the WSGI application returned {type(result).__name__}; return a list of bytes"
            raise TypeError(message)
        try:
            if isinstance(result, (list, tuple)):
                answer.write(b"".join(result), last=True)
                return
            # Hold one part back so that the last one is marked: frameworks wrap a single part in an iterable.
            held = b""
            for part in result:
                if held and part:
                    answer.write(held)
                held = part or held
            answer.write(held, last=True)
        finally:
            close = getattr(result, "close", None)
            if close is not None:
                close()


class _WsgiAnswer:
    """The answer that `start_response` and the result make."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._status = ""
        self._headers: list[tuple[str, str]] = []

    def start(
        self,
        status: str,
        headers: list[tuple[str, str]],
        exc_info: tuple[type[BaseException], BaseException, TracebackType] | None = None,
    ) -> Callable[[bytes], None]:
        if exc_info is not None and self._exchange.begun:
            raise exc_info[1].with_traceback(exc_info[2])
        if self._status and exc_info is None:
            message = "start_response was called twice"
            raise AssertionError(message)
        self._status, self._headers = status, list(headers)
        return self.write

    def write(self, body: Any, *, last: bool = False) -> None:  # noqa: ANN401 - user code gives it
        if not isinstance(body, bytes):
            message = f"the WSGI application's body has a {type(body).__name__}; each part must be bytes"
            raise TypeError(message)
        if self._exchange.begun:
            self._exchange.send_blocking(body, last=last)
            return
        code = self._status[:3]
        if not code.isdigit():
            message = f"the WSGI application answered the status {self._status!r}"
            raise InvalidAnswerError(message)
        headers = join_headers(self._headers)
        is_whole = last and declared_length(self._headers) in ("", str(len(body)))
        self._exchange.send_blocking(body, last=is_whole, status=int(code), headers=headers)
        if last and not is_whole:
            # The host knows what to do about a body of another length than the declared one.
            self._exchange.send_blocking(b"", last=True)


class _Input(io.RawIOBase):
    """Raw stream of a body that arrives in parts."""

    def __init__(self, exchange: Exchange) -> None:
        super().__init__()
        self._exchange = exchange
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        if not self._left:
            self._left = self._exchange.read_blocking()
        view = memoryview(buffer)
        part, self._left = self._left[: len(view)], self._left[len(view) :]
        view[: len(part)] = part
        return len(part)


def _environ(call: Call, exchange: Exchange) -> dict[str, Any]:
    host, port = call.server
    environ: dict[str, Any] = {
        "REQUEST_METHOD": call.method,
        "SCRIPT_NAME": unquote_to_bytes(call.root_path).decode("latin-1"),
        "PATH_INFO": unquote_to_bytes(call.path.encode("latin-1")).decode("latin-1"),
        "QUERY_STRING": call.query,
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": call.client,
        "CONTENT_LENGTH": str(len(call.body)) if call.is_whole else call.header("content-length"),
        "CONTENT_TYPE": call.header("content-type"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": call.scheme,
        "wsgi.input": io.BytesIO(call.body) if call.is_whole else io.BufferedReader(_Input(exchange)),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in call.headers:
        key = name.upper().replace("-", "_")
        if key in ("CONTENT_TYPE", "CONTENT_LENGTH") or "_" in name:
            continue
        key = f"HTTP_{key}"
        separator = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{separator}{value}" if key in environ else value
    return environ
