"""WebSockets of ASGI applications."""

from __future__ import annotations

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
    assert "chat" in scope["subprotocols"], scope
    await send({"type": "websocket.accept", "subprotocol": "chat"})
    if scope["path"].endswith("/greet"):
        await send({"type": "websocket.send", "text": "welcome"})
        await send({"type": "websocket.close", "code": 4002})
        return
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


def test_websockets_exchange_messages_and_close(platform: Running) -> None:
    platform.live("sockets", SOCKETS, '[tool.hearth]\nentry = "main:app"\n')
    address = platform.url.replace("http:", "ws:") + "/f/default/sockets/"
    chat = [Subprotocol("chat")]

    with connect(address, subprotocols=chat) as one, connect(address, subprotocols=chat) as other:
        assert one.subprotocol == "chat"
        for message in ("grüße", b"\x00\xff", "x" * 300_000):
            one.send(message)
            other.send(message)
            assert one.recv(60) == other.recv(60) == message
        one.close(4000)
        await_condition(lambda: platform.call("sockets").text == "[4000]", "the function to see the close")
        other.send("close")
        with pytest.raises(ConnectionClosed) as closed:
            other.recv(60)
        assert closed.value.rcvd
        assert closed.value.rcvd.code == 4001
    with connect(address, subprotocols=chat) as failing:
        failing.send("raise")
        with pytest.raises(ConnectionClosedError):
            failing.recv(60)
    with connect(address + "greet", subprotocols=chat) as greeted:
        assert greeted.recv(60) == "welcome"
        with pytest.raises(ConnectionClosed) as left:
            greeted.recv(60)
        assert left.value.rcvd
        assert left.value.rcvd.code == 4002
    with pytest.raises(InvalidStatus) as refused:
        connect(address + "refuse")
    assert refused.value.response.status_code == 403
    with pytest.raises(InvalidStatus) as absent:
        connect(address.replace("sockets", "absent"))
    assert absent.value.response.status_code == 404


def test_a_silent_websocket_is_closed_at_the_time_limit(platform: Running) -> None:
    platform.live("silent-sockets", SOCKETS, '[tool.hearth]\nentry = "main:app"\ntimeout = "2s"\n')
    address = platform.url.replace("http:", "ws:") + "/f/default/silent-sockets/"

    with (
        connect(address, subprotocols=[Subprotocol("chat")]) as silent,
        pytest.raises(ConnectionClosedError),
    ):
        silent.recv(60)
