"""Workers: a class with `async def fetch(self, request)`, or a function `on_fetch(request, env, ctx)`."""

from __future__ import annotations

import asyncio
import inspect
from types import CoroutineType
from typing import TYPE_CHECKING, Any, cast

from workers._headers import ReceivedHeaders
from workers._host._call import InvalidAnswerError, join_headers
from workers._host._entry import Entry
from workers._host._failure import print_traceback
from workers._http import Request, Response
from workers._worker import Context, context

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from workers._host._bridge import Exchange
    from workers._host._call import Call
    from workers._host._entry import Rest
    from workers._worker import Environment

_NAMED = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
_GIVEN = 3


def is_handler(entry: Any) -> bool:  # noqa: ANN401 - an entry is any object
    """Return True for a function that answers requests as workers do."""
    is_marked = getattr(entry, "is_worker", False) or getattr(entry, "__name__", "") == "on_fetch"
    return bool(is_marked) and inspect.isroutine(entry)


def _count(function: Callable[..., object], *, own: int) -> int:
    """Return how many of request, environment and context a function takes besides its own parameters."""
    parameters = inspect.signature(function).parameters.values()
    named = [each for each in parameters if each.kind in _NAMED]
    if any(each.kind is inspect.Parameter.VAR_POSITIONAL for each in parameters):
        return _GIVEN
    required = sum(each.default is inspect.Parameter.empty for each in named) - own
    # A parameter with a default takes the request, and nothing beyond it.
    return max(min(required, _GIVEN), min(len(named) - own, 1))


class WorkersEntry(Entry):
    """Makes a worker for each call and calls its `fetch`, or calls the function that is the worker."""

    def __init__(self, worker: Any, environment: Environment) -> None:  # noqa: ANN401
        """Keep the class or the function."""
        self._worker = worker
        self._environment = environment
        self._is_class = inspect.isclass(worker)
        if self._is_class:
            is_bound = isinstance(inspect.getattr_static(worker, "fetch"), staticmethod | classmethod)
            self._count = _count(worker.fetch, own=0 if is_bound else 1)
        else:
            self._count = _count(worker, own=0)

    def http(self, call: Call, exchange: Exchange) -> Rest:
        """Answer one request."""
        path, query = call.url
        query = f"?{query}" if query else ""
        request = Request(
            f"{call.scheme}://{call.host}{path}{query}",
            method=call.method,
            headers=ReceivedHeaders(call.joined),
            body=call.body if call.is_whole else exchange.parts(),
            root_path=call.root_path,
            client=call.client,
        )
        own = Context()
        context.set(own)
        fetch = self._worker(own, self._environment).fetch if self._is_class else self._worker
        if self._count == 1:
            response: Any = fetch(request)
        else:
            response = fetch(*(request, self._environment, own)[: self._count])
        is_coroutine = type(response) is CoroutineType  # Most are; isawaitable is slow.
        if is_coroutine or inspect.isawaitable(response):
            return _later(cast("Awaitable[Any]", response), own, exchange)
        return _send(response, own, exchange)


async def _later(response: Awaitable[Any], own: Context, exchange: Exchange) -> None:
    left = _send(await response, own, exchange)
    if left is not None:
        await left


def _send(response: Any, own: Context, exchange: Exchange) -> Rest:  # noqa: ANN401
    """Send the response; return the rest of the work, or None."""
    if isinstance(response, str):
        response = Response(response)
    if not isinstance(response, Response):
        message = f"fetch must return a Response but returned {type(response).__name__}"
        raise InvalidAnswerError(message)
    given = response.headers
    headers = given.untouched if isinstance(given, ReceivedHeaders) else None
    if headers is None:
        headers = join_headers(given.items())
    if isinstance(response.body, bytes):
        exchange.answer(response.status, headers, response.body)
        return _finish(own) if own.pending else None
    return _stream(response, headers, own, exchange)


async def _stream(response: Response, headers: str, own: Context, exchange: Exchange) -> None:
    # The head is sent with the first part: if the code raises before, the answer can still be a problem.
    head: dict[str, Any] = {"status": response.status, "headers": headers}
    try:
        async for part in response.parts():
            await exchange.send(part, last=False, **head)
            head = {}
    finally:
        close = getattr(response.body, "aclose", None) or getattr(response.body, "close", None)
        if close is not None and inspect.isawaitable(closing := close()):
            await closing
    await exchange.send(b"", last=True, **head)
    await _finish(own)


async def _finish(own: Context) -> None:
    """Finish the work that waits for the end of the answer."""
    while pending := own.take_pending():
        for done in await asyncio.gather(*pending, return_exceptions=True):
            if isinstance(done, BaseException):
                print_traceback(done)
