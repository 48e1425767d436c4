#!/bin/sh
# cloudevents 2.2.0 (PyPI): in binary mode an extension of type Boolean is written as Python prints it: `True`.
# CloudEvents 1.0 ("Type System") gives `true` and `false` as the canonical strings. The JSON format of the same library writes `true`,
# so a filter on the attribute matches in one mode and not in the other. Binary attributes become `b'...'` instead of Base64.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check cloudevents==2.2.0
"$folder/venv/bin/python" - <<'PY'
from cloudevents.core.bindings import http, kafka
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

event = CloudEvent({"type": "t", "source": "/s", "id": "1", "sampled": True, "blob": b"ab"}, None)
headers = http.to_binary(event, JSONFormat()).headers
print(headers["ce-sampled"], headers["ce-blob"], kafka.to_binary(event, JSONFormat()).headers["ce_sampled"])
assert headers["ce-sampled"] == "True" and headers["ce-blob"] == "b'ab'"
assert kafka.to_binary(event, JSONFormat()).headers["ce_sampled"] == b"True"
plain = CloudEvent({"type": "t", "source": "/s", "id": "1", "sampled": True}, None)
assert b'"sampled": true' in JSONFormat().write(plain)
PY
