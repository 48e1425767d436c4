"""ASGI and WSGI as the usual servers have them: lengths, targets, WebSockets, clients that leave."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Host

LENGTHS = """
async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    length = scope["query_string"]
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", length)]})
    await send({"type": "http.response.body", "body": b"abc"})

def wsgi(environ, start_response):
    start_response("200 OK", [("Content-Length", environ["QUERY_STRING"])])
    return [b"abc"]

def as_bytes(environ, start_response):
    start_response("200 OK", [])
    return b"abc"

def as_text(environ, start_response):
    start_response("200 OK", [])
    yield "abc"
"""

ECHO = """
import json
async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    raw = [scope[name].decode("latin-1") for name in ("raw_path", "query_string")]
    seen = [scope["path"], *raw, *scope["server"]]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": json.dumps(seen).encode()})

def wsgi(environ, start_response):
    start_response("200 OK", [])
    return [json.dumps([environ["PATH_INFO"], environ["QUERY_STRING"]]).encode()]
"""

SOCKET = """
import json
async def app(scope, receive, send):
    if scope["type"] != "websocket":
        return
    seen = [await receive()]
    if scope["path"].endswith("/deny"):
        head = {"type": "websocket.http.response.start", "status": 401, "headers": [(b"x", b"y")]}
        await send(head)
        await send({"type": "websocket.http.response.body", "body": b"who?"})
        return
    if scope["path"].endswith("/stranger"):
        await send({"type": "websocket.accept", "subprotocol": "three"})
    await send({"type": "websocket.accept", "subprotocol": "two", "headers": [(b"set-cookie", b"a=1")]})
    seen += [scope["subprotocols"], list(scope["extensions"]), await receive(), await receive()]
    await send({"type": "websocket.send", "text": json.dumps(seen)})
    if scope["path"].endswith("/raise"):
        raise ValueError("on purpose")
    code = 1005 if scope["path"].endswith("/code") else 4001
    await send({"type": "websocket.close", "code": code, "reason": "räson"})
    print(await receive())
"""

LEAVING = """
import asyncio
async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await receive()
    print((await receive())["type"])
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"done"})
    print("finished")
"""

HANDSHAKE = "host\0h\0sec-websocket-protocol\0one, two\0Sec-WebSocket-Protocol\0three\0"


@pytest.mark.parametrize("attribute", ["app", "wsgi"])
def test_the_host_learns_of_a_body_with_another_length(
    make: Any, call: Any, host: Host, attribute: str
) -> None:
    instance = make(LENGTHS, attribute, "asgi" if attribute == "app" else "wsgi")

    for number, length in enumerate(("3", "2", "10"), 1):
        call(instance, query=length)
        lasts = [part[3] for part in host.sent[number]]
        assert lasts == ([True] if length == "3" else [False, True])


@pytest.mark.parametrize(
    ("attribute", "message"), [("as_bytes", "return a list of bytes"), ("as_text", "must be bytes")]
)
def test_a_wsgi_body_that_is_not_a_list_of_bytes_is_named(
    make: Any, call: Any, host: Host, attribute: str, message: str
) -> None:
    assert call(make(LENGTHS, attribute, "wsgi"))[2] == b"function_raised"
    assert message in host.stderr


def test_asgi_gets_a_raw_target_as_the_client_sent_it(make: Any, call: Any) -> None:
    raw = "/caf\u00e9".encode().decode("latin-1")

    answer = call(make(ECHO, "app"), raw, query="q=100%&\u00c3\u00a9", headers="host\0[::1]:81\0")[2]

    assert json.loads(answer) == [
        "/f/acme/tea/caf\u00e9",
        "/f/acme/tea" + raw,
        "q=100%&\u00c3\u00a9",
        "[::1]",
        81,
    ]


def test_wsgi_gets_a_raw_target_as_the_client_sent_it(make: Any, call: Any) -> None:
    raw = "/caf\u00e9%20".encode().decode("latin-1")

    answer = call(make(ECHO, "wsgi", "wsgi"), raw, query="q=100%")[2]

    assert json.loads(answer) == [raw.replace("%20", " "), "q=100%"]


WORKER = """
from workers import Response, WorkerEntrypoint
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response(request.url)

def handler(event, context):
    return [event["rawPath"], event["rawQueryString"], event["queryStringParameters"]]
"""


def test_workers_and_handlers_get_a_raw_target_as_urls_have_it(make: Any, call: Any) -> None:
    path, query = (text.encode().decode("latin-1") for text in ("/\u00e9%", "q=\u00e9"))

    url = call(make(WORKER, "Default"), path, query=query)[2]
    event = call(make(WORKER, "handler", "lambda"), path, query=query)[2]

    assert url.endswith(b"/%C3%A9%?q=%C3%A9")
    assert json.loads(event) == ["/\u00e9%", "q=%C3%A9", {"q": "\u00e9"}]


def test_a_websocket_has_all_that_the_handshake_offers(make: Any, call: Any, host: Host) -> None:
    host.bodies[1] = []
    status, headers, _ = call(
        make(SOCKET, "app"), kind="socket", headers=HANDSHAKE, body=[b"tone", b"c4000 bye bye"]
    )

    assert (status, headers) == (101, [("set-cookie", "a=1")])
    assert host.sent[1][0][2] == b"two"
    seen = json.loads(host.sent[1][1][2])
    assert seen[1:] == [
        ["one", "two", "three"],
        ["websocket.http.response"],
        {"type": "websocket.receive", "text": "one"},
        {"type": "websocket.disconnect", "code": 4000, "reason": "bye bye"},
    ]
    assert host.sent[1][2][::2] == (4001, "räson".encode())
    assert "'code': 4001, 'reason': 'räson'" in host.stdout


@pytest.mark.parametrize(("path", "message"), [("/code", "code 1005"), ("/raise", "on purpose")])
def test_code_that_raises_in_a_websocket_ends_it_with_the_true_reason(
    make: Any, call: Any, host: Host, path: str, message: str
) -> None:
    call(make(SOCKET, "app"), path, kind="socket", headers=HANDSHAKE, body=[b"tone", b"tother"])

    assert host.sent[1][-1][:2] == (0, "function_raised")
    assert message in host.stderr


def test_a_subprotocol_that_was_not_offered_is_refused(make: Any, call: Any, host: Host) -> None:
    answer = call(make(SOCKET, "app"), "/stranger", kind="socket", headers="host\0h\0", body=[])

    assert answer[2] == b"function_raised"
    assert "did not offer the subprotocol 'three'" in host.stderr


def test_a_websocket_can_be_denied_with_an_answer(make: Any, call: Any) -> None:
    assert call(make(SOCKET, "app"), "/deny", kind="socket", headers=HANDSHAKE, body=[]) == (
        401,
        [("x", "y")],
        b"who?",
    )


def test_code_whose_client_left_finishes(make: Any, call: Any, host: Host) -> None:
    instance = make(LEAVING, "app")
    host.leaving.append(1)

    assert call(instance, method="POST")[2] == b"done"

    assert host.stdout.split() == ["http.disconnect", "finished"]
