import _thread
import atexit
import grp
import json
import logging
import os
import pwd
import signal
import socket
import sys
import threading
import warnings
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from pathlib import Path
from typing import Any

import pytest

from workers import _snapshot
from workers._headers import split_headers
from workers._host import _end, _output, _signals, start
from workers._host._start import Instance

# Functions that an instance replaces in its interpreter when it starts; restored after each test.
GLOBALS: dict[Any, list[str]] = {
    _thread: ["start_new_thread", "start_new"],
    threading: ["_start_new_thread", "excepthook"],
    socket.socket: ["__init__"],
    os: ["pipe", "dup", "write"],
    warnings: ["_showwarnmsg_impl"],
    _output: ["_emit"],
    signal: ["signal", "getsignal"],
    _signals: ["_handlers"],
    atexit: ["register", "unregister"],
    _end: ["_at_exit"],
    _snapshot: ["_before", "_after"],
    ThreadPoolExecutor: ["submit"],
    pwd: ["getpwuid", "getpwnam", "getpwall"],
    grp: ["getgrgid", "getgrnam", "getgrall"],
}


class Host:
    """A fake host: an inbox for calls, and a record of the answers."""

    def __init__(self) -> None:
        self.inbox: deque[str] = deque()
        self.bodies: dict[int, list[bytes]] = {}
        self.sent: dict[int, list[tuple[int, str, bytes, bool]]] = {}
        self.ended: list[int] = []
        self.leaving: list[int] = []
        self.printed: list[tuple[str, str, str, str]] = []
        self.woken = threading.Event()

    def functions(self) -> list[Any]:
        return [
            self.poll,
            self.send,
            self.receive,
            self.wait,
            self.ended.append,
            self.looping,
            self.print,
            None,
            None,
            self.wake,
        ]

    def poll(self) -> str | None:
        if self.inbox:
            return self.inbox.popleft()
        return f"left\n{self.leaving.pop()}" if self.leaving else None

    def send(self, call: int, *part: Any) -> bool:
        self.sent.setdefault(call, []).append(part)
        return True

    def receive(self, call: int) -> str:
        parts = self.bodies.get(call, [])
        return parts.pop(0).decode("latin-1") if parts else ""

    def wait(self, _call: int) -> bool:
        return True

    def wake(self) -> None:
        self.woken.set()

    def looping(self, _running: bool) -> int:  # noqa: FBT001
        return 0

    def print(self, *line: str) -> None:
        self.printed.append(line)

    @property
    def stderr(self) -> str:
        return "".join(text for stream, _, _, text in self.printed if stream == "stderr")

    @property
    def stdout(self) -> str:
        return "".join(text for stream, _, _, text in self.printed if stream == "stdout")


@pytest.fixture
def host() -> Host:
    return Host()


@pytest.fixture
def make(host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setattr("os.environ", {})
    for name in ("path", "meta_path", "stdout", "stderr", "__stdout__", "__stderr__", "unraisablehook"):
        value = getattr(sys, name)
        monkeypatch.setattr(sys, name, list(value) if isinstance(value, list) else value)
    monkeypatch.setattr(logging.StreamHandler, "emit", logging.StreamHandler.emit)
    monkeypatch.setattr(logging.Formatter, "converter", logging.Formatter.converter)
    monkeypatch.setattr(logging, "root", logging.RootLogger(logging.WARNING))
    monkeypatch.setattr(logging.Logger, "root", logging.root)
    monkeypatch.setattr(logging.Logger, "manager", logging.Manager(logging.root))
    # Those of pytest run later.
    monkeypatch.setattr(atexit, "_run_exitfuncs", lambda: None)
    for owner, names in GLOBALS.items():
        for name in names:
            monkeypatch.setattr(owner, name, copy(getattr(owner, name)))

    def _make(
        source: str, attribute: str, convention: str = "auto", environment: dict[str, str] | None = None
    ) -> Instance:
        (tmp_path / "user_module.py").write_text(source, encoding="utf-8")
        sys.modules.pop("user_module", None)
        specification = {
            "entry": f"user_module:{attribute}",
            "convention": convention,
            "path": [str(tmp_path)],
            "environment": environment or {"GREETING": "hi"},
            "function": "tea",
            "revision": 3,
            "timeout": 30.0,
            "memory": 512,
            "temporary": str(tmp_path),
            "proxy": "",
            "certificates": "",
            "late": "",
            "threads": 128,
            "descriptors": 1024,
        }
        return start(json.dumps(specification), host.functions())

    yield _make
    sys.modules.pop("user_module", None)


@pytest.fixture
def call(host: Host) -> Any:
    def _call(  # noqa: PLR0913 - the parts of a request
        instance: Instance,
        path: str = "/",
        *,
        kind: str = "http",
        method: str = "GET",
        query: str = "",
        headers: str = "host\0tea.localhost\0",
        body: bytes | list[bytes] = b"",
        root_path: str = "/f/acme/tea",
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        number = len(host.ended) + 1
        whole = body if isinstance(body, bytes) else b""
        host.bodies[number] = [] if isinstance(body, bytes) else list(body)
        is_whole = isinstance(body, bytes)
        host.inbox.append(
            f"{kind}\n{number}\n{method}\n{path}\n{query}\n{root_path}\n127.0.0.1\nhttp\nid\n0\n{str(is_whole).lower()}"
            f"\n{headers}\n{whole.decode('latin-1')}"
        )
        instance.pump()
        parts = host.sent[number]
        status, joined = parts[0][:2]
        if not status:
            return status, [], joined.encode()
        return status, split_headers(joined), b"".join(part[2] for part in parts)

    return _call
