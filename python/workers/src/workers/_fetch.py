"""`await fetch(url)`: HTTP from inside a function."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from workers._http import Headers, Request, Response

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


async def fetch(
    resource: str | Request,
    *,
    method: str | None = None,
    headers: Headers | Mapping[str, str] | Iterable[tuple[str, str]] | None = None,
    body: str | bytes | None = None,
) -> Response:
    """Send a request and return its response, whatever its status; redirects are followed.

    Raise OSError when there is no answer.
    """
    asked = resource if isinstance(resource, Request) else Request(resource)
    content = await asked.bytes() if body is None else body.encode() if isinstance(body, str) else body
    given = (
        asked.headers if headers is None else headers if isinstance(headers, Headers) else Headers(headers)
    )
    return await asyncio.to_thread(_send, asked.url, method or asked.method, given, content)


def _send(url: str, method: str, headers: Headers, content: bytes) -> Response:
    # Imported late: it loads slowly, and many functions never fetch.
    import urllib.error  # noqa: PLC0415
    import urllib.request  # noqa: PLC0415

    if not url.startswith(("http://", "https://")):
        message = f"fetch takes http and https addresses, not {url}"
        raise ValueError(message)
    request = urllib.request.Request(url, content or None, dict(headers.items()), method=method)  # noqa: S310
    try:
        answer: Any = urllib.request.urlopen(request)  # noqa: S310
    except urllib.error.HTTPError as status:
        answer = status
    with answer:
        return Response(answer.read(), status=answer.status, headers=answer.headers.items())
