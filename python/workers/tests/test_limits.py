"""Limits of threads, sockets and pipes."""

from __future__ import annotations

import errno
import os
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from conftest import GLOBALS

from workers._host._limits import DescriptorLimit, ThreadLimit

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def instance(monkeypatch: pytest.MonkeyPatch) -> None:
    for owner, names in GLOBALS.items():
        for name in names:
            monkeypatch.setattr(owner, name, getattr(owner, name))


@pytest.fixture
def ends() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def start(target: threading.Event) -> threading.Thread:
    thread = threading.Thread(target=target.wait)
    thread.start()
    return thread


def test_too_many_threads_are_refused_until_some_end(
    ends: threading.Event, capsys: pytest.CaptureFixture[str]
) -> None:
    ThreadLimit(3).install()
    threads = [start(ends) for _ in range(3)]

    for _ in range(2):
        with pytest.raises(RuntimeError, match="can't start new thread"):
            start(ends)
    assert capsys.readouterr().err.count("it may have 3 threads") == 1

    ends.set()
    for thread in threads:
        thread.join()
    # The count goes down only after join returns.
    last: threading.Thread | None = None
    while last is None:
        with suppress(RuntimeError):
            last = start(ends)
    last.join()


def test_threads_that_raise_or_do_not_start_are_not_counted(ends: threading.Event) -> None:
    limit = ThreadLimit(1)
    begin = limit._counting(lambda function, arguments: function(*arguments))  # noqa: SLF001

    with pytest.raises(ZeroDivisionError):
        begin(lambda: 1 // 0, ())
    with pytest.raises(TypeError):
        begin(lambda: None, None)
    assert begin(lambda: 5, ()) is None
    assert not ends.is_set()


def test_concurrent_starts_never_exceed_the_limit(ends: threading.Event) -> None:
    original = threading.Thread
    limit = ThreadLimit(10)
    begin = limit._counting(threading._start_new_thread)  # type: ignore[attr-defined]  # noqa: SLF001
    outcomes: list[bool] = []

    def many() -> None:
        for _ in range(10):
            try:
                begin(ends.wait, ())
                outcomes.append(True)
            except RuntimeError:
                outcomes.append(False)

    starters = [original(target=many) for _ in range(8)]
    for each in starters:
        each.start()
    for each in starters:
        each.join()

    assert outcomes.count(True) == 10
    assert outcomes.count(False) == 70


def test_too_many_sockets_are_refused_until_some_are_closed(capsys: pytest.CaptureFixture[str]) -> None:
    DescriptorLimit(3).install()
    sockets = [socket.socket() for _ in range(3)]

    for _ in range(2):
        with pytest.raises(OSError, match="Too many open files") as raised:
            socket.socket()
        assert raised.value.errno == errno.EMFILE
    assert capsys.readouterr().err.count("it may have 3 sockets and pipes open") == 1

    sockets.pop().close()
    sockets.append(socket.socket())
    for each in sockets:
        each.close()


def test_pipes_count_twice_and_refused_ones_are_closed() -> None:
    DescriptorLimit(3).install()
    pipe = os.pipe()

    with pytest.raises(OSError, match="Too many open files"):
        os.pipe()

    copy = os.dup(pipe[0])
    with pytest.raises(OSError, match="Too many open files"):
        os.dup(pipe[0])
    for descriptor in (*pipe, copy):
        os.close(descriptor)
    os.close(os.dup(0))


def test_accepted_sockets_count(monkeypatch: pytest.MonkeyPatch) -> None:
    server = socket.create_server(("127.0.0.1", 0))
    client = socket.create_connection(server.getsockname())
    monkeypatch.setattr(socket.socket, "__init__", socket.socket.__init__)
    DescriptorLimit(1).install()

    accepted, _ = server.accept()
    with client, server, accepted, pytest.raises(OSError, match="Too many open files"):
        socket.socket()
