"""Lambda-style handlers: `handler(event, context)`.

HTTP calls become events in the form 2.0 of API Gateway
(https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
"""

from __future__ import annotations

import base64
import inspect
import json
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qsl, unquote

from workers._host._call import InvalidAnswerError, join_headers
from workers._host._entry import Entry
from workers._host._failure import described, print_traceback

if TYPE_CHECKING:
    from collections.abc import Callable

    from workers._host._bridge import Exchange
    from workers._host._call import Call, FunctionInfo
    from workers._host._entry import Rest

_NO_DEADLINE_MILLISECONDS = 0


class LambdaContext:
    """Context object of one call, with the names of AWS Lambda."""

    def __init__(self, info: FunctionInfo, invocation: str, deadline: float) -> None:
        """Set the attributes that handlers expect."""
        self.function_name = info.name
        self.function_version = str(info.revision)
        self.invoked_function_arn = f"hearth:function:{info.name}:{info.revision}"
        self.aws_request_id = invocation
        self.log_group_name = info.name
        self.log_stream_name = f"{info.name}/{info.revision}"
        # Size of the heap, which it may share with other functions of its tenant.
        self.memory_limit_in_mb = str(info.memory)
        self.identity = None
        self.client_context = None
        self._deadline = deadline

    def get_remaining_time_in_millis(self) -> int:
        """Return the time until the call reaches its limit."""
        return max(_NO_DEADLINE_MILLISECONDS, int((self._deadline - time.time()) * 1000))


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
        try:
            event: Any = json.loads(body.decode("utf-8"))
        except ValueError:
            exchange.fail("request_invalid")
            return None

        def answer(result: Any) -> None:  # noqa: ANN401
            try:
                text = json.dumps(result)
            except (TypeError, ValueError) as unfit:
                message = f"the handler's result is not JSON: {unfit}"
                raise InvalidAnswerError(message) from unfit
            exchange.answer(200, "", text.encode())

        def fail(raised: BaseException) -> None:
            print_traceback(raised)
            exchange.answer(502, "", described(raised))

        try:
            result = self._handler(event, LambdaContext(self._info, call.invocation, call.deadline))
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

    def http(self, call: Call, exchange: Exchange) -> Rest:
        """Answer one HTTP request."""
        if not call.is_whole:
            call = replace(call, body=exchange.whole_blocking(), is_whole=True)

        def answer(result: Any) -> None:  # noqa: ANN401
            given = http_answer(result)
            exchange.answer(given.status, join_headers(given.headers), given.body)

        result = self._handler(http_event(call), LambdaContext(self._info, call.invocation, call.deadline))
        if not inspect.isawaitable(result):
            answer(result)
            return None

        async def later() -> None:
            answer(await result)

        return later()

    def warm(self, call: Call) -> bool:
        """Go through the conversions without calling the handler, which may have effects."""
        http_event(call)
        http_answer({"statusCode": 200, "body": "warm"})
        return True


def http_event(call: Call) -> dict[str, Any]:
    """Make the event of an HTTP request."""
    headers: dict[str, str] = {}
    for name, value in call.headers:
        key = name.lower()
        if key != "cookie":
            headers[key] = f"{headers[key]},{value}" if key in headers else value
    cookies = [
        part.strip() for name, value in call.headers if name.lower() == "cookie" for part in value.split(";")
    ]
    query: dict[str, str] = {}
    for name, value in parse_qsl(call.query, keep_blank_values=True):
        query[name] = f"{query[name]},{value}" if name in query else value
    now = time.time()
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": unquote(call.path),
        "rawQueryString": call.query,
        "headers": headers,
        "requestContext": {
            "accountId": "anonymous",
            "apiId": "hearth",
            "domainName": call.host,
            "domainPrefix": call.host.partition(".")[0],
            "http": {
                "method": call.method,
                "path": unquote(call.path),
                "protocol": "HTTP/1.1",
                "sourceIp": call.client,
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": call.invocation,
            "routeKey": "$default",
            "stage": "$default",
            "time": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
            "timeEpoch": int(now * 1000),
        },
        "isBase64Encoded": False,
    }
    if cookies:
        event["cookies"] = cookies
    if query:
        event["queryStringParameters"] = query
    if call.body:
        try:
            event["body"] = call.body.decode("utf-8")
        except UnicodeDecodeError:
            event["body"] = base64.b64encode(call.body).decode("ascii")
            event["isBase64Encoded"] = True
    return event


@dataclass
class Answer:
    """One HTTP response."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def http_answer(result: Any) -> Answer:  # noqa: ANN401 - whatever the handler gives
    """Convert a handler's result to an HTTP answer; a result without statusCode becomes JSON."""
    if not isinstance(result, dict) or "statusCode" not in result:
        return Answer(200, [("content-type", "application/json")], json.dumps(result).encode())
    answer = cast("dict[str, Any]", result)
    given = cast("dict[str, Any]", answer.get("headers") or {})
    headers = [(str(name), str(value)) for name, value in given.items()]
    headers.extend(("set-cookie", str(cookie)) for cookie in answer.get("cookies") or ())
    body = answer.get("body")
    if body is None:
        content = b""
    elif not isinstance(body, str):
        content = json.dumps(body).encode()
    elif answer.get("isBase64Encoded"):
        content = base64.b64decode(body)
    else:
        content = body.encode("utf-8")
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("content-type", "application/json"))
    try:
        status = int(answer["statusCode"])
    except (TypeError, ValueError):
        message = f"the handler's statusCode is {answer['statusCode']!r}"
        raise InvalidAnswerError(message) from None
    return Answer(status, headers, content)
