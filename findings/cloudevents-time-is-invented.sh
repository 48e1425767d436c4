#!/bin/sh
# cloudevents 2.2.0 (PyPI): reading an event that has no `time` gives it the time of reading.
# The attribute is optional in CloudEvents 1.0. Reading one message twice gives two different events, and an event that is only passed on
# leaves with an attribute that its producer did not set.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check cloudevents==2.2.0
"$folder/venv/bin/python" - <<'PY'
from cloudevents.core.bindings import kafka
from cloudevents.core.formats.json import JSONFormat

message = kafka.KafkaMessage(
    {"ce_specversion": b"1.0", "ce_id": b"1", "ce_type": b"order.placed", "ce_source": b"/shop"}, b"k", b"{}"
)
first, second = (kafka.from_binary(message, JSONFormat()) for _ in range(2))
print(first.get_time(), second.get_time())
assert first.get_time() is not None and first.get_time() != second.get_time()
assert "ce_time" in kafka.to_binary(first, JSONFormat()).headers
print("a message without time was passed on with", kafka.to_binary(first, JSONFormat()).headers["ce_time"])
PY
