from typing import Any

from conftest import Host

MEETING = """
import asyncio
from workers import Response, WorkerEntrypoint
here = []
both = asyncio.Event()
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        here.append(1)
        if len(here) == 2:
            both.set()
        await both.wait()
        return Response(str(len(here)))
"""

STREAMS = """
from workers import Response, WorkerEntrypoint
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        async def parts():
            async for part in request.parts():
                yield part + b"."
            yield "done"
        return Response(parts())
"""

ECHO = """
async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        return
    await send({"type": "http.response.start", "status": 200})
    more = True
    while more:
        message = await receive()
        more = message["more_body"]
        await send({"type": "http.response.body", "body": message["body"], "more_body": more})
"""

WAITS = """
import asyncio, sys
async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        return
    try:
        await asyncio.Event().wait()
    finally:
        sys.stderr.write("cancelled")
"""

TASKS = """
import asyncio
from contextvars import ContextVar
from workers import Response, WorkerEntrypoint
seen = ContextVar("seen", default="unset")
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        before = asyncio.current_task()
        if request.url.endswith("/same"):
            await asyncio.sleep(0)
            return Response(str(before is asyncio.current_task() and before is not None))
        if request.url.endswith("/timeout"):
            try:
                async with asyncio.timeout(0.01):
                    await asyncio.Event().wait()
            except TimeoutError:
                return Response("late")
        if request.url.endswith("/cancel"):
            before.cancel()
            try:
                await asyncio.sleep(10)
            except asyncio.CancelledError:
                before.uncancel()
                return Response("cancelled")
        value = seen.get()
        seen.set("set")
        return Response(value)
"""


def test_calls_that_wait_overlap(make: Any, call: Any, host: Host) -> None:
    instance = make(MEETING, "Default")
    host.inbox.append("http\n100\nGET\n/\n\n\n\nhttp\nfirst\n0\ntrue\nhost\0h\0\n")

    # The first call waits for the second one, which arrives meanwhile.
    assert call(instance)[2] == b"2"
    assert host.sent[100][0][2] == b"2"


def test_code_is_in_a_task_of_its_own_from_its_first_step(make: Any, call: Any) -> None:
    instance = make(TASKS, "Default")

    assert call(instance, "/same")[2] == b"True"
    assert call(instance, "/timeout")[2] == b"late"
    assert call(instance, "/cancel")[2] == b"cancelled"
    # Each call also has its own context.
    assert [call(instance, "/context")[2] for _ in range(2)] == [b"unset", b"unset"]


def test_a_worker_streams(make: Any, call: Any, host: Host) -> None:
    assert call(make(STREAMS, "Default"), method="POST", body=[b"ab", b"c"])[2] == b"ab.c.done"
    assert [part[2] for part in host.sent[1]] == [b"ab.", b"c.", b"done", b""]


def test_asgi_reads_and_answers_in_parts(make: Any, call: Any, host: Host) -> None:
    assert call(make(ECHO, "app"), method="POST", body=[b"ab", b"c"])[2] == b"abc"
    assert [part[2] for part in host.sent[1]] == [b"ab", b"c", b""]


def test_a_waiting_call_is_cancelled_when_its_client_leaves(make: Any, host: Host) -> None:
    instance = make(WAITS, "app")
    host.inbox.extend(["http\n1\nGET\n/\n\n\n\nhttp\nid\n0\ntrue\nhost\0h\0\n", "cancel\n1"])

    instance.pump()

    assert host.ended == [1]
    assert "cancelled" in host.stderr
    assert 1 not in host.sent
