"""`await fetch(url)`: HTTP from inside a function."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from workers._http import Request, Response

if TYPE_CHECKING:
    from workers._http import BodyInit, HeadersInit


async def fetch(  # noqa: PLR0913 - the options of the Fetch standard
    resource: str | Request,
    *,
    method: str | None = None,
    headers: HeadersInit | None = None,
    body: BodyInit | None = None,
    redirect: str = "follow",
    cf: object = None,  # noqa: ARG001 - options of Cloudflare's network, which have no meaning here
) -> Response:
    """Send a request and return its response, whatever its status.

    `redirect` is "follow", "manual" (return the redirect) or "error" (raise OSError).

    Raise OSError when there is no answer.
    """
    if redirect not in ("follow", "manual", "error"):
        message = f'redirect must be "follow", "manual" or "error" but is {redirect!r}'
        raise ValueError(message)
    request = Request(resource, method=method, headers=headers, body=body)
    response = await asyncio.to_thread(_send, request, await request.bytes(), follow=redirect == "follow")
    if redirect == "error" and "location" in response.headers:
        message = f"{request.url} redirects to {response.headers['location']}"
        raise OSError(message)
    return response


def _send(asked: Request, content: bytes, *, follow: bool) -> Response:
    # Imported late: it loads slowly, and many functions never fetch.
    import urllib.error  # noqa: PLC0415
    import urllib.request  # noqa: PLC0415

    class Staying(urllib.request.HTTPRedirectHandler):
        """Returns redirects as they are."""

        def redirect_request(self, *_: Any) -> None:  # type: ignore[override] # noqa: ANN401
            """Send no further request."""

    url = asked.url
    if not url.startswith(("http://", "https://")):
        message = f"fetch takes http and https addresses, not {url}"
        raise ValueError(message)
    headers = dict(asked.headers.items())
    method = str(getattr(asked.method, "value", asked.method))
    request = urllib.request.Request(url, content or None, headers, method=method)  # noqa: S310
    opener = urllib.request.build_opener() if follow else urllib.request.build_opener(Staying)
    try:
        answer: Any = opener.open(request)
    except urllib.error.HTTPError as status:
        answer = status
    with answer:
        response = Response(answer.read(), answer.status, answer.reason or "", answer.headers.items())
    response.url = answer.url
    response.redirected = answer.url != url
    return response
