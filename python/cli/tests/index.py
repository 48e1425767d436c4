"""Package indexes and HTTP servers for tests, on the loopback interface."""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from conftest import archive

if TYPE_CHECKING:
    from collections.abc import Iterator


def _hash(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def wheel(
    name: str, version: str, code: str, scripts: dict[str, str] | None = None, requires: str = ""
) -> bytes:
    """Return a pure wheel with one module of the same name."""
    return package(name, version, {f"{name}.py": code}, scripts, requires)


def package(
    name: str,
    version: str,
    content: dict[str, str],
    scripts: dict[str, str] | None = None,
    requires: str = "",
) -> bytes:
    """Return a pure wheel with the given files."""
    info = f"{name}-{version}.dist-info"
    asked = f"Requires-Dist: {requires}\n" if requires else ""
    files = {
        **content,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{asked}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        **{f"{name}-{version}.data/scripts/{script}": text for script, text in (scripts or {}).items()},
    }
    listed = [f"{path},sha256={_hash(text.encode())},{len(text)}" for path, text in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*listed, f"{info}/RECORD,,"]) + "\n"
    return archive(files)


def sdist(stem: str, files: dict[str, str]) -> bytes:
    """Return a source distribution whose files are in the folder `stem`."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for path, text in files.items():
            info = tarfile.TarInfo(f"{stem}/{path}")
            info.size = len(text.encode())
            tar.addfile(info, io.BytesIO(text.encode()))
    return packed.getvalue()


@contextmanager
def serving(files: dict[str, bytes], login: str | None = None) -> Iterator[str]:
    """Serve wheels and source distributions by file name; yield the address. `login` is USER:PASSWORD."""

    class Index(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer a file, or the links of a project."""
            expected = login and "Basic " + base64.b64encode(login.encode()).decode()
            name = self.path.rstrip("/").rpartition("/")[2]
            if expected and self.headers.get("authorization") != expected:
                self._send(401, b"", {"www-authenticate": "Basic"})
            elif name in files:
                self._send(200, files[name], {"content-type": "application/octet-stream"})
            else:
                found = [file for file in files if file.startswith(f"{name.replace('-', '_')}-")]
                links = "".join(
                    f'<a href="/files/{file}#sha256={hashlib.sha256(files[file]).hexdigest()}">{file}</a>'
                    for file in found
                )
                self._send(200 if found else 404, links.encode(), {"content-type": "text/html"})

        do_HEAD = do_GET  # noqa: N815 - the base class names it

        def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for key, value in headers.items():
                self.send_header(key, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    with answering(Index) as url:
        yield f"{url}/simple"


@contextmanager
def answering(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Serve requests with a handler; yield the server's address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.ended = threading.Event()  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.ended.set()  # type: ignore[attr-defined]
        server.shutdown()
