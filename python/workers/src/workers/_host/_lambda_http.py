"""HTTP calls of Lambda handlers: events of API Gateway's form 2.0, and answers.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from __future__ import annotations

import base64
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qsl, unquote

from workers._host._call import InvalidAnswerError
from workers._host._lambda_json import FaultError, marshal

if TYPE_CHECKING:
    from workers._host._call import Call

# Bodies of these types, and of text/…, are text in the event. All others are base64, also forms.
_TEXT_TYPES = frozenset({"application/json", "application/javascript", "application/xml"})
_STATUSES = range(200, 600)


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
    for name, value in parse_qsl(call.url[1], keep_blank_values=True):
        query[name] = f"{query[name]},{value}" if name in query else value
    now = time.time()
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": unquote(call.url[0]),
        "rawQueryString": call.url[1],
        "headers": headers,
        "requestContext": {
            "accountId": "anonymous",
            "apiId": "hearth",
            "domainName": call.host,
            "domainPrefix": call.host.partition(".")[0],
            "http": {
                "method": call.method,
                "path": unquote(call.url[0]),
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
        event["body"], event["isBase64Encoded"] = _body(call.body, headers.get("content-type", ""))
    return event


def _body(body: bytes, content_type: str) -> tuple[str, bool]:
    """Return the body as the event has it, and whether that is base64."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind in _TEXT_TYPES or kind.startswith("text/"):
        try:
            return body.decode("utf-8"), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(body).decode("ascii"), True


@dataclass
class Answer:
    """One HTTP response."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def http_answer(result: Any) -> Answer:  # noqa: ANN401 - whatever the handler gives
    """Convert a handler's result to an HTTP answer; a result without statusCode becomes JSON."""
    if not isinstance(result, dict) or "statusCode" not in result:
        return Answer(200, [("content-type", "application/json")], _json(result))
    answer = cast("dict[str, Any]", result)
    headers = _headers(answer)
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("content-type", "application/json"))
    return Answer(_status(answer["statusCode"]), headers, _content(answer))


def _json(result: Any) -> bytes:  # noqa: ANN401
    try:
        text = marshal(result)
        if isinstance(result, bytes):
            json.loads(text)
    except FaultError as unfit:
        raise InvalidAnswerError(str(unfit)) from None
    except ValueError:
        message = "the handler's result is bytes that are not JSON; return them base64-encoded in `body`"
        raise InvalidAnswerError(message) from None
    return text


def _status(given: Any) -> int:  # noqa: ANN401
    try:
        status = int(given)
    except (TypeError, ValueError):
        status = 0
    if status not in _STATUSES:
        message = f"the handler's statusCode is {given!r}; it must be a number from 200 to 599"
        raise InvalidAnswerError(message)
    return status


def _headers(answer: dict[str, Any]) -> list[tuple[str, str]]:
    given: Any = answer.get("headers") or {}
    cookies: Any = answer.get("cookies") or []
    if not isinstance(given, dict) or not isinstance(cookies, (list, tuple)):
        message = "the handler's `headers` must be a dict and its `cookies` a list"
        raise InvalidAnswerError(message)
    headers = [(str(name), _value(name, value)) for name, value in cast("dict[Any, Any]", given).items()]
    headers.extend(("set-cookie", _value("set-cookie", cookie)) for cookie in cast("list[Any]", cookies))
    return headers


def _value(name: object, value: Any) -> str:  # noqa: ANN401
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (str, int, float)):
        return str(value)
    message = (
        f"the handler's header {name!r} is {value!r}; a value must be one string"
        " (several cookies go into `cookies`)"
    )
    raise InvalidAnswerError(message)


def _content(answer: dict[str, Any]) -> bytes:
    body = answer.get("body")
    if body is None:
        return b""
    if not isinstance(body, (str, bytes)):
        return _json(body)
    try:
        # Bytes are text in JSON, as that of base64.b64encode.
        text = body if isinstance(body, str) else body.decode("utf-8")
        return base64.b64decode(text) if answer.get("isBase64Encoded") else text.encode("utf-8")
    except ValueError as unfit:
        message = f"the handler's body cannot be sent: {unfit}; send bytes as base64 and set isBase64Encoded"
        raise InvalidAnswerError(message) from None
