"""Workers: a class with `async def fetch(self, request)`."""

from __future__ import annotations

import asyncio
import inspect
from types import CoroutineType
from typing import TYPE_CHECKING, Any, cast

from workers._host._call import InvalidAnswerError, join_headers
from workers._host._entry import Entry
from workers._host._failure import print_traceback
from workers._http import ReceivedHeaders, Request, Response
from workers._worker import Context, Environment

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from workers._host._bridge import Exchange
    from workers._host._call import Call, FunctionInfo
    from workers._host._entry import Rest


class WorkersEntry(Entry):
    """Makes a worker for each call and calls its `fetch`."""

    def __init__(self, worker: type[Any], info: FunctionInfo) -> None:
        """Keep the class."""
        self._worker = worker
        self._environment = Environment(info.environment)

    def http(self, call: Call, exchange: Exchange) -> Rest:
        """Answer one request."""
        query = f"?{call.query}" if call.query else ""
        request = Request(
            f"{call.scheme}://{call.host}{call.path}{query}",
            method=call.method,
            headers=ReceivedHeaders(call.joined),
            body=call.body if call.is_whole else exchange.parts(),
            root_path=call.root_path,
        )
        context = Context()
        response: Any = self._worker(context, self._environment).fetch(request)
        is_coroutine = type(response) is CoroutineType  # Most are; isawaitable is slow.
        if is_coroutine or inspect.isawaitable(response):
            return _later(cast("Awaitable[Any]", response), context, exchange)
        return _send(response, context, exchange)


async def _later(response: Awaitable[Any], context: Context, exchange: Exchange) -> None:
    left = _send(await response, context, exchange)
    if left is not None:
        await left


def _send(response: Any, context: Context, exchange: Exchange) -> Rest:  # noqa: ANN401
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
        return _finish(context) if context.pending else None
    return _stream(response, headers, context, exchange)


async def _stream(response: Response, headers: str, context: Context, exchange: Exchange) -> None:
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
    await _finish(context)


async def _finish(context: Context) -> None:
    """Finish the work that waits for the end of the answer."""
    while pending := context.take_pending():
        for done in await asyncio.gather(*pending, return_exceptions=True):
            if isinstance(done, BaseException):
                print_traceback(done)
