#!/bin/sh
# standardwebhooks 1.1.0 (PyPI): verify() raises JSONDecodeError for a rightly signed body that is not JSON, an empty one too.
# The signature was good; a receiver that answers every exception of verify() with 400 refuses such a webhook as if it were forged, and the
# sender tries again for days. sign() takes any text.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check standardwebhooks==1.1.0
"$folder/venv/bin/python" - <<'PY'
import json
from datetime import datetime, timezone

from standardwebhooks import Webhook

hook = Webhook("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3")
now = datetime.now(timezone.utc)
for body in ("", "a=1&b=2"):
    headers = {"webhook-id": "msg_1", "webhook-timestamp": str(int(now.timestamp())),
               "webhook-signature": hook.sign("msg_1", now, body)}
    try:
        hook.verify(body, headers)
    except json.JSONDecodeError as refused:
        print(repr(body), refused)
    else:
        raise AssertionError("it was verified")
PY
