#!/bin/sh
# apig-wsgi 2.20.0 and serverless-wsgi 3.1.0 (PyPI): a text answer that names another charset than UTF-8 ends in UnicodeDecodeError.
# `text/plain; charset=iso-8859-1` is a valid answer of a WSGI application; both adapters decode every text body as UTF-8. mangum 0.22.0
# sends what is not UTF-8 as Base64.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check apig-wsgi==2.20.0 serverless-wsgi==3.1.0
"$folder/venv/bin/python" - <<'PY'
import serverless_wsgi
from apig_wsgi import make_lambda_handler


def app(environ, start_response):
    start_response("200 OK", [("content-type", "text/plain; charset=iso-8859-1")])
    return ["caf\u00e9".encode("iso-8859-1")]


class Context:
    aws_request_id = "r"


event = {
    "version": "2.0", "rawPath": "/", "rawQueryString": "", "headers": {"host": "shop.example"}, "isBase64Encoded": False,
    "requestContext": {"stage": "$default", "accountId": "1", "apiId": "a",
                       "http": {"method": "GET", "path": "/", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1"}},
}
for name, handler in (
    ("apig-wsgi", make_lambda_handler(app)),
    ("serverless-wsgi", lambda event, context: serverless_wsgi.handle_request(app, event, context)),
):
    try:
        handler(event, Context())
    except UnicodeDecodeError as failed:
        print(name, failed)
    else:
        raise AssertionError(f"{name} answered")
PY
