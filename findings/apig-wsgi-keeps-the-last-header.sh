#!/bin/sh
# apig-wsgi 2.20.0 (PyPI): with payload version 2.0, of a response header that is there more than once only the last value is kept.
# Link, Vary, WWW-Authenticate and others may be repeated (RFC 9110, 5.3), and joining them with commas is what the payload format asks
# for. Only Set-Cookie is treated apart.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check apig-wsgi==2.20.0
"$folder/venv/bin/python" - <<'PY'
from apig_wsgi import make_lambda_handler


def app(environ, start_response):
    start_response("200 OK", [("content-type", "text/plain"), ("link", "</a>; rel=next"), ("link", "</b>; rel=last")])
    return [b"ok"]


event = {
    "version": "2.0", "rawPath": "/", "rawQueryString": "", "headers": {"host": "shop.example"}, "isBase64Encoded": False,
    "requestContext": {"stage": "$default", "http": {"method": "GET", "path": "/", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1"}},
}
answer = make_lambda_handler(app)(event, None)
print(answer)
assert answer["headers"]["link"] == "</b>; rel=last"
PY
