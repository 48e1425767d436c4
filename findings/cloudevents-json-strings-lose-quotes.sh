#!/bin/sh
# cloudevents 2.2.0 (PyPI): an event whose data is a JSON string changes between modes.
# Read in structured mode and written in binary mode, the body of `application/json` is the bare text, which is not JSON to other readers. The
# library itself reads that again, as another type where the text looks like a number or a literal.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check cloudevents==2.2.0
"$folder/venv/bin/python" - <<'PY'
import json

from cloudevents.core.bindings import http
from cloudevents.core.formats.json import JSONFormat

FORMAT = JSONFormat()


def passed_on(data):
    text = json.dumps({"specversion": "1.0", "id": "1", "type": "t", "source": "/s",
                       "datacontenttype": "application/json", "data": data})
    return http.to_binary(FORMAT.read(None, text), FORMAT)


print(passed_on("hello").body, passed_on("007").body, passed_on("5").body)
assert passed_on("hello").body == b"hello"
try:
    json.loads(passed_on("hello").body)
except json.JSONDecodeError as refused:
    print("not JSON:", refused)
else:
    raise AssertionError("it is JSON")
assert http.from_binary(passed_on("5"), FORMAT).get_data() == 5
PY
