"""Private package indexes, and indexes and wheels that are not what they should be."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import subprocess
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT, Running, archive
from projects import answer, from_index, report, worker
from test_platform import hearth

if TYPE_CHECKING:
    from collections.abc import Iterator


def wheel(name: str, version: str, code: str) -> bytes:
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": code,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    listed = [f"{path},sha256={_hash(text.encode())},{len(text)}" for path, text in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*listed, f"{info}/RECORD,,"]) + "\n"
    return archive(files)


def _hash(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


class Index(BaseHTTPRequestHandler):
    """A package index that wants a login."""

    wheels: dict[str, bytes]

    def do_GET(self) -> None:
        """Answer."""
        expected = "Basic " + base64.b64encode(b"me:s3cret-word").decode()
        name = self.path.rstrip("/").rpartition("/")[2]
        if self.headers.get("authorization") != expected:
            self._send(401, b"", {"www-authenticate": "Basic"})
        elif name in self.wheels:
            self._send(200, self.wheels[name], {"content-type": "application/octet-stream"})
        else:
            found = [file for file in self.wheels if file.startswith(f"{name.replace('-', '_')}-")]
            links = "".join(
                f'<a href="/files/{file}#sha256={hashlib.sha256(self.wheels[file]).hexdigest()}">{file}</a>'
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
        """Say nothing."""


@pytest.fixture
def private_index() -> Iterator[str]:
    class Own(Index):
        wheels = {"secretlib-1.0-py3-none-any.whl": wheel("secretlib", "1.0", "WHO = 'private'\n")}  # noqa: RUF012

    server = ThreadingHTTPServer(("127.0.0.1", 0), Own)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/simple"
    server.shutdown()


def test_a_private_index(platform: Running, private_index: str) -> None:
    files = {
        "pyproject.toml": from_index("secretlib", private_index),
        "main.py": worker("import secretlib", "secretlib.WHO"),
    }
    refused = platform.deploy("private", files)
    assert refused["state"] == "failed"
    assert "hearth index login" in refused["reason"]["detail"]  # type: ignore[index]

    login = subprocess.run(  # noqa: S603
        [str(ROOT / "hearth"), "index", "login", "127.0.0.1", "--username", "me"],
        env=os.environ | {"HEARTH_DATA": str(platform.data)},
        input="s3cret-word\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert login.returncode == 0, login.stderr
    assert answer(platform, "private", files) == "private"

    listed = platform.api("GET", "/v1/indexes")
    assert listed.json() == {"indexes": [{"host": "127.0.0.1", "username": "me"}]}
    everywhere = [
        listed.text,
        platform.api("GET", "/v1/functions/private").text,
        str(report(platform, "private", 2)),
    ]
    everywhere += [
        platform.api("GET", f"/v1/functions/private/revisions/{number}/build-log").text for number in (1, 2)
    ]
    everywhere.append((platform.data / "hearth.log").read_text())
    assert not [text for text in everywhere if "s3cret-word" in text]
    left = [
        file
        for file in (platform.data / "node").rglob("*")
        if file.is_file() and b"s3cret-word" in file.read_bytes()
    ]
    assert not left
    assert hearth(platform, "index", "logout", "127.0.0.1").returncode == 0
    assert platform.api("DELETE", "/v1/indexes/127.0.0.1").status_code == 404


def test_a_wheel_that_lies(platform: Running) -> None:
    good = wheel("liar", "1.0", "x = 1\n")
    with zipfile.ZipFile(io.BytesIO(good)) as packed:
        files = {name: packed.read(name).decode() for name in packed.namelist()}
    files["liar.py"] = "x = 2\n"

    class Own(Index):
        wheels = {"liar-1.0-py3-none-any.whl": archive(files)}  # noqa: RUF012

    server = ThreadingHTTPServer(("127.0.0.1", 0), Own)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/simple"
    platform.api("PUT", "/v1/indexes/127.0.0.1", json={"username": "me", "password": "s3cret-word"})
    try:
        revision = platform.deploy(
            "liar", {"pyproject.toml": from_index("liar", url), "main.py": worker("import liar", "1")}
        )
    finally:
        server.shutdown()
        platform.api("DELETE", "/v1/indexes/127.0.0.1")

    assert revision["state"] == "failed"
    assert "liar.py" in revision["reason"]["detail"]  # type: ignore[index]
    assert "RECORD" in revision["reason"]["detail"]  # type: ignore[index]


class Slow(BaseHTTPRequestHandler):
    """An index that never comes to the end of its answer."""

    def do_GET(self) -> None:
        """Answer a byte at a time."""
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        try:
            while not self.server.ended.wait(0.2):  # type: ignore[attr-defined]
                self.wfile.write(b" ")
        except OSError:
            return

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_an_index_that_answers_slowly(platform: Running) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    server.ended = threading.Event()  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/simple"
    try:
        revision = platform.deploy(
            "slow", {"pyproject.toml": from_index("tea", url), "main.py": worker("", "1")}
        )
    finally:
        server.ended.set()  # type: ignore[attr-defined]
        server.shutdown()

    assert revision["state"] == "failed"
    assert "slowly" in revision["reason"]["detail"]  # type: ignore[index]
