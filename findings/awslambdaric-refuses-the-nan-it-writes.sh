#!/bin/sh
# awslambdaric 4.2.2 (PyPI): a result that holds float("nan") or an infinity is written as NaN or Infinity, which is not JSON.
# The same client refuses that as an event (Runtime.UnmarshalError), so the second of two chained functions fails before its code runs.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check awslambdaric==4.2.2
"$folder/venv/bin/python" - <<'PY'
from awslambdaric.lambda_runtime_exception import FaultException
from awslambdaric.lambda_runtime_marshaller import LambdaMarshaller

marshaller = LambdaMarshaller()
answer, _ = marshaller.marshal_response({"mean": float("nan"), "most": float("inf")})
print(answer)
assert answer == '{"mean": NaN, "most": Infinity}'
try:
    marshaller.unmarshal_request(answer)
except FaultException as refused:
    print(refused)
else:
    raise AssertionError("it was read")
PY
