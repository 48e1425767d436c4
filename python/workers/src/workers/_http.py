"""Requests and responses, named after the Fetch standard."""

from __future__ import annotations

import json
from collections.abc import AsyncIterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator


class Headers:
    """HTTP headers in order; names compare without case and may come several times."""

    def __init__(self, items: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> None:
        """Copy the headers from a mapping or from pairs."""
        # isinstance with an abstract class is too slow here.
        pairs: Iterable[tuple[str, str]] = items.items() if hasattr(items, "items") else items  # type: ignore[union-attr, assignment]
        self._items: list[tuple[str, str]] = [(str(name), str(value)) for name, value in pairs]

    def get(self, name: str, default: str | None = None) -> str | None:
        """Return the values of a header, joined by comma, or the default."""
        values = self.get_all(name)
        return ", ".join(values) if values else default

    def get_all(self, name: str) -> list[str]:
        """Return each value of a header."""
        wanted = name.lower()
        return [value for key, value in self._items if key.lower() == wanted]

    def set(self, name: str, value: str) -> None:
        """Set a header; replace all its values."""
        wanted = name.lower()
        self._items = [pair for pair in self._items if pair[0].lower() != wanted]
        self._items.append((name, str(value)))

    def append(self, name: str, value: str) -> None:
        """Add a further value to a header, as Set-Cookie needs."""
        self._items.append((name, str(value)))

    def items(self) -> list[tuple[str, str]]:
        """Return the pairs in order."""
        return list(self._items)

    def __getitem__(self, name: str) -> str:
        """Return the same as `get`; raise KeyError if there is no such header."""
        value = self.get(name)
        if value is None:
            raise KeyError(name)
        return value

    def __contains__(self, name: object) -> bool:
        """Return True if there is such a header."""
        return isinstance(name, str) and bool(self.get_all(name))

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter([name for name, _ in self._items])

    def __len__(self) -> int:
        """Count the pairs."""
        return len(self._items)


def split_headers(joined: str) -> list[tuple[str, str]]:
    r"""Split `name\0value\0…` into pairs."""
    parts = joined.split("\0")
    return list(zip(parts[0:-1:2], parts[1::2], strict=True))


class ReceivedHeaders(Headers):
    r"""Headers received as `name\0value\0…`, split only when they are read."""

    def __init__(self, joined: str) -> None:  # pyright: ignore[reportMissingSuperCall]
        """Keep the text."""
        self._joined = joined

    @cached_property
    def _items(self) -> list[tuple[str, str]]:  # type: ignore[override]
        return split_headers(self._joined)

    @property
    def untouched(self) -> str | None:
        """Return the text as received, or None if the headers were read and may have changed."""
        return None if "_items" in self.__dict__ else self._joined


class _Body:
    """Body of a request or response: whole, or in parts."""

    body: bytes | AsyncIterable[bytes | str] | Iterable[bytes | str]

    async def bytes(self) -> bytes:
        """Return the whole body."""
        if not isinstance(self.body, bytes):
            parts: list[bytes] = []
            async for part in self.parts():
                parts.append(part)  # noqa: PERF401 - an asynchronous list would hide what is slow here
            self.body = b"".join(parts)
        return self.body

    async def parts(self) -> AsyncIterator[bytes]:
        """Iterate over the body as it arrives."""
        body = self.body
        if isinstance(body, bytes):
            yield body
        elif isinstance(body, AsyncIterable):
            async for part in body:
                yield _encoded(part)
        else:
            for part in body:
                yield _encoded(part)

    async def text(self) -> str:
        """Return the body as UTF-8 text."""
        return (await self.bytes()).decode("utf-8")

    async def read_json(self) -> Any:  # noqa: ANN401 - JSON is any type
        """Return the body as JSON; raise ValueError if it is not JSON."""
        return json.loads(await self.bytes())


def _encoded(part: bytes | str) -> bytes:
    return part.encode("utf-8") if isinstance(part, str) else bytes(part)


class Request(_Body):
    """Request of a client. A large body arrives in parts: `async for part in request.parts()`."""

    def __init__(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: Headers | None = None,
        body: bytes | AsyncIterable[bytes | str] = b"",
        root_path: str = "",
    ) -> None:
        """Make a request; `url` is without `root_path`, the prefix the platform stripped."""
        self.url = url
        self.method = method
        self.headers = headers if headers is not None else Headers()
        self.root_path = root_path
        self.body = body

    async def json(self) -> Any:  # noqa: ANN401 - JSON is any type
        """Return the body as JSON; raise ValueError if it is not JSON."""
        return await self.read_json()


_PLAIN_TEXT = "content-type\0text/plain; charset=utf-8\0"


class _Json:
    """`Response.json(value)` makes a response, `await response.json()` reads one (Fetch standard)."""

    def __get__(self, response: Response | None, owner: type[Response]) -> Callable[..., Any]:
        return owner.from_json if response is None else response.read_json


class Response(_Body):
    """Response of a worker, or the one that `fetch` received."""

    json = _Json()

    def __init__(
        self,
        body: str | bytes | bytearray | AsyncIterable[bytes | str] | Iterable[bytes | str] | None = None,
        *,
        status: int = 200,
        headers: Headers | Mapping[str, str] | Iterable[tuple[str, str]] = (),
    ) -> None:
        """Make a response: text is text/plain in UTF-8 unless a header differs, iterables are streamed."""
        self.status = status
        if headers == () and isinstance(body, str):
            # The most common response; looking at headers would cost time.
            self.headers = ReceivedHeaders(_PLAIN_TEXT)
            self.body = body.encode("utf-8")
            return
        self.headers = headers if isinstance(headers, Headers) else Headers(headers)
        if isinstance(body, str):
            self.body = body.encode("utf-8")
            if "content-type" not in self.headers:
                self.headers.append("content-type", "text/plain; charset=utf-8")
        elif body is None or isinstance(body, bytes | bytearray | memoryview):
            self.body = bytes(body or b"")
        else:
            self.body = body

    @property
    def ok(self) -> bool:
        """Return True if the status is from 200 to 299."""
        return 200 <= self.status <= 299  # noqa: PLR2004 - HTTP's numbers

    @classmethod
    def from_json(
        cls,
        value: Any,  # noqa: ANN401 - JSON is any type
        *,
        status: int = 200,
        headers: Headers | Mapping[str, str] | Iterable[tuple[str, str]] = (),
    ) -> Response:
        """Return a response with a value as JSON; the same as `Response.json(value)`."""
        response = cls(json.dumps(value).encode(), status=status, headers=headers)
        if "content-type" not in response.headers:
            response.headers.set("content-type", "application/json")
        return response
