"""The dialect of Cloudflare's Python Workers, by calls of an instance."""

from __future__ import annotations

from typing import Any

import pytest

APP = """
import asyncio
from contextlib import asynccontextmanager

started = []

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        started.append(scope["state"].setdefault("number", len(started) + 1))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        return
    body = b""
    while (message := await receive())["type"] == "http.request":
        body += message["body"]
        if not message["more_body"]:
            break
    text = "|".join([
        scope["method"], scope["path"], scope["query_string"].decode(), scope["root_path"], body.decode(),
        scope["env"].GREETING, str(scope["state"]["number"]), dict(scope["headers"])[b"host"].decode(),
        scope["client"][0],
    ])
    await send({"type": "http.response.start", "status": 201, "headers": [(b"x-a", b"1"), (b"x-a", b"2")]})
    if scope["path"].endswith("/stream"):
        await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
        await asyncio.sleep(0)
        await send({"type": "http.response.body", "body": b"|end"})
    else:
        await send({"type": "http.response.body", "body": text.encode()})
    await asyncio.sleep(0)
    print("after the answer")
"""
WSGI = """
def app(environ, start_response):
    start_response("201 Made", [("x-a", "1"), ("x-a", "2")])
    yield environ["REQUEST_METHOD"].encode() + b"|" + environ["SCRIPT_NAME"].encode()
    yield environ["PATH_INFO"].encode() + b"|" + environ["wsgi.input"].read() + b"|"
    yield environ["workers.env"].GREETING.encode()
"""


@pytest.mark.parametrize("path", ["/pour", "/stream"])
@pytest.mark.parametrize(
    "worker",
    [
        "from workers import asgi\nDefault = asgi.entrypoint(app)",
        "import asgi\nDefault = asgi.entrypoint(app)",
        """
from workers import WorkerEntrypoint, asgi
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await asgi.fetch(app, request, self.env, self.ctx)
""",
        """
from workers import WorkerEntrypoint
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        import asgi
        return await asgi.fetch(app, request.js_object, self.env)
""",
    ],
)
@pytest.mark.parametrize("body", [b"milk", [b"mi", b"lk"]])
def test_an_asgi_application_is_a_worker(  # noqa: PLR0913, PLR0917 - fixtures and parameters
    make: Any, call: Any, host: Any, worker: str, path: str, body: bytes | list[bytes]
) -> None:
    instance = make(APP + worker, "Default")

    for _ in range(2):
        status, headers, answer = call(instance, path, method="POST", query="a=1", body=body)

        end = "|end" if path == "/stream" else ""
        expected = f"POST|/f/acme/tea{path}|a=1|/f/acme/tea|milk|hi|1|tea.localhost|127.0.0.1{end}"
        assert (status, answer.decode()) == (201, expected)
        assert [value for name, value in headers if name == "x-a"] == ["1", "2"]
    printed = "".join(text for stream, _, _, text in host.printed if stream == "stdout")
    assert printed.count("after the answer") == 2


def test_a_worker_changes_the_answer_of_its_application(make: Any, call: Any) -> None:
    source = APP + (
        "from workers import WorkerEntrypoint, Request, Response, asgi\n"
        "class Default(WorkerEntrypoint):\n"
        "    async def fetch(self, request):\n"
        "        inner = Request('https://other.example:8443/x?y=1', method='PUT', body='b')\n"
        "        answer = await asgi.fetch(app, inner, self.env)\n"
        "        answer.headers.set('x-a', '3')\n"
        "        return Response((await answer.text()).upper(), headers=answer.headers)\n"
    )

    status, headers, answer = call(make(source, "Default"))

    assert (status, answer.decode()) == (200, "PUT|/X|Y=1||B|HI|1|OTHER.EXAMPLE:8443|")
    assert [value for name, value in headers if name == "x-a"] == ["3"]


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_application_that_raises_fails_the_call(make: Any, call: Any, host: Any, when: str) -> None:
    source = f"""
from workers import WorkerEntrypoint, asgi
async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        raise NotImplementedError
    if {when!r} == "after":
        await send({{"type": "http.response.start", "status": 200, "headers": []}})
        await send({{"type": "http.response.body", "body": b"begun", "more_body": True}})
    raise RuntimeError("spilled")
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await asgi.fetch(app, request, self.env)
"""
    instance = make(source, "Default")

    call(instance)

    assert host.stderr.count("RuntimeError: spilled") == 1
    assert not host.sent[1][-1][3] or host.sent[1][-1][:2] == (0, "function_raised")


@pytest.mark.parametrize(
    "worker",
    [
        "from workers import wsgi\nDefault = wsgi.entrypoint(app)",
        """
from workers import WorkerEntrypoint, wsgi
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await wsgi.fetch(app, request, self.env)
""",
    ],
)
@pytest.mark.parametrize("body", [b"milk", [b"mi", b"lk"]])
def test_a_wsgi_application_is_a_worker(make: Any, call: Any, worker: str, body: bytes | list[bytes]) -> None:
    status, headers, answer = call(make(WSGI + worker, "Default"), "/pour", method="POST", body=body)

    assert (status, answer) == (201, b"POST|/f/acme/tea/pour|milk|hi")
    assert [value for name, value in headers if name == "x-a"] == ["1", "2"]


@pytest.mark.parametrize(
    ("worker", "convention"),
    [
        ("from workers import asgi\nDefault = asgi.entrypoint(app)", "asgi"),
        ("from workers import asgi\nclass Default(asgi.entrypoint(app)): pass", "workers"),
    ],
)
def test_only_a_worker_that_merely_serves_an_application_is_left_out(
    make: Any, worker: str, convention: str
) -> None:
    assert make(APP + worker, "Default", "workers").convention == convention


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        ("@handler\nasync def on_fetch(request, env, ctx): return Response(env.GREETING)", b"hi"),
        ("@handler\ndef answer(request): return Response(request.method)", b"GET"),
        ("async def on_fetch(request, env): return Response(env.GREETING)", b"hi"),
        ("def on_fetch(request, env=None): return Response(str(env))", b"None"),
        ("async def on_fetch(*given): return Response(str(len(given)))", b"3"),
        ("def on_fetch(): return Response('none')", b"none"),
    ],
)
def test_a_function_is_a_worker(make: Any, call: Any, function: str, expected: bytes) -> None:
    name = function.split("def ")[1].split("(", maxsplit=1)[0]
    instance = make("from workers import Response, handler\n" + function, name)

    assert instance.convention == "workers"
    assert call(instance)[::2] == (200, expected)


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("async def fetch(self): return Response('no request')", b"no request"),
        ("async def fetch(self, request, env, ctx): return Response(env.GREETING)", b"hi"),
        ("@staticmethod\n    def fetch(request): return Response(request.method)", b"GET"),
        ("def fetch(self, request, *, loud=False): return Response(str(loud))", b"False"),
    ],
)
def test_fetch_gets_what_it_has_parameters_for(make: Any, call: Any, method: str, expected: bytes) -> None:
    source = (
        f"from workers import Response, WorkerEntrypoint\nclass Default(WorkerEntrypoint):\n    {method}\n"
    )

    assert call(make(source, "Default"))[2] == expected


def test_the_environment_and_background_work_without_a_worker_at_hand(
    make: Any, call: Any, host: Any
) -> None:
    source = """
from workers import Response, env, wait_until
async def later():
    print("later")
async def on_fetch(request):
    wait_until(later())
    return Response(env.GREETING)
"""

    assert call(make(source, "on_fetch"))[2] == b"hi"
    assert "".join(text for stream, _, _, text in host.printed if stream == "stdout") == "later\n"


@pytest.mark.parametrize("line", ["from js import Response", "from pyodide.ffi import to_js", "import js"])
def test_the_browsers_world_says_what_to_use(make: Any, line: str) -> None:
    with pytest.raises(ModuleNotFoundError, match="no JavaScript in a function of Hearth; use `from workers"):
        make(line, "app")


def test_code_for_both_worlds_finds_no_javascript(make: Any, call: Any) -> None:
    source = """
from workers import Response
try:
    import js
except ImportError:
    js = None
def on_fetch(request):
    return Response(str(js))
"""

    assert call(make(source, "on_fetch"))[2] == b"None"
