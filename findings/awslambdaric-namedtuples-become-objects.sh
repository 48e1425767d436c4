#!/bin/sh
# awslambdaric 4.2.2 (PyPI): a handler that returns a namedtuple answers a JSON object on Lambda; json.dumps gives an array.
# The client encodes with simplejson, whose namedtuple_as_object is on: anything with an `_asdict` method becomes an object, a list
# subclass too. Code that was tried with the json module, or runs on another platform, answers something else.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check awslambdaric==4.2.2
"$folder/venv/bin/python" - <<'PY'
import json
from collections import namedtuple

from awslambdaric.lambda_runtime_marshaller import LambdaMarshaller

Point = namedtuple("Point", "x y")


class Row(list):
    def _asdict(self):
        return {"from": "_asdict"}


answer, _ = LambdaMarshaller().marshal_response({"point": Point(1, 2), "row": Row([3])})
print(answer, json.dumps({"point": Point(1, 2), "row": Row([3])}))
assert json.loads(answer) == {"point": {"x": 1, "y": 2}, "row": {"from": "_asdict"}}
assert json.loads(json.dumps({"point": Point(1, 2)})) == {"point": [1, 2]}
PY
