import asyncio
from http import HTTPStatus
from typing import Any

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


def test_headers_become_a_dictionary() -> None:
    headers = Headers([("A", "1"), ("B", "2")])

    assert dict(headers) == {"A": "1", "B": "2"}
    assert headers.values() == ["1", "2"]


def test_a_request_is_made_from_another() -> None:
    first = Request("http://h/a", method="POST", headers={"X": "1"}, body="text")

    second = Request(first, method="PUT", headers=[("X", "2")])

    assert (second.url, second.method, second.headers["x"], second.body) == (
        "http://h/a",
        "PUT",
        "2",
        b"text",
    )
    assert first.headers["x"] == "1"


def test_a_response_takes_status_text_and_headers_in_the_order_of_cloudflares() -> None:
    response = Response("x", HTTPStatus.CREATED, "Made", {"x-a": "1"})

    assert (response.status, response.status_text, response.headers["x-a"]) == (201, "Made", "1")
    assert Response.json([1], 202, "Taken", [("x-a", "1")]).status == 202
    assert Response(None, status=None, headers=None).status == 200
    with pytest.raises(ValueError, match="from 200 to 599 but is 99"):
        Response("x", status=99)


def test_redirects() -> None:
    response = Response.redirect("https://example.com/sub", HTTPStatus.MOVED_PERMANENTLY)

    assert (response.status, response.headers["location"], response.body) == (
        301,
        "https://example.com/sub",
        b"",
    )
    assert Response.redirect("/tea").status == 302
    with pytest.raises(ValueError, match="must be 301, 302, 303, 307 or 308 but is 200"):
        Response.redirect("/tea", status=200)


def test_copies_of_a_streamed_body_are_read_beside_each_other() -> None:
    async def parts() -> Any:
        yield b"one "
        yield b"two"

    async def read() -> tuple[bytes, bytes, str]:
        response = Response(parts(), headers={"x": "1"})
        twin, third = response.clone(), response.clone()
        twin.headers.set("x", "2")
        return await twin.bytes() + await third.bytes(), await response.bytes(), response.headers["x"]

    assert asyncio.run(read()) == (b"one twoone two", b"one two", "1")


def test_what_ends_a_body_ends_its_copies() -> None:
    async def parts() -> Any:
        yield b"one"
        message = "broken"
        raise OSError(message)

    async def read() -> None:
        request = Request("http://h/", body=parts())
        twin = request.clone()
        for each in (request, twin):
            with pytest.raises(OSError, match="broken"):
                await each.bytes()

    asyncio.run(read())


def test_reading_marks_the_body_as_used() -> None:
    request = Request("http://h/", body=b"ab")
    assert not request.body_used

    buffer = asyncio.run(request.buffer())

    assert request.body_used
    assert (type(buffer.to_bytes()), buffer.to_py()[0]) == (bytes, 97)


def test_the_body_is_replaced() -> None:
    response = Response("x", 201, headers={"x": "1"}).replace_body("y")

    assert (response.body, response.status, response.headers["x"]) == (b"y", 201, "1")


def test_an_error_status_is_raised() -> None:
    Response("x").raise_for_status()
    with pytest.raises(OSError, match="404 Not Found"):
        Response("x", 404, "Not Found").raise_for_status()


def test_what_only_cloudflare_has_says_so() -> None:
    with pytest.raises(ImportError, match="no Durable Objects"):
        from workers import DurableObject  # type: ignore[attr-defined]  # noqa: F401, PLC0415
