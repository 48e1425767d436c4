"""WebSockets of ASGI applications."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from conftest import await_condition
from websockets import ConnectionClosed, ConnectionClosedError, InvalidStatus, Subprotocol
from websockets.sync.client import connect

if TYPE_CHECKING:
    from conftest import Running

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
    if scope["path"].endswith("/deny"):
        await send({"type": "websocket.http.response.start", "status": 401, "headers": [(b"x", b"y")]})
        await send({"type": "websocket.http.response.body", "body": b"who?"})
        return
    assert scope["subprotocols"] == ["other", "chat"], scope
    cookie = [(b"set-cookie", b"a=1"), (b"x-agent", dict(scope["headers"]).get(b"user-agent", b""))]
    await send({"type": "websocket.accept", "subprotocol": "chat", "headers": cookie})
    if scope["path"].endswith("/greet"):
        await send({"type": "websocket.send", "text": "welcome"})
        await send({"type": "websocket.close", "code": 4002, "reason": "räson"})
        return
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            closed.append([message["code"], message["reason"]])
            return
        if message.get("text") == "close":
            await send({"type": "websocket.close", "code": 4001})
            return
        if message.get("text") == "raise":
            raise ValueError("in a socket")
        await send(message | {"type": "websocket.send"})
closed = []
"""


def test_websockets_exchange_messages_and_close(platform: Running) -> None:
    platform.live("sockets", SOCKETS, '[tool.hearth]\nentry = "main:app"\n')
    address = platform.url.replace("http:", "ws:") + "/f/default/sockets/"
    chat = [Subprotocol("other"), Subprotocol("chat")]

    with (
        connect(address, subprotocols=chat, user_agent_header="tea/1") as one,
        connect(address, subprotocols=chat) as other,
    ):
        assert one.subprotocol == "chat"
        assert one.response
        assert (one.response.headers["set-cookie"], one.response.headers["x-agent"]) == ("a=1", "tea/1")
        for message in ("grüße", b"\x00\xff", "x" * 300_000):
            one.send(message)
            other.send(message)
            assert one.recv(60) == other.recv(60) == message
        one.close(4000, "bye")
        await_condition(lambda: platform.call("sockets").text == "[[4000, 'bye']]", "the close to be seen")
        other.send("close")
        with pytest.raises(ConnectionClosed) as closed:
            other.recv(60)
        assert closed.value.rcvd
        assert closed.value.rcvd.code == 4001
    with connect(address, subprotocols=chat) as failing:
        failing.send("raise")
        with pytest.raises(ConnectionClosedError) as failed:
            failing.recv(60)
        assert failed.value.rcvd
        assert (failed.value.rcvd.code, failed.value.rcvd.reason) == (
            1011,
            "The function raised an exception",
        )
    with connect(address + "greet", subprotocols=chat) as greeted:
        assert greeted.recv(60) == "welcome"
        with pytest.raises(ConnectionClosed) as left:
            greeted.recv(60)
        assert left.value.rcvd
        assert (left.value.rcvd.code, left.value.rcvd.reason) == (4002, "räson")
    with pytest.raises(InvalidStatus) as refused:
        connect(address + "refuse")
    assert refused.value.response.status_code == 403
    with pytest.raises(InvalidStatus) as denied:
        connect(address + "deny")
    assert (denied.value.response.status_code, denied.value.response.body) == (401, b"who?")
    with pytest.raises(InvalidStatus) as absent:
        connect(address.replace("sockets", "absent"))
    assert absent.value.response.status_code == 404


def test_a_websocket_takes_large_messages_and_refuses_larger_ones(platform: Running) -> None:
    platform.live("large-sockets", SOCKETS, '[tool.hearth]\nentry = "main:app"\n')
    address = platform.url.replace("http:", "ws:") + "/f/default/large-sockets/"
    chat = [Subprotocol("other"), Subprotocol("chat")]

    with connect(address, subprotocols=chat, max_size=None, compression=None) as large:
        message = bytes(16 << 20)
        large.send(message)
        assert large.recv(60) == message
        with suppress(ConnectionClosed):
            large.send(message + b"x")
        with pytest.raises(ConnectionClosed) as closed:
            large.recv(60)
        assert closed.value.rcvd
        assert closed.value.rcvd.code == 1009
    await_condition(lambda: "more than 16 MiB" in platform.logs("large-sockets"), "the log")
