import json
import os
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import Host

from workers._host import rehearse
from workers._host._call import InvalidAnswerError, join_headers
from workers._host._conventions import detect
from workers._host._rehearsal import rehearse_frameworks

WORKER = """
from workers import Response, WorkerEntrypoint
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        if request.url.endswith("/raise"):
            raise ValueError("on purpose")
        if request.url.endswith("/wrong"):
            return 42
        return Response(await request.bytes(), status=207, headers=[("set-cookie", "a"), ("set-cookie", "b")])
"""

ASGI = """
started = []
async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        started.append(1)
        await send({"type": "lifespan.startup.complete"})
        return
    message = await receive()
    text = repr((scope["path"], scope["root_path"], scope["query_string"], started)).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x", b"y")]})
    await send({"type": "http.response.body", "body": text, "more_body": True})
    await send({"type": "http.response.body", "body": message["body"]})
"""

BACKGROUND = """
import asyncio
done = []
async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        return
    await send({"type": "http.response.start", "status": 200})
    await send({"type": "http.response.body", "body": repr(done).encode()})
    await asyncio.sleep(0.01)
    done.append(1)
"""

WSGI = """
def app(environ, start_response):
    start_response("201 Created", [("set-cookie", "a"), ("set-cookie", "b")])
    yield repr((environ["SCRIPT_NAME"], environ["PATH_INFO"], environ["HTTP_HOST"])).encode()
    yield environ["wsgi.input"].read()
"""

VALIDATED = """
from wsgiref.validate import validator
@validator
def app(environ, start_response):
    body = environ["wsgi.input"].readline() + environ["wsgi.input"].read(100)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [body]
"""

LOGS = """
import logging, sys
from workers import Response, WorkerEntrypoint
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        print("printed")
        logging.getLogger("tea").warning("logged")
        logging.getLogger("tea").info("not logged")
        sys.stderr.write("half")
        return Response("")
"""

LAMBDA = """
async def later(event, context):
    return handler(event, context)
def handler(event, context):
    if "fail" in event:
        raise KeyError("fail")
    if "requestContext" in event:
        return {"statusCode": 200, "body": event["rawPath"], "cookies": ["a=1", "b=2"]}
    return {"got": event, "name": context.function_name}
"""


def test_worker_bytes_status_and_cookies(make: Any, call: Any) -> None:
    status, headers, body = call(make(WORKER, "Default"), method="POST", body=bytes(range(256)))

    assert (status, body) == (207, bytes(range(256)))
    assert headers == [("set-cookie", "a"), ("set-cookie", "b")]


def test_worker_exception_goes_to_the_log_and_not_to_the_answer(make: Any, call: Any, host: Host) -> None:
    status, _, code = call(make(WORKER, "Default"), "/raise")

    assert (status, code) == (0, b"function_raised")
    assert "ValueError: on purpose" in host.stderr


def test_worker_answer_of_the_wrong_type_is_named(make: Any, call: Any, host: Host) -> None:
    assert call(make(WORKER, "Default"), "/wrong")[2] == b"function_answer_invalid"
    assert "must return a Response but returned int" in host.stderr


def test_asgi_gets_the_full_path_its_root_and_a_lifespan(make: Any, call: Any) -> None:
    status, headers, body = call(
        make(ASGI, "app"), "/a%20b", method="POST", query="q=1", body=b"!", headers="host\0h\0"
    )

    assert status == 200
    assert headers == [("x", "y")]
    assert body == b"('/f/acme/tea/a b', '/f/acme/tea', b'q=1', [1])!"


def test_asgi_answers_before_its_background_work(make: Any, call: Any, host: Host) -> None:
    instance = make(BACKGROUND, "app")

    assert call(instance)[2] == b"[]"
    assert host.ended == [1]
    assert call(instance)[2] == b"[1]"


def test_an_event_that_is_not_json_is_invalid(make: Any, call: Any) -> None:
    assert call(make(LAMBDA, "handler"), kind="event", body=b"{")[2] == b"request_invalid"
    assert call(make(LAMBDA, "handler"), kind="event", body=b"\xff")[2] == b"request_invalid"


def test_wsgi_gets_script_name_and_path_info(make: Any, call: Any, host: Host) -> None:
    status, headers, body = call(make(WSGI, "app"), "/x", method="POST", body=[b"ab", b"c\n", b"d"])

    assert status == 201
    assert [value for _, value in headers] == ["a", "b"]
    assert body == b"('/f/acme/tea', '/x', 'tea.localhost')abc\nd"
    # Each part was sent before the next one was made.
    assert [part[2:] for part in host.sent[1]][1:] == [(b"abc\nd", True)]


def test_wsgi_follows_the_specification(make: Any, call: Any, host: Host) -> None:
    instance = make(VALIDATED, "app", "wsgi")

    assert call(instance, method="POST", body=b"a\nb")[2] == b"a\nb", host.stderr
    assert call(instance, method="POST", body=[b"a\n", b"b"])[2] == b"a\nb"


def test_lambda_by_http_gets_an_api_gateway_event(make: Any, call: Any) -> None:
    status, headers, body = call(make(LAMBDA, "handler"), "/tea")

    assert (status, body) == (200, b"/tea")
    assert ("set-cookie", "a=1") in headers
    assert ("set-cookie", "b=2") in headers


def test_lambda_by_event(make: Any, call: Any) -> None:
    status, _, body = call(make(LAMBDA, "handler"), kind="event", body=b'{"a": 1}')

    assert status == 200
    assert json.loads(body) == {"got": {"a": 1}, "name": "tea"}


@pytest.mark.parametrize("attribute", ["handler", "later"])
def test_lambda_exception_is_described(make: Any, call: Any, attribute: str) -> None:
    status, _, body = call(make(LAMBDA, attribute, "lambda"), kind="event", body=b'{"fail": 1}')

    failure = json.loads(body)
    assert status == 502
    assert failure["errorType"] == "KeyError"
    assert "user_module.py" in failure["stackTrace"][0]


def test_other_conventions_take_no_events(make: Any, call: Any) -> None:
    assert call(make(WORKER, "Default"), kind="event", body=b"{}")[2] == b"convention_mismatch"


def test_printed_and_logged_lines_have_invocation_and_level(make: Any, call: Any, host: Host) -> None:
    call(make(LOGS, "Default"))

    assert host.printed == [
        ("stdout", "", "id", "printed"),
        ("stdout", "", "id", "\n"),
        ("stderr", "warning", "id", "logged"),
        ("stderr", "", "id", "half"),
    ]


@pytest.mark.parametrize(
    ("source", "attribute", "convention"),
    [
        (WORKER, "Default", "workers"),
        (ASGI, "app", "asgi"),
        (WSGI, "app", "wsgi"),
        (LAMBDA, "handler", "lambda"),
    ],
)
def test_the_convention_is_detected(make: Any, source: str, attribute: str, convention: str) -> None:
    assert make(source, attribute).convention == convention


def test_an_entry_that_cannot_be_called_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot be called"):
        detect(42)


def test_headers_with_the_separator_are_refused() -> None:
    with pytest.raises(InvalidAnswerError, match="'x'"):
        join_headers([("x", "a\0set-cookie")])


def test_a_rehearsal_leaves_nothing_behind(capsys: pytest.CaptureFixture[str]) -> None:
    rehearse(1)
    before = set(sys.modules), dict(os.environ)
    rehearse(3)
    assert (set(sys.modules), dict(os.environ)) == before
    assert capsys.readouterr() == ("", "")


def test_a_broken_framework_does_not_stop_the_rehearsal(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    class Flask:
        def __init__(self, name: str) -> None:
            seen.append(name)
            raise SystemError

    monkeypatch.setitem(sys.modules, "flask", SimpleNamespace(Flask=Flask))
    rehearse_frameworks()
    assert seen == ["hearth_sample"]
