#!/bin/sh
# cloudevents 2.2.0 (PyPI): a double-quoted attribute header keeps its quotes.
# The HTTP binding of CloudEvents 1.0.2 (section 3.1.3.2) has a receiver take off the quotes of a header value, and the backslashes inside,
# before it decodes percent signs; senders that quote values with blanks rely on that.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check cloudevents==2.2.0
"$folder/venv/bin/python" - <<'PY'
from cloudevents.core.bindings import http
from cloudevents.core.formats.json import JSONFormat

message = http.HTTPMessage(
    {"ce-specversion": "1.0", "ce-id": "1", "ce-type": "t", "ce-source": "/s", "ce-subject": '"Euro \\"x\\""'}, b""
)
subject = http.from_binary(message, JSONFormat()).get_subject()
print(subject)
assert subject == '"Euro \\"x\\""'
PY
