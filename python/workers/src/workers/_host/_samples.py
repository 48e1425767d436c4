"""Sample functions, one for each convention, that a host calls before it is ready."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workers._http import Request, Response
from workers._worker import WorkerEntrypoint

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


class Default(WorkerEntrypoint):
    """A worker that sends the body back."""

    async def fetch(self, request: Request) -> Response:
        """Answer a request."""
        return Response(await request.text(), headers={"x-sample": request.url})


async def asgi(
    _scope: dict[str, Any],
    receive: Callable[[], Awaitable[dict[str, Any]]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    """Send the body back."""
    message = await receive()
    if message["type"] != "http.request":
        return
    headers = [(b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": message["body"]})


def wsgi(
    environ: dict[str, Any], start_response: Callable[[str, list[tuple[str, str]]], object]
) -> list[bytes]:
    """Send the body back."""
    start_response("200 OK", [("content-type", "text/plain")])
    return [environ["wsgi.input"].read()]


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Send the body back."""
    return {"statusCode": 200, "body": event.get("body", "")}
