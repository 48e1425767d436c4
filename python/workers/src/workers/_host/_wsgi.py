"""WSGI applications (PEP 3333)."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from workers._host._call import Answer, InvalidAnswerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from workers._host._call import Call

    App = Callable[..., Iterable[bytes]]


class WsgiAdapter:
    """Calls a WSGI application."""

    def __init__(self, app: App) -> None:
        """Keep the application."""
        self._app = app

    def __call__(self, call: Call) -> Answer:
        """Answer one request."""
        status = ""
        headers: list[tuple[str, str]] = []
        written: list[bytes] = []

        def start_response(
            new_status: str,
            new_headers: list[tuple[str, str]],
            exc_info: object = None,
        ) -> Callable[[bytes], None]:
            nonlocal status, headers
            if status and exc_info is None:
                message = "start_response was called twice"
                raise AssertionError(message)
            status, headers = new_status, list(new_headers)
            return written.append

        result = self._app(_environ(call), start_response)
        try:
            written.extend(result)
        finally:
            close = getattr(result, "close", None)
            if close is not None:
                close()
        code = status[:3]
        if not code.isdigit():
            message = f"the WSGI application answered the status {status!r}"
            raise InvalidAnswerError(message)
        return Answer(int(code), headers, b"".join(written))


def _environ(call: Call) -> dict[str, Any]:
    host, _, port = call.host.partition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": call.method,
        "SCRIPT_NAME": unquote_to_bytes(call.root_path).decode("latin-1"),
        "PATH_INFO": unquote_to_bytes(call.path).decode("latin-1"),
        "QUERY_STRING": call.query,
        "SERVER_NAME": host,
        "SERVER_PORT": port or ("443" if call.scheme == "https" else "80"),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": call.client,
        "CONTENT_LENGTH": str(len(call.body)),
        "CONTENT_TYPE": call.header("content-type"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": call.scheme,
        "wsgi.input": io.BytesIO(call.body),
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
