"""JSON of Lambda events and results, as AWS's runtime client (PyPI: awslambdaric) reads and writes it.

That client uses simplejson, whose rules differ from those of `json`: a Decimal is a number, bytes are UTF-8
text, a named tuple is an object.
"""

from __future__ import annotations

import json
import math
import re
import sys
from itertools import chain
from json.decoder import py_scanstring  # pyright: ignore[reportUnknownVariableType, reportAttributeAccessIssue]
from json.encoder import encode_basestring
from json.scanner import py_make_scanner  # pyright: ignore[reportUnknownVariableType, reportAttributeAccessIssue]
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


# An escape that is half of a surrogate pair.
_HALF = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F]"
)
# Types that `json` writes as simplejson does.
_LEAVES = frozenset({str, int, float, bool, type(None)})
_PLAIN = _LEAVES | {dict, list}
_MOST_PARTS = 1_000_000
# A value with so many parts, or with one that has, is worth a look before it is written.
_MANY_PARTS = 50
_PLAIN_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


class FaultError(Exception):
    """An event or a result that the runtime itself refuses."""

    kind = ""


class UnmarshalError(FaultError):
    """The event is not JSON, although Python would read it."""

    kind = "Runtime.UnmarshalError"


class MarshalError(FaultError):
    """The handler's result is not JSON."""

    kind = "Runtime.MarshalError"


def unmarshal(body: bytes) -> Any:  # noqa: ANN401 - any JSON
    """Read an event; raise ValueError if it is not JSON, and UnmarshalError for NaN and infinities."""
    text = body.decode("utf-8-sig")
    decoder: Any = json.JSONDecoder(parse_constant=_refuse)
    if "\\u" in text and _HALF.search(text):
        # GraalPy's own scanner drops such escapes.
        decoder.parse_string = py_scanstring
        decoder.scan_once = py_make_scanner(decoder)
    return decoder.decode(text)


def _refuse(constant: str) -> None:
    message = f"Unable to unmarshal input: {constant} is not a JSON value"
    raise UnmarshalError(message)


def marshal(result: Any) -> bytes:  # noqa: ANN401 - whatever the handler gives
    """Write a result; bytes stay as they are. Raise MarshalError if the result is not JSON."""
    if isinstance(result, bytes):
        return result
    try:
        is_plain = _is_large(result) and _is_plain(result)
        text = _PLAIN_ENCODER.encode(result) if is_plain else _written(result, set())
    except (TypeError, ValueError, RecursionError) as unfit:
        message = f"Unable to marshal response: {unfit}"
        raise MarshalError(message) from None
    # A lone surrogate has no UTF-8; this makes it the escape that JSON has for it.
    return text.encode("utf-8", "backslashreplace")


def _is_large(value: Any) -> bool:  # noqa: ANN401
    if not isinstance(value, (dict, list)):
        return False
    kept = cast("dict[Any, Any] | list[Any]", value)
    parts = list(kept.values()) if isinstance(kept, dict) else kept
    return len(parts) > _MANY_PARTS or any(
        type(part) in {dict, list} and len(part) > _MANY_PARTS for part in parts
    )


def _is_plain(value: Any) -> bool:  # noqa: ANN401
    """Return true if `json`, which is many times faster, writes the value alike; most are so.

    Looks at one level of nesting after the other, because loops inside of the interpreter are fast.
    """
    level: list[Any] = [value]
    left = _MOST_PARTS  # An object that contains itself has no end.
    while level and (left := left - len(level)) > 0:
        kinds: set[Any] = set(map(type, level))
        if kinds <= _LEAVES:
            return True
        if not kinds <= _PLAIN:
            return False
        objects: list[dict[Any, Any]] = [one for one in level if type(one) is dict]
        if not set(map(type, chain.from_iterable(objects))) <= {str}:
            return False
        arrays: list[list[Any]] = [one for one in level if type(one) is list]
        level = list(chain.from_iterable([*(one.values() for one in objects), *arrays]))
    return left > 0


def _written(value: Any, parents: set[int]) -> str:  # noqa: ANN401, PLR0911 - one line for each type
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None or value is True or value is False:
        return "null" if value is None else "true" if value else "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return _number(value, float.__repr__(value))
    if isinstance(value, bytes):
        return encode_basestring(value.decode())
    if isinstance(value, dict):
        members = cast("dict[Any, Any]", value)
        return _members(members, members.items(), parents)
    if isinstance(value, (list, tuple)):
        return _elements(cast("Sequence[Any]", value), parents)
    # A function that never imported the module has no Decimal.
    decimal = sys.modules.get("decimal")
    if decimal is not None and isinstance(value, decimal.Decimal):
        return _number(value, str(value))
    message = f"Object of type {type(value).__name__} is not JSON serializable"
    raise TypeError(message)


def _number(value: Any, text: str) -> str:  # noqa: ANN401 - a float or a Decimal
    if not math.isfinite(value):
        message = f"Out of range float values are not JSON compliant: {text}"
        raise ValueError(message)
    return text


def _elements(owner: Sequence[Any], parents: set[int]) -> str:
    as_dict = getattr(owner, "_asdict", None)
    if as_dict is not None:
        return _members(owner, as_dict().items(), parents)
    _enter(owner, parents)
    texts = [_written(part, parents) for part in owner]
    parents.remove(id(owner))
    return f"[{', '.join(texts)}]"


def _members(owner: object, items: Iterable[tuple[Any, Any]], parents: set[int]) -> str:
    _enter(owner, parents)
    texts = [f"{encode_basestring(_key(key))}: {_written(value, parents)}" for key, value in items]
    parents.remove(id(owner))
    return f"{{{', '.join(texts)}}}"


def _enter(owner: object, parents: set[int]) -> None:
    if id(owner) in parents:
        message = "Circular reference detected"
        raise ValueError(message)
    parents.add(id(owner))


def _key(key: Any) -> str:  # noqa: ANN401
    if isinstance(key, str):
        return key
    if isinstance(key, bytes):
        return key.decode()
    if key is None or isinstance(key, (bool, int, float)):
        return _written(key, set())
    message = f"keys must be str, int, float, bool or None, not {type(key).__name__}"
    raise TypeError(message)
