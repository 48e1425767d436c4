"""Between the calls of an instance, and at its end."""

import logging
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import Host

from workers._host._loop import InstanceLoop

LIFESPAN = """
import asyncio, atexit, signal
from contextlib import asynccontextmanager

def stop(number, frame):
    print("signal", number)

signal.signal(signal.SIGTERM, stop)
atexit.register(print, "bye")

async def work():
    try:
        await asyncio.Event().wait()
    finally:
        print("task")

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        task = asyncio.create_task(work())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        print("closed")
        await send({"type": "lifespan.shutdown.complete"})
        return
    if scope["path"].endswith("/wait"):
        try:
            await asyncio.Event().wait()
        finally:
            print("stream")
    await send({"type": "http.response.start", "status": 200})
    await send({"type": "http.response.body", "body": b"ok"})
"""

HANDLER = """
import asyncio, signal
from workers import WorkerEntrypoint
async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        loop = asyncio.get_running_loop()
        try:
            loop.add_signal_handler(signal.SIGTERM, lambda: loop.create_task(stop()))
        except (NotImplementedError, RuntimeError, ValueError):
            print("refused")
        await send({"type": "lifespan.startup.complete"})
        await receive()
        print("closed")
async def stop():
    await asyncio.sleep(0)
    print("stopped")
"""

RAISES = """
import atexit, signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
def bad():
    raise ValueError("at exit")
atexit.register(print, "first registered")
atexit.register(print, "not registered")
atexit.unregister(print)
atexit.register(print, "registered")
atexit.register(bad)
async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        raise KeyError("shutdown")
"""

TICKS = """
import asyncio
T = []
async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        loop = asyncio.get_running_loop()
        loop.call_later(0.01, T.append, "later")
        loop.call_later(30, T.append, "cancelled").cancel()
        asyncio.create_task(tick())
        await send({"type": "lifespan.startup.complete"})
        await receive()
async def tick():
    for _ in range(3):
        await asyncio.sleep(0.001)
        T.append("tick")
def handler(event, context):
    return T
"""

THREAD = """
import asyncio, threading
from workers import Response, WorkerEntrypoint
T = []
loop = None
def later():
    loop.call_soon_threadsafe(T.append, 1)
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        global loop
        if loop is None:
            loop = asyncio.get_running_loop()
            self.go = threading.Thread(target=later)
            threading.Timer(0.05, later).start()
        return Response(str(T))
"""

HOOKS = """
from snapshot_restore_py import register_after_restore, register_before_snapshot
import snapshot_restore_py
T = []
@register_before_snapshot
def before():
    T.append("before")
register_after_restore(T.append, "after")
def handler(event, context):
    return T
"""


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    before = signal.getsignal(signal.SIGTERM)
    yield
    assert signal.getsignal(signal.SIGTERM) == before


def printed(host: Host) -> list[str]:
    return "".join(text for stream, _, _, text in host.printed if stream == "stdout").split("\n")[:-1]


def test_an_instance_ends_as_a_process_does(make: Any, host: Host) -> None:
    instance = make(LIFESPAN, "app")

    instance.end()

    assert printed(host) == [f"signal {int(signal.SIGTERM)}", "closed", "task", "bye"]
    assert not host.stderr


def test_calls_end_first(make: Any, host: Host) -> None:
    instance = make(LIFESPAN, "app")
    host.inbox.extend(["http\n1\nGET\n/wait\n\n\n\nhttp\nid\n0\ntrue\nhost\0h\0\n", "pause\n0"])
    instance.pump()

    instance.end()

    assert printed(host)[:3] == ["stream", f"signal {int(signal.SIGTERM)}", "closed"]
    assert host.ended == [1]
    assert 1 not in host.sent


def test_a_loops_signal_handler_is_called_and_its_tasks_finish(make: Any, host: Host) -> None:
    make(HANDLER, "app").end()

    assert printed(host) == ["stopped", "closed"]


def test_what_raises_at_the_end_is_logged_and_the_rest_runs(make: Any, host: Host) -> None:
    make(RAISES, "app").end()

    assert printed(host) == ["registered"]
    assert "KeyError: 'shutdown'" in host.stderr
    assert "ValueError: at exit" in host.stderr


def test_tasks_and_timers_run_while_nobody_calls(make: Any, host: Host) -> None:
    instance = make(TICKS, "app")

    instance.pump()

    module = __import__("sys").modules["user_module"]
    assert sorted(module.T) == ["later", "tick", "tick", "tick"]
    assert not host.sent


def test_callbacks_of_other_threads_run_while_nobody_calls(make: Any, call: Any, host: Host) -> None:
    instance = make(THREAD, "Default")
    assert call(instance)[2] == b"[]"
    assert host.woken.wait(5)

    instance.pump()

    assert call(instance)[2] == b"[1]"


def test_the_hooks_of_snapstart_run(make: Any, call: Any) -> None:
    instance = make(HOOKS, "handler")

    instance.suspend()
    instance.resume()

    assert call(instance, kind="event", body=b"{}")[2] == b'["before", "after"]'


def test_signal_keeps_handlers_as_pythons_does(make: Any) -> None:
    make(HOOKS, "handler")
    before = signal.getsignal(signal.SIGTERM)

    assert signal.signal(signal.SIGTERM, signal.SIG_IGN) == before
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_IGN
    with pytest.raises(ValueError, match="out of range"):
        signal.signal(0, signal.SIG_IGN)
    with pytest.raises(TypeError, match="must be signal"):
        signal.signal(signal.SIGTERM, None)
    with pytest.raises(OSError, match="Invalid argument"):
        signal.signal(signal.SIGKILL, signal.SIG_IGN)


def test_the_loop_of_an_instance_logs_nothing_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    logger, records = logging.getLogger("asyncio"), list[logging.LogRecord]()
    monkeypatch.setattr(logger, "isEnabledFor", lambda _: not logger.disabled)
    monkeypatch.setattr(logger, "handle", records.append)

    InstanceLoop().close()
    logger.debug("of the code")

    assert [record.msg for record in records] == ["of the code"]
