import asyncio

import pytest

from workers import Environment, Headers, Request, Response, WorkerEntrypoint


def test_headers_compare_without_case_and_keep_every_value() -> None:
    headers = Headers([("Set-Cookie", "a=1")])
    headers.append("set-cookie", "b=2")

    assert headers.get_all("SET-COOKIE") == ["a=1", "b=2"]
    assert "set-cookie" in headers
    assert headers.get("absent") is None


def test_set_replaces_all_values() -> None:
    headers = Headers({"X": "1"})
    headers.append("x", "2")
    headers.set("X", "3")

    assert headers.items() == [("X", "3")]


def test_text_is_utf8_and_plain_unless_said_otherwise() -> None:
    assert Response("grüße").body == "grüße".encode()
    assert Response("x").headers["content-type"] == "text/plain; charset=utf-8"
    assert Response("x", headers={"Content-Type": "text/html"}).headers["content-type"] == "text/html"


def test_json_response() -> None:
    response = Response.json({"a": 1}, status=201)

    assert (response.status, response.body) == (201, b'{"a": 1}')
    assert response.headers["content-type"] == "application/json"


def test_request_body_can_be_read_in_each_form() -> None:
    request = Request("http://h/", method="POST", body=b'{"a": 1}')

    assert asyncio.run(request.text()) == '{"a": 1}'
    assert asyncio.run(request.json()) == {"a": 1}
    assert asyncio.run(request.bytes()) == b'{"a": 1}'


def test_environment_says_how_to_set_what_is_missing() -> None:
    environment = Environment({"A": "b"})

    assert environment.A == environment["A"] == "b"
    assert "A" in environment
    with pytest.raises(AttributeError, match="--env MISSING"):
        _ = environment.MISSING


def test_a_worker_without_fetch_says_so() -> None:
    worker = WorkerEntrypoint(None, None)  # type: ignore[arg-type]

    with pytest.raises(NotImplementedError, match="async def fetch"):
        asyncio.run(worker.fetch(Request("http://h/")))
