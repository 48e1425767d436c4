#!/bin/sh
# mangum 0.22.0 (PyPI): with payload version 2.0 an answer that has no content-type leaves as `application/json`.
# RFC 9110 lets an answer have none; an ASGI server sends it as it is. A redirect, or a plain text whose type a browser would sniff, is then
# shown as JSON.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check mangum==0.22.0
"$folder/venv/bin/python" - <<'PY'
from mangum import Mangum


async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 302, "headers": [(b"location", b"/login")]})
    await send({"type": "http.response.body", "body": b""})


event = {
    "version": "2.0", "rawPath": "/", "rawQueryString": "", "headers": {"host": "shop.example"}, "isBase64Encoded": False,
    "requestContext": {"stage": "$default", "http": {"method": "GET", "path": "/", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1"}},
}
answer = Mangum(app, lifespan="off")(event, None)
print(answer)
assert answer["headers"]["content-type"] == "application/json"
PY
