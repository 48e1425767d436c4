import json
import os
from typing import Any

import pytest
from conftest import Host

from workers._host._call import Call, InvalidAnswerError
from workers._host._lambda_http import http_answer, http_event

INFO = """
import logging, os
assert logging.getLogger().handlers, "no handler before the import"
IMPORTED = dict(os.environ)
logging.basicConfig(level="DEBUG", force=False)
logging.getLogger().setLevel("INFO")

def handler(event, context):
    logging.getLogger("tea").info("poured")
    logging.debug("not told")
    facts = [context.invoked_function_arn, context.memory_limit_in_mb, context.function_version]
    return [IMPORTED, *facts, os.environ["_X_AMZN_TRACE_ID"]]
"""
LATE = """
import logging
def handler(event, context):
    logging.getLogger().setLevel("INFO")
    logging.info("poured")
"""
FAILING = """
async def later(event, context):
    return handler(event, context)
def handler(event, context):
    try:
        raise KeyError("b")
    except KeyError as cause:
        raise ValueError("a") from cause
"""
MANGUM = """
import functools
from mangum import Mangum
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

async def form(request):
    body = await request.body()
    return JSONResponse([request.url.path, body.decode()], 201, {"set-cookie": "b=1"})

handler = Mangum(Starlette(routes=[Route("/tea", form, methods=["POST"])]))
partial = functools.partial(handler)
"""


def test_a_result_without_status_code_is_answered_as_json() -> None:
    assert http_answer([1, 2]).body == b"[1, 2]"


def test_bytes_that_are_json_are_answered_as_they_are() -> None:
    assert http_answer(b'{"a":1}').body == b'{"a":1}'


@pytest.mark.parametrize("body", ["AAE=", b"AAE="])
def test_a_base64_body_is_decoded(body: Any) -> None:
    answer = http_answer({"statusCode": "200", "body": body, "isBase64Encoded": True})

    assert answer.body == b"\x00\x01"


def test_headers_are_sent_as_text() -> None:
    given = {"a": "x", "b": 1, "c": True}

    answer = http_answer({"statusCode": 200, "headers": given, "cookies": ["d=1", "e=2"]})

    assert answer.headers[:3] == [("a", "x"), ("b", "1"), ("c", "true")]
    assert answer.headers[3:5] == [("set-cookie", "d=1"), ("set-cookie", "e=2")]


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        ({"statusCode": 200, "headers": {"x": ["a", "b"]}}, r"header 'x' is \['a', 'b'\]"),
        ({"statusCode": 200, "headers": {"z": None}}, "header 'z' is None"),
        ({"statusCode": 200, "headers": ["x"]}, "`headers` must be a dict"),
        ({"statusCode": 200, "cookies": "a=1"}, "`cookies` a list"),
        ({"statusCode": 200, "cookies": [None]}, "header 'set-cookie' is None"),
        ({"statusCode": None}, "statusCode is None"),
        ({"statusCode": 99}, "statusCode is 99"),
        ({"statusCode": 200, "body": {1}}, "Object of type set is not JSON serializable"),
        ({"statusCode": 200, "body": b"\xff"}, "body cannot be sent"),
        ({"statusCode": 200, "body": "A", "isBase64Encoded": True}, "body cannot be sent"),
        ({1}, "Object of type set is not JSON serializable"),
        (float("nan"), "not JSON compliant"),
        (b"\x00", "bytes that are not JSON"),
    ],
)
def test_a_result_that_cannot_be_sent_is_refused_with_the_reason(result: Any, reason: str) -> None:
    with pytest.raises(InvalidAnswerError, match=reason):
        http_answer(result)


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        ("application/json", b"{}", (False, "{}")),
        ("Application/JSON; charset=utf-8", b"{}", (False, "{}")),
        ("text/csv", b"a", (False, "a")),
        ("application/xml", b"<a/>", (False, "<a/>")),
        ("application/javascript", b"a", (False, "a")),
        ("application/x-www-form-urlencoded", b"a=1", (True, "YT0x")),
        ("multipart/form-data; boundary=b", b"a", (True, "YQ==")),
        ("application/octet-stream", b"a", (True, "YQ==")),
        ("", b"a", (True, "YQ==")),
        ("text/plain", b"\xff", (True, "/w==")),
    ],
)
def test_the_type_of_a_body_decides_about_base64(
    content_type: str, body: bytes, expected: tuple[bool, str]
) -> None:
    event = http_event(Call("POST", "/", "", f"host\0h\0content-type\0{content_type}\0", body))

    assert (event["isBase64Encoded"], event["body"]) == expected


def test_a_handler_finds_what_lambda_gives_before_its_import(make: Any, call: Any, host: Host) -> None:
    instance = make(INFO, "handler", "lambda", {"AWS_LAMBDA_FUNCTION_VERSION": "mine"})
    _, _, body = call(instance, kind="event", body=b"{}")

    imported, arn, memory, version, trace = json.loads(body)
    assert imported["AWS_LAMBDA_FUNCTION_NAME"] == "tea"
    assert imported["AWS_LAMBDA_FUNCTION_VERSION"] == "mine"
    assert imported["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == memory == "512"
    assert imported["LAMBDA_TASK_ROOT"] == os.getcwd()  # noqa: PTH109
    assert imported["_HANDLER"] == "user_module.handler"
    assert arn.split(":")[2:] == ["lambda", "us-east-1", "000000000000", "function", "tea"]
    assert version == "3"
    assert trace.endswith(";Sampled=0")
    assert [line[1:3] for line in host.printed] == [("info", "id")]
    assert host.printed[0][3].endswith("\tid\tpoured")


def test_a_handler_that_is_only_known_after_its_import_logs_too(make: Any, call: Any, host: Host) -> None:
    call(make(LATE, "handler"), kind="event", body=b"{}")

    assert [line[1] for line in host.printed] == ["info"]


@pytest.mark.parametrize("attribute", ["handler", "later"])
@pytest.mark.parametrize("kind", ["event", "http"])
def test_what_a_handler_raises_is_one_record(
    make: Any, call: Any, host: Host, attribute: str, kind: str
) -> None:
    call(make(FAILING, attribute, "lambda"), kind=kind, body=b"{}")

    [(_, level, invocation, text)] = host.printed
    assert (level, invocation) == ("error", "id")
    assert text.startswith("[ERROR] ValueError: a\nTraceback (most recent call last):\n")
    assert "KeyError: 'b'" in text
    assert "_lambda.py" not in text


def test_a_result_that_is_no_json_is_an_invalid_answer_by_http(make: Any, call: Any, host: Host) -> None:
    instance = make("def handler(event, context):\n    return {1}", "handler")

    assert call(instance)[2] == b"function_answer_invalid"
    assert "Object of type set is not JSON serializable" in host.stderr


@pytest.mark.parametrize("attribute", ["handler", "partial"])
def test_an_application_behind_mangum_answers(make: Any, call: Any, attribute: str) -> None:
    headers = "host\0tea.localhost\0content-type\0application/x-www-form-urlencoded\0"
    instance = make(MANGUM, attribute)

    for _ in range(2):
        status, given, body = call(instance, "/tea", method="POST", headers=headers, body=b"a=%C3%A9")
        assert (status, json.loads(body)) == (201, ["/tea", "a=%C3%A9"])
        assert ("set-cookie", "b=1") in given
