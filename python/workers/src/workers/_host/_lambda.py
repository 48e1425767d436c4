"""Lambda-style handlers: `handler(event, context)`."""

from __future__ import annotations

import inspect
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from workers._host._call import InvalidAnswerError, join_headers
from workers._host._entry import Entry
from workers._host._lambda_context import LambdaContext, set_trace
from workers._host._lambda_failure import report
from workers._host._lambda_http import http_answer, http_event
from workers._host._lambda_json import FaultError, marshal, unmarshal

if TYPE_CHECKING:
    from collections.abc import Callable

    from workers._host._bridge import Exchange
    from workers._host._call import Call, FunctionInfo
    from workers._host._entry import Rest


class LambdaEntry(Entry):
    """Calls a handler with events or with HTTP requests made into events."""

    def __init__(
        self,
        handler: Callable[[Any, LambdaContext], Any],
        info: FunctionInfo,
    ) -> None:
        """Keep the handler."""
        self._handler = handler
        self._info = info

    def event(self, kind: str, call: Call, exchange: Exchange) -> Rest:  # noqa: ARG002 - all kinds are alike here
        """Hand the body's JSON to the handler; answer 200 and its JSON, or 502 and what it raised."""
        body = call.body if call.is_whole else exchange.whole_blocking()

        def answer(result: Any) -> None:  # noqa: ANN401
            exchange.answer(200, "", marshal(result))

        def fail(raised: BaseException) -> None:
            exchange.answer(502, "", report(raised, call.invocation))

        try:
            event = unmarshal(body)
        except (ValueError, RecursionError):
            exchange.fail("request_invalid")
            return None
        except FaultError as fault:
            fail(fault)
            return None
        return self._call(event, call, answer, fail)

    def http(self, call: Call, exchange: Exchange) -> Rest:
        """Answer one HTTP request."""
        if not call.is_whole:
            call = replace(call, body=exchange.whole_blocking(), is_whole=True)

        def answer(result: Any) -> None:  # noqa: ANN401
            given = http_answer(result)
            exchange.answer(given.status, join_headers(given.headers), given.body)

        def fail(raised: BaseException) -> None:
            if isinstance(raised, InvalidAnswerError):
                raise raised
            report(raised, call.invocation)
            exchange.fail("function_raised")

        return self._call(http_event(call), call, answer, fail)

    def _call(
        self,
        event: Any,  # noqa: ANN401
        call: Call,
        answer: Callable[[Any], None],
        fail: Callable[[BaseException], None],
    ) -> Rest:
        set_trace(call.invocation)
        try:
            context = LambdaContext(self._info, call.invocation, call.deadline)
            result = self._handler(event, context)
            if not inspect.isawaitable(result):
                answer(result)
                return None
        except (Exception, SystemExit) as raised:  # noqa: BLE001 - user code
            fail(raised)
            return None

        async def later() -> None:
            try:
                answer(await result)
            except (Exception, SystemExit) as raised:  # noqa: BLE001 - user code
                fail(raised)

        return later()

    def warm(self, call: Call) -> bool:
        """Go through the conversions without calling the handler, which may have effects."""
        http_event(call)
        http_answer({"statusCode": 200, "body": "warm"})
        return True
