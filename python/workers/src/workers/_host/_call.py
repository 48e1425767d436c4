"""A call and its answer as values that every convention takes and gives."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

from workers._headers import split_headers

_ASCII = "".join(map(chr, range(0x21, 0x7F)))


# Not frozen and without slots: both would make each call slower.
@dataclass
class Call:
    r"""One request, as the gateway received it; `path` is raw and without `root_path`.

    `joined` holds the headers as `name\0value\0…`, the host first. `body` is complete if `is_whole`; else it
    is empty, and the exchange gives it in parts.
    """

    method: str
    path: str
    query: str
    joined: str
    body: bytes
    root_path: str = ""
    client: str = ""
    scheme: str = "http"
    invocation: str = ""
    deadline: float = 0.0
    is_whole: bool = True

    @cached_property
    def headers(self) -> list[tuple[str, str]]:
        """Return the headers in order."""
        return split_headers(self.joined)

    def header(self, name: str, default: str = "") -> str:
        """Return the first value of a header; the name is lower-case."""
        for key, value in self.headers:
            if key.lower() == name:
                return value
        return default

    @property
    def host(self) -> str:
        """Return the host's name and port as the client wrote them."""
        joined = self.joined
        if joined.startswith("host\0"):
            return joined[5 : joined.index("\0", 5)]
        return self.header("host", "localhost")

    @property
    def url(self) -> tuple[str, str]:
        """Return path and query as URLs have them: bytes beyond ASCII are percent-encoded."""
        if self.path.isascii() and self.query.isascii():
            return self.path, self.query
        path, query = (quote(text.encode("latin-1"), safe=_ASCII) for text in (self.path, self.query))
        return path, query

    @property
    def server(self) -> tuple[str, int]:
        """Return the host's name and port; the scheme has a port of its own."""
        name, colon, port = self.host.rpartition(":")
        if colon and port.isdigit():
            return name, int(port)
        return self.host, 443 if self.scheme == "https" else 80


@dataclass(frozen=True, slots=True)
class FunctionInfo:
    """Facts about a function that its code can ask for."""

    name: str
    revision: int
    environment: dict[str, str]
    timeout: float
    memory: int


class InvalidAnswerError(Exception):
    """The function's answer breaks its convention."""


_FIELDS = 11


def parse_call(text: str) -> Call:
    """Parse a call: one line for each field, and last the body, which may contain line ends."""
    (method, path, query, root_path, client, scheme, invocation, deadline, is_whole, headers, body) = (
        text.split("\n", _FIELDS - 1)
    )
    return Call(
        method,
        path,
        query,
        headers,
        body.encode("latin-1"),
        root_path,
        client,
        scheme,
        invocation,
        float(deadline),
        is_whole == "true",
    )


def join_headers(headers: list[tuple[str, str]]) -> str:
    r"""Join headers as `name\0value\0…`; the host refuses other characters that HTTP does not allow."""
    joined = ""
    # Most answers have few headers, for which this is the fastest way.
    for name, value in headers:
        joined += name + "\0" + value + "\0"
    if joined.count("\0") != 2 * len(headers):
        names = [name for name, value in headers if "\0" in name + value]
        message = f"the answer's header {names[0]!r} has the character U+0000"
        raise InvalidAnswerError(message)
    return joined


def declared_length(headers: list[tuple[str, str]]) -> str:
    """Return the length that the headers name for the body, or an empty text."""
    for name, value in headers:
        if name.lower() == "content-length":
            return value
    return ""
