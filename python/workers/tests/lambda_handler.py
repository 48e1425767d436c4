"""The handler that AWS's runtime client and Hearth both call, with results of many types."""

import collections
import dataclasses
import datetime as dt
import enum
import logging
import uuid
from decimal import Decimal
from typing import Any, NamedTuple


class Point(NamedTuple):
    x: int
    y: Any


class Colour(enum.Enum):
    RED = 1


class Size(enum.IntEnum):
    SMALL = 1


class Name(enum.StrEnum):
    A = "a"


class Temperature(float):
    __slots__ = ()

    def __repr__(self) -> str:
        return "warm"


@dataclasses.dataclass
class Cup:
    size: int


circle: list[Any] = []
circle.append(circle)

RESULTS: dict[str, Any] = {
    "decimal": Decimal("1.10"),
    "decimals": {"a": [Decimal("1E+3"), Decimal(0), Decimal("-0.0")]},
    "bytes": b"\x00\xff",
    "bytes inside": {"a": b"x\xc3\xa9"},
    "bytes inside that are no text": [b"\xff"],
    "bytearray": bytearray(b"x"),
    "memoryview": memoryview(b"x"),
    "set": {1},
    "frozenset": [frozenset()],
    "tuple": (1, 2),
    "named tuple": Point(1, [Point(2, None)]),
    "none": None,
    "text": 'é\u2028"\\\n\x7f\x01</\U0001f600',
    "keys": {1: 1, 1.5: 2, None: 3, Size.SMALL + 1: 4, Name.A: 5, 1e22: 6},
    "key true": {True: 1},
    "key bytes": {b"k": 1},
    "key tuple": {(1, 2): 1},
    "key decimal": {Decimal("1.5"): 1},
    "enum": Colour.RED,
    "int enum": Size.SMALL,
    "text enum": [Name.A],
    "dataclass": Cup(1),
    "datetime": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    "uuid": uuid.UUID(int=1),
    "circle": circle,
    "same twice": [[RESULT := [1]], RESULT],
    "many": {"items": [{"id": number, "price": 1.5, "none": None} for number in range(60)]},
    "many with a decimal": [[Decimal(number)] for number in range(60)],
    "many with a named tuple": [Point(1, number) for number in range(60)],
    "many with a circle": [circle] * 60,
    "many with keys": [{1: number} for number in range(60)],
    "generator": iter([1]),
    "dict values": {"a": 1}.values(),
    "counter": collections.Counter("aa"),
    "deque": collections.deque([1]),
    "user dict": collections.UserDict(a=1),
    "large": 2**80,
    "floats": [1.0, 1e100, 0.1, 1e-7, -0.0, Temperature(1.5)],
    "booleans": [True, False],
    "empty": [[], {}, ()],
    "complex": 1j,
    "function": len,
    "type": int,
}

EVENTS = [
    b'["\\ud800", "a\\udc00b", "\\ud83d\\ude00", "\\uD83D\\ud83d\\ude00"]',
    b'{"a": 1, "a": 2}',
    b"1e400",
    b"\xef\xbb\xbf{}",
    b'"\xc3\xa9"',
    b"12345678901234567890123",
    b"[1.10, null, true]",
]
UNFIT_EVENTS = [b"NaN", b"[Infinity]", b'{"a": -Infinity}']
BROKEN_EVENTS = [b"{", b"", b"\xff", b'"a\x01"']
CONTEXT = ["aws_request_id", "client_context", "tenant_id"]


def handler(event: Any, context: Any) -> Any:
    if not isinstance(event, dict) or "do" not in event:
        return repr(event)
    return globals()[event["do"]](event, context)


def give(event: Any, _context: Any) -> Any:
    return RESULTS[event["what"]]


def give_nan(_event: Any, _context: Any) -> Any:
    return [float("nan")]


def tell(_event: Any, context: Any) -> Any:
    identity = context.identity.cognito_identity_id, context.identity.cognito_identity_pool_id
    return {name: getattr(context, name) for name in CONTEXT} | {"identity": identity, "w3c": context.w3c()}


def fail(_event: Any, _context: Any) -> Any:
    try:
        return {}["tea"]
    except KeyError as missing:
        message = "no tea"
        raise ValueError(message) from missing


def fail_without_words(_event: Any, _context: Any) -> Any:
    raise RuntimeError


def write(_event: Any, context: Any) -> None:
    root = logging.getLogger()
    root.setLevel("DEBUG")
    root.debug("quiet")
    logging.getLogger("tea.pot").info("%s cups", 2, extra={"size": Decimal(1), "none": None})
    root.warning({"an": "object"})
    try:
        fail(None, None)
    except ValueError:
        root.exception("broken")
    context.log("by the context\n")
