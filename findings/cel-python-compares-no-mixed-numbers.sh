#!/bin/sh
# cel-python 0.5.0 (PyPI): `1 == 1.0` and `amount < 1.5` with an integer amount raise "no such overload".
# The language definition of CEL has int, uint and double compared as if on one number line, because JSON has one kind of number. A filter such as
# `data.amount > 0.5` therefore works for an event with 1.0 and raises for one with 1. Timestamps lose what is below a microsecond, so
# two that differ by 789 ns are equal.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check cel-python==0.5.0
"$folder/venv/bin/python" - <<'PY'
import celpy


def evaluate(expression, data):
    environment = celpy.Environment()
    return environment.program(environment.compile(expression)).evaluate({"data": celpy.json_to_cel(data)})


assert evaluate("data.amount > 0.5", {"amount": 1.0})
for expression in ("data.amount > 0.5", "data.amount == 1.0"):
    try:
        evaluate(expression, {"amount": 1})
    except celpy.CELEvalError as refused:
        print(expression, refused.args[1].__name__)
    else:
        raise AssertionError(f"{expression} was evaluated")
same = 'timestamp("2026-01-02T03:04:05.123456789Z") == timestamp("2026-01-02T03:04:05.123456Z")'
print(evaluate(same, {}))
assert evaluate(same, {})
PY
