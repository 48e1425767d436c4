#!/bin/sh
# cloudevents 2.2.0 (PyPI): a structured event with `"subject": null` or `"time": null` is refused, with errors of two kinds.
# The JSON format of CloudEvents 1.0.2 (section 2.2) has a decoder treat null as an attribute that is not set. Producers that serialize
# objects with optional fields send such events. An extension that is null is kept and written as null again.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check cloudevents==2.2.0
"$folder/venv/bin/python" - <<'PY'
import json

from cloudevents.core.formats.json import JSONFormat


def read(**more):
    return JSONFormat().read(None, json.dumps({"specversion": "1.0", "id": "1", "type": "t", "source": "/s", **more}))


for name, error in (("subject", "CloudEventValidationError"), ("time", "TypeError")):
    try:
        read(**{name: None})
    except Exception as refused:
        print(name, type(refused).__name__, refused)
        assert type(refused).__name__ == error
    else:
        raise AssertionError(f"{name} was read")
assert b'"seq": null' in JSONFormat().write(read(seq=None))
PY
