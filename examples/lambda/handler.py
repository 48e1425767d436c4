"""A Lambda-style handler: called with events, and by HTTP with API Gateway's events."""

import json
from typing import Any


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Add two numbers."""
    if "requestContext" in event:
        numbers = event.get("queryStringParameters", {})
        total = sum(float(value) for value in numbers.values())
        return {"statusCode": 200, "body": json.dumps({"sum": total})}
    return {"sum": event["a"] + event["b"], "request": context.aws_request_id}
