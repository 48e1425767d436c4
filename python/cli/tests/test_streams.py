"""Streamed bodies and answers."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pytest
from conftest import await_condition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Running

ASGI = """
import asyncio, json, os
left = []
gates = {}
ticks = []
async def tick():
    while True:
        ticks.append(1)
        await asyncio.sleep(0.01)
async def answer(send, body, more=False, **start):
    if start:
        await send({"type": "http.response.start", **start})
    await send({"type": "http.response.body", "body": body, "more_body": more})
async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        asyncio.create_task(tick())
        while True:
            kind = (await receive())["type"]
            await send({"type": kind + ".complete"})
            if kind == "lifespan.shutdown":
                return
    path = scope["path"].removeprefix(scope["root_path"])
    name = scope["query_string"].decode()
    if path == "/events":
        gates[name] = asyncio.Event()
        kind = [(b"content-type", b"text/event-stream")]
        await answer(send, b"data: one\\n\\n", True, status=200, headers=kind)
        try:
            await gates[name].wait()
        finally:
            left.append(name)
        await answer(send, b"data: two\\n\\n")
    elif path == "/open":
        gates[name].set()
        await answer(send, b"", status=204)
    elif path == "/echo":
        await send({"type": "http.response.start", "status": 200})
        more = True
        while more:
            message = await receive()
            more = message["more_body"]
            await answer(send, message["body"], more)
    elif path == "/wait":
        try:
            await asyncio.Event().wait()
        finally:
            left.append(name)
    elif path == "/work":
        while (await receive())["type"] != "http.disconnect":
            pass
        await answer(send, b"late", status=200)
        left.append(name)
    elif path == "/flood":
        await send({"type": "http.response.start", "status": 200})
        while True:
            await answer(send, bytes(100_000), True)
    elif path == "/ticks":
        await answer(send, str(len(ticks)).encode(), status=200)
    elif path == "/raise":
        await answer(send, b"part", True, status=200)
        raise ValueError("midway")
    else:
        await answer(send, json.dumps(left).encode(), status=200)
"""

WSGI = """
import os
def app(environ, start_response):
    if environ["PATH_INFO"] == "/upload":
        read = 0
        while part := environ["wsgi.input"].read(65536):
            read += len(part)
        start_response("200 OK", [])
        return [str(read).encode()]
    if environ["PATH_INFO"] == "/download":
        start_response("200 OK", [("content-length", str(20 * 1_000_000))])
        return (bytes(1_000_000) for _ in range(20))
    start_response("200 OK", [])
    return closing()
class closing:
    closed = 0
    def __iter__(self):
        yield b"one "
        yield str(closing.closed).encode()
    def close(self):
        closing.closed += 1
"""


@pytest.fixture(scope="module")
def streams(platform: Running) -> Running:
    platform.live("streams", ASGI, '[tool.hearth]\nentry = "main:app"\n')
    return platform


@pytest.fixture(scope="module")
def limited(platform: Running) -> Running:
    """Deploy the application with a short time limit, for the tests in which it expires."""
    platform.live("limited", ASGI, '[tool.hearth]\nentry = "main:app"\ntimeout = "4s"\n')
    return platform


def test_the_first_part_arrives_before_the_last_is_made(streams: Running) -> None:
    with streams.http.stream("GET", "/f/default/streams/events?first") as answer:
        assert "hearth-streaming" not in answer.headers
        parts = answer.iter_text()
        assert next(parts) == "data: one\n\n"
        # Another call of the same instance opens the gate.
        assert streams.call("streams", "/open?first").status_code == 204
        assert "".join(parts) == "data: two\n\n"


def test_tasks_of_the_lifespan_run_between_calls(streams: Running) -> None:
    before = int(streams.call("streams", "/ticks").text)
    await_condition(lambda: int(streams.call("streams", "/ticks").text) > before + 20, "the task to run")


def test_a_body_is_answered_while_it_arrives(streams: Running) -> None:
    host, _, port = streams.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), 90) as client:
        client.sendall(
            b"POST /f/default/streams/echo HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
        )
        client.sendall(b"4\r\nover\r\n")
        received = b""
        while b"over" not in received:
            received += client.recv(4096)
        client.sendall(b"4\r\nlast\r\n0\r\n\r\n")
        while b"last" not in received:
            received += client.recv(4096)


def test_a_stream_ends_and_other_calls_finish_when_their_client_leaves(streams: Running) -> None:
    for path in ("work?finished", "events?ended"):
        leave(streams, "streams", path)

    # The function's own limit of 30 s would end the stream later.
    await_condition(lambda: {"finished", "ended"} <= set(streams.call("streams").json()), "both", 20.0)


def test_a_call_can_end_when_its_client_leaves(platform: Running) -> None:
    platform.live("cancelled", ASGI, '[tool.hearth]\nentry = "main:app"\non-disconnect = "cancel"\n')

    leave(platform, "cancelled", "wait?silent")

    await_condition(lambda: "silent" in platform.call("cancelled").json(), "the call to end", 20.0)


def leave(platform: Running, name: str, path: str) -> None:
    """Call a function and leave before its answer is complete."""
    with pytest.raises(httpx.ReadTimeout), httpx.Client(base_url=platform.url, timeout=3.0) as client:
        client.get(f"/f/default/{name}/{path}").read()


def test_a_call_at_its_time_limit_is_504_and_ends_no_other_call(limited: Running) -> None:
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(limited.call, "limited", "/wait?late")
        assert limited.call("limited").status_code == 200
        assert waiting.result().status_code == 504
    # The same interpreter still serves.
    assert "late" in limited.call("limited").json()


def test_a_stream_at_its_time_limit_is_broken_off(limited: Running) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        limited.call("limited", "/flood")

    assert limited.call("limited").status_code == 200


def test_a_stream_that_raises_is_broken_off(streams: Running) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        streams.call("streams", "/raise")

    await_condition(lambda: "ValueError: midway" in streams.logs("streams"), "the log")


def test_wsgi_streams_both_ways(platform: Running) -> None:
    platform.live("wsgi-streams", WSGI, '[tool.hearth]\nentry = "main:app"\n')

    def parts() -> Iterator[bytes]:
        for _ in range(30):
            yield bytes(100_000)

    assert platform.call("wsgi-streams", "/upload", "POST", content=parts()).text == "3000000"
    assert platform.call("wsgi-streams", "/upload", "POST", content=bytes(5_000_000)).text == "5000000"
    downloaded = platform.call("wsgi-streams", "/download")
    assert downloaded.headers["content-length"] == str(len(downloaded.content)) == "20000000"
    first, second = (int(platform.call("wsgi-streams").text.removeprefix("one ")) for _ in range(2))
    assert second == first + 1
