"""Requests and responses, named after the Fetch standard."""

from __future__ import annotations

import json
from collections.abc import AsyncIterable, Mapping
from copy import copy
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from workers._headers import Headers, ReceivedHeaders

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable

    from workers._forms import Blob, FormData

    HeadersInit: TypeAlias = Headers | Mapping[str, str] | Iterable[tuple[str, str]]
    Parts: TypeAlias = AsyncIterable[bytes | str] | Iterable[bytes | str]
    BodyInit: TypeAlias = str | bytes | bytearray | memoryview | FormData | Blob | Parts

_REDIRECTS = (301, 302, 303, 307, 308)
_FIRST_ERROR = 400
_STATUSES = (200, 599)
_SWITCHING = 101


class Buffer(bytes):
    """The bytes of a body, with the methods that Pyodide's buffers have."""

    def to_bytes(self) -> bytes:
        """Return the bytes."""
        return bytes(self)

    def to_py(self) -> memoryview:
        """Return a view of the bytes."""
        return memoryview(self)


class _Body:
    """Body of a request or response: whole, or in parts."""

    headers: Headers
    body: bytes | Parts
    body_used = False
    """True if the body was read. It may be read again, unlike in the Fetch standard."""

    async def bytes(self) -> bytes:
        """Return the whole body."""
        self.body_used = True
        if not isinstance(self.body, bytes):
            parts: list[bytes] = []
            async for part in self.parts():
                parts.append(part)  # noqa: PERF401 - an asynchronous list would hide what is slow here
            self.body = b"".join(parts)
        return self.body

    def parts(self) -> AsyncIterator[bytes]:
        """Iterate over the body as it arrives."""
        self.body_used = True
        return _parts(self.body)

    async def text(self) -> str:
        """Return the body as UTF-8 text."""
        return (await self.bytes()).decode("utf-8")

    async def buffer(self) -> Buffer:
        """Return the whole body; its `to_bytes` returns bytes."""
        return Buffer(await self.bytes())

    async def blob(self) -> Blob:
        """Return the body with its media type."""
        from workers._forms import Blob  # noqa: PLC0415 - few functions need it

        return Blob(await self.bytes(), self.headers.get("content-type"))

    async def form_data(self) -> FormData:
        """Return the fields of a form; raise TypeError if the body is no form, ValueError if it is broken."""
        from workers._forms import read_form  # noqa: PLC0415 - loads slowly, and few functions need it

        return read_form(await self.bytes(), self.headers.get("content-type") or "")

    async def read_json(self, **options: Any) -> Any:  # noqa: ANN401 - JSON is any type
        """Return the body as JSON, with the options of `json.loads`; raise ValueError if it is not JSON."""
        return json.loads(await self.bytes(), **options)

    def _share_body(self, twin: _Body) -> None:
        """Let a copy have the same body, also if it arrives in parts."""
        twin.headers = Headers(self.headers.items())
        if not isinstance(self.body, bytes):
            from workers._twins import twins  # noqa: PLC0415 - few functions need it

            self.body, twin.body = twins(self.parts())
            self.body_used = twin.body_used = False


async def _parts(body: bytes | Parts) -> AsyncIterator[bytes]:
    if isinstance(body, bytes):
        yield body
    elif isinstance(body, AsyncIterable):
        async for part in body:
            yield _encoded(part)
    else:
        for part in body:
            yield _encoded(part)


def _encoded(part: bytes | str) -> bytes:
    return part.encode("utf-8") if isinstance(part, str) else bytes(part)


def _take_body(body: BodyInit | None, headers: Headers) -> bytes | Parts:
    """Return a body to send, and name the type of texts and forms in the headers if they do not."""
    if isinstance(body, str):
        kind, content = "text/plain; charset=utf-8", body.encode("utf-8")
    elif body is None or isinstance(body, bytes | bytearray | memoryview):
        return bytes(body or b"")
    else:
        # Blobs and forms; their classes are loaded only when a function uses them.
        encoded: Callable[[], tuple[str, bytes]] | None = getattr(body, "encoded", None)
        if encoded is None:
            return cast("Parts", body)
        kind, content = encoded()
    if kind and "content-type" not in headers:
        headers.append("content-type", kind)
    return content


class Request(_Body):
    """Request of a client. A large body arrives in parts: `async for part in request.parts()`."""

    cf = None
    """Nothing: these are facts of Cloudflare's network."""

    def __init__(  # noqa: PLR0913 - the parts of a request
        self,
        url: str | Request,
        *,
        method: str | None = None,
        headers: HeadersInit | None = None,
        body: BodyInit | None = None,
        root_path: str = "",
        client: str = "",
    ) -> None:
        """Make a request, or a changed copy of one.

        `url` is without `root_path`, the prefix the platform stripped. `client` is the client's address.
        """
        given = url if isinstance(url, Request) else None
        if given is not None:
            root_path, client = given.root_path, given.client
            method = given.method if method is None else method
            headers = given.headers.items() if headers is None else headers
            body = given.body if body is None else body
        self.url: str = url if given is None else given.url  # type: ignore[assignment]
        self.method = "GET" if method is None else method
        self.headers = headers if isinstance(headers, Headers) else Headers(headers or ())
        self.root_path: str = root_path
        self.client: str = client
        self.body = body if isinstance(body, bytes) else _take_body(body, self.headers)

    async def json(self, **options: Any) -> Any:  # noqa: ANN401 - JSON is any type
        """Return the body as JSON, with the options of `json.loads`; raise ValueError if it is not JSON."""
        return await self.read_json(**options)

    def clone(self) -> Request:
        """Return a copy whose body can be read beside this one's."""
        twin = copy(self)
        self._share_body(twin)
        return twin

    @property
    def js_object(self) -> Request:
        """Return the request itself, for code that hands the object of JavaScript on."""
        return self


_PLAIN_TEXT = "content-type\0text/plain; charset=utf-8\0"


class _Json:
    """`Response.json(value)` makes a response, `await response.json()` reads one (Fetch standard)."""

    def __get__(self, response: Response | None, owner: type[Response]) -> Callable[..., Any]:
        return owner.from_json if response is None else response.read_json


class Response(_Body):
    """Response of a worker, or the one that `fetch` received."""

    json = _Json()
    url = ""
    """The address that `fetch` received it from."""
    redirected = False
    """True if `fetch` followed a redirect."""

    def __init__(
        self,
        body: BodyInit | None = None,
        status: int | None = 200,
        status_text: str = "",
        headers: HeadersInit | None = None,
    ) -> None:
        """Make a response: text is text/plain in UTF-8 unless a header differs, iterables are streamed.

        HTTP carries the number of the status; `status_text` is for the code that reads the response.
        """
        self.status = status if type(status) is int else int(status or 200)
        self.status_text = status_text
        if not _STATUSES[0] <= self.status <= _STATUSES[1] and self.status != _SWITCHING:
            message = f"the status of a response must be from 200 to 599 but is {self.status}"
            raise ValueError(message)
        if headers is None and isinstance(body, str):
            # The most common response; looking at headers would cost time.
            self.headers = ReceivedHeaders(_PLAIN_TEXT)
            self.body = body.encode("utf-8")
            return
        self.headers = headers if isinstance(headers, Headers) else Headers(headers or ())
        self.body = _take_body(body, self.headers)

    @property
    def ok(self) -> bool:
        """Return True if the status is from 200 to 299."""
        return 200 <= self.status <= 299  # noqa: PLR2004 - HTTP's numbers

    @property
    def js_object(self) -> Response:
        """Return the response itself, for code that hands the object of JavaScript on."""
        return self

    def raise_for_status(self) -> None:
        """Raise OSError if the status is 400 or more."""
        if self.status >= _FIRST_ERROR:
            message = f"{self.status} {self.status_text} from {self.url}"
            raise OSError(message)

    def clone(self) -> Response:
        """Return a copy whose body can be read beside this one's."""
        twin = copy(self)
        self._share_body(twin)
        return twin

    def replace_body(self, body: BodyInit | None) -> Response:
        """Return a copy with another body."""
        return Response(body, self.status, self.status_text, Headers(self.headers.items()))

    @classmethod
    def redirect(cls, url: str, status: int = 302) -> Response:
        """Return a redirect; raise ValueError if the status is none of a redirect."""
        if status not in _REDIRECTS:
            message = f"the status of a redirect must be 301, 302, 303, 307 or 308 but is {int(status)}"
            raise ValueError(message)
        return cls(status=status, headers={"location": str(url)})

    @classmethod
    def from_json(
        cls,
        value: Any,  # noqa: ANN401 - JSON is any type
        status: int = 200,
        status_text: str = "",
        headers: HeadersInit | None = None,
    ) -> Response:
        """Return a response with a value as JSON; the same as `Response.json(value)`."""
        response = cls(json.dumps(value).encode(), status, status_text, headers)
        if "content-type" not in response.headers:
            response.headers.set("content-type", "application/json")
        return response
