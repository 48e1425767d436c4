"""Workers: a class with `async def fetch(self, request)`."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from workers._host._call import Answer, InvalidAnswerError
from workers._http import Headers, Request, Response
from workers._worker import Context, Environment

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable

    from workers._host._call import Call, FunctionInfo


class WorkersAdapter:
    """Makes a worker for each call and has it fetch."""

    def __init__(self, worker: type[Any], info: FunctionInfo, loop: asyncio.AbstractEventLoop) -> None:
        """Keep the class."""
        self._worker = worker
        self._environment = Environment(info.environment)
        self._loop = loop
        self._pending: list[Awaitable[object]] = []

    def __call__(self, call: Call) -> Answer:
        """Answer one request."""
        query = f"?{call.query}" if call.query else ""
        request = Request(
            f"{call.scheme}://{call.host}{call.path}{query}",
            method=call.method,
            headers=Headers(call.headers),
            body=call.body,
            root_path=call.root_path,
        )
        context = Context()
        worker = self._worker(context, self._environment)
        response = worker.fetch(request)
        if inspect.isawaitable(response):
            response = self._loop.run_until_complete(_await(response))
        self._pending = context.take_pending()
        if isinstance(response, str):
            response = Response(response)
        if not isinstance(response, Response):
            message = f"fetch must return a Response but returned {type(response).__name__}"
            raise InvalidAnswerError(message)
        return Answer(response.status, response.headers.items(), response.body)

    @property
    def pending(self) -> bool:
        """Tell whether work was left for after the answer."""
        return bool(self._pending)

    def finish(self) -> None:
        """Do the work that was left for after the answer."""
        pending, self._pending = self._pending, []
        for work in pending:
            self._loop.run_until_complete(_await(work))


async def _await(work: Awaitable[Any]) -> Any:  # noqa: ANN401 - whatever the worker gives
    return await work
