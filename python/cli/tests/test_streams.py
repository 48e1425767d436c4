"""Calls that overlap, and bodies and answers that come in parts."""

from __future__ import annotations

import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pytest
from conftest import PYPROJECT, await_condition
from websockets import ConnectionClosed, ConnectionClosedError, InvalidStatus, Subprotocol
from websockets.sync.client import connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Running

ASGI = """
import asyncio, json, os
left = []
gates = {}
async def answer(send, body, more=False, **start):
    if start:
        await send({"type": "http.response.start", **start})
    await send({"type": "http.response.body", "body": body, "more_body": more})
async def app(scope, receive, send):
    if scope["type"] == "lifespan":
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
        await gates[name].wait()
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
    elif path == "/flood":
        await send({"type": "http.response.start", "status": 200})
        while True:
            await answer(send, bytes(100_000), True)
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

WORKER = """
import asyncio
from workers import Request, Response, WorkerEntrypoint, fetch
here = []
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        if request.url.endswith("/meet"):
            here.append(asyncio.get_running_loop().create_future())
            if len(here) == 3:
                for one in here:
                    one.set_result(len(here))
            return Response(str(await here[-1]))
        if request.url.endswith("/lines"):
            return Response(f"{number}\\n" for number in range(3))
        asked = await request.json()
        got = await fetch(Request(asked["url"], method="POST", body=b"tea"))
        return Response.json({"status": got.status, "ok": got.ok, "body": await got.text()})
"""


@pytest.fixture(scope="module")
def streams(platform: Running) -> Running:
    platform.live("streams", ASGI, '[tool.hearth]\nentry = "main:app"\ntimeout = "4s"\n')
    return platform


def test_the_first_part_arrives_before_the_last_is_made(streams: Running) -> None:
    with streams.http.stream("GET", "/f/default/streams/events?first") as answer:
        assert "hearth-streaming" not in answer.headers
        parts = answer.iter_text()
        assert next(parts) == "data: one\n\n"
        # Another call of the same instance lets it go on.
        assert streams.call("streams", "/open?first").status_code == 204
        assert "".join(parts) == "data: two\n\n"


def test_a_body_is_answered_while_it_comes(streams: Running) -> None:
    host, _, port = streams.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), 30) as client:
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


def test_a_client_that_leaves_ends_the_work(streams: Running) -> None:
    for path in ("wait?silent", "events?talking"):
        with pytest.raises(httpx.ReadTimeout), httpx.Client(base_url=streams.url, timeout=1.0) as client:
            client.get(f"/f/default/streams/{path}").read()

    await_condition(lambda: "silent" in streams.call("streams").json(), "the work to end", 3.0)


def test_what_waits_too_long_is_504_and_harms_nobody(streams: Running) -> None:
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(streams.call, "streams", "/wait?late")
        assert streams.call("streams").status_code == 200
        assert waiting.result().status_code == 504
    # The interpreter is the same one.
    assert "late" in streams.call("streams").json()


def test_a_stream_that_never_ends_is_broken_off(streams: Running) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        streams.call("streams", "/flood")

    assert streams.call("streams").status_code == 200


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


def test_workers_overlap_stream_and_fetch(platform: Running, streams: Running) -> None:
    platform.live("overlap", WORKER)

    with ThreadPoolExecutor(3) as threads:
        meeting = [threads.submit(platform.call, "overlap", "/meet") for _ in range(3)]
        assert [one.result().text for one in meeting] == ["3", "3", "3"]
    assert platform.call("overlap", "/lines").text == "0\n1\n2\n"
    # Our own network is refused by the proxy.
    asked = platform.call(
        "overlap", "/", "POST", content=json.dumps({"url": f"{streams.url}/f/default/streams/echo"})
    )
    assert asked.json()["status"] in {200, 403}


def test_one_call_at_a_time_where_the_project_says_so(platform: Running) -> None:
    main = """
import asyncio
from workers import Response, WorkerEntrypoint
running = 0
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        global running
        running += 1
        most = running
        for _ in range(20):
            await asyncio.sleep(0)
            most = max(most, running)
        running -= 1
        return Response(str(most))
"""
    platform.live("single", main, "[tool.hearth]\nconcurrency = 1\n")

    with ThreadPoolExecutor(5) as threads:
        answers = list(threads.map(lambda _: platform.call("single").text, range(10)))

    assert set(answers) == {"1"}
    refused = platform.deploy(
        "single", {"pyproject.toml": PYPROJECT + "[tool.hearth]\nconcurrency = 0\n", "main.py": main}
    )
    assert "concurrency must be" in refused["reason"]["detail"]  # type: ignore[index]


def test_calls_that_wait_for_their_turn_do_not_reach_their_limit(platform: Running) -> None:
    main = """
import time
from workers import Response, WorkerEntrypoint
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        ended = time.monotonic() + 0.6
        while time.monotonic() < ended:
            pass
        return Response("done")
"""
    platform.live("busy", main, '[tool.hearth]\ntimeout = "1s"\n')
    begin = threading.Barrier(3)

    def call(_: int) -> str:
        begin.wait()
        return platform.call("busy").text

    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(call, range(3))) == ["done"] * 3


LOGS = """
import asyncio, logging, os, sys
from workers import Response, WorkerEntrypoint
here = []
both = asyncio.Event()
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        name = request.url.rpartition("/")[2]
        if name == "die":
            print("last words")
            os._exit(3)
        here.append(name)
        if len(here) == 2:
            both.set()
        logging.getLogger("tea").warning("before %s", name)
        await both.wait()
        print("after", name)
        return Response(name)
"""


def test_log_lines_have_level_and_invocation(platform: Running) -> None:
    platform.live("logs", LOGS.replace("here = []", "here = ['probe']"))
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda name: platform.call("logs", f"/{name}"), ["a", "b"]))

    def lines() -> list[dict[str, object]]:
        text = platform.api("GET", "/v1/functions/logs/logs", headers={"accept": "application/x-ndjson"}).text
        return [json.loads(line) for line in text.splitlines()]

    await_condition(lambda: {"after a", "after b"} <= {line["text"] for line in lines()}, "the log")
    by_text = {line["text"]: line for line in lines()}
    for name in "ab":
        before, after = by_text[f"before {name}"], by_text[f"after {name}"]
        assert (before["level"], before["revision"]) == ("warning", 1)
        assert before["invocation"] == after["invocation"]
        assert before["time"] <= after["time"]  # type: ignore[operator]
    assert by_text["before a"]["invocation"] != by_text["before b"]["invocation"]

    platform.call("logs", "/die")
    await_condition(lambda: "last words" in platform.logs("logs"), "what it said before it died")


FRAGILE = """
from workers import Response, WorkerEntrypoint
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        if request.url.endswith("/hang"):
            while True:
                pass
        return Response("alive")
"""


def test_a_call_that_no_code_has_seen_is_made_again(platform: Running) -> None:
    platform.live("fragile", FRAGILE, '[tool.hearth]\ntimeout = "1s"\n')

    with ThreadPoolExecutor(6) as threads:
        hanging = threads.submit(platform.call, "fragile", "/hang")
        # They wait behind it, and its interpreter is ended.
        waiting = [threads.submit(platform.call, "fragile", "/", "POST") for _ in range(5)]
        assert hanging.result().status_code == 504
        assert [one.result().text for one in waiting] == ["alive"] * 5


SOCKETS = """
async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        return
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": repr(closed).encode()})
        return
    assert (await receive())["type"] == "websocket.connect"
    if scope["path"].endswith("/refuse"):
        return
    assert "chat" in scope["subprotocols"], scope
    await send({"type": "websocket.accept", "subprotocol": "chat"})
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            closed.append(message["code"])
            return
        if message.get("text") == "close":
            await send({"type": "websocket.close", "code": 4001})
            return
        if message.get("text") == "raise":
            raise ValueError("in a socket")
        await send(message | {"type": "websocket.send"})
closed = []
"""


def test_websockets(platform: Running) -> None:
    platform.live("sockets", SOCKETS, '[tool.hearth]\nentry = "main:app"\ntimeout = "2s"\n')
    address = platform.url.replace("http:", "ws:") + "/f/default/sockets/"
    chat = [Subprotocol("chat")]

    with connect(address, subprotocols=chat) as one, connect(address, subprotocols=chat) as other:
        assert one.subprotocol == "chat"
        for message in ("grüße", b"\x00\xff", "x" * 300_000):
            one.send(message)
            other.send(message)
            assert one.recv(10) == other.recv(10) == message
        one.close(4000)
        await_condition(lambda: platform.call("sockets").text == "[4000]", "the function to know")
        other.send("close")
        with pytest.raises(ConnectionClosed) as closed:
            other.recv(10)
        assert closed.value.rcvd
        assert closed.value.rcvd.code == 4001
    with connect(address, subprotocols=chat) as failing:
        failing.send("raise")
        with pytest.raises(ConnectionClosedError):
            failing.recv(10)
    with connect(address, subprotocols=chat) as quiet, pytest.raises(ConnectionClosedError):
        # Nothing is said for longer than the limit.
        quiet.recv(20)
    with pytest.raises(InvalidStatus) as refused:
        connect(address + "refuse")
    assert refused.value.response.status_code == 403
    with pytest.raises(InvalidStatus) as absent:
        connect(address.replace("sockets", "absent"))
    assert absent.value.response.status_code == 404
