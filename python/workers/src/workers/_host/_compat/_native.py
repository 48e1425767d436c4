"""Fixes for what native modules return and see. They are needed only once a native module was loaded."""

from __future__ import annotations

import os
import tempfile
from functools import cache, wraps
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    Encode = Callable[[Any, int], tuple[str, ...]]

_LEAVES = {str, int, float, type(None)}
_TEMPORARY = PurePosixPath("/tmp")  # noqa: S108 - the name that code uses
_URI_POSITION = 7


def mend_encoder(module: ModuleType) -> Iterator[str]:
    """Let `json.dumps` write booleans that native code returned as `true` and `false`, not as `1` and `0`.

    GraalPy's encoder takes them for numbers. Python code cannot tell them from others, so only results with
    such numbers are encoded again, from a copy with Python's own booleans.
    """
    module.c_make_encoder = with_own_booleans(module.c_make_encoder)  # type: ignore[attr-defined]
    yield "json.dumps"


def with_own_booleans(make: Callable[..., Encode]) -> Callable[..., Encode]:
    """Return a `c_make_encoder` whose encoders replace booleans of native code."""

    @wraps(make)
    def make_encoder(  # noqa: PLR0913, PLR0917 - as json calls it
        markers: Any,  # noqa: ANN401
        default: Callable[[Any], Any],
        encoder: Any,  # noqa: ANN401
        indent: Any,  # noqa: ANN401
        key_separator: str,
        item_separator: str,
        *settings: Any,  # noqa: ANN401
    ) -> Encode:
        answers: dict[int, tuple[object, object]] = {}

        def ask(value: object) -> object:
            # It is asked once: an iterator, for instance, is used up then.
            if id(value) not in answers:
                answers[id(value)] = (value, default(value))
            return answers[id(value)][1]

        def ask_own(value: object) -> object:
            return own_booleans(ask(value))

        fast = make(markers, ask, encoder, indent, key_separator, item_separator, *settings)

        def encode(value: Any, level: int) -> tuple[str, ...]:  # noqa: ANN401
            chunks = tuple(fast(value, level))
            text = "".join(chunks)
            if all(each not in text for each in _suspect(key_separator, item_separator)) and text not in {
                "0",
                "1",
            }:
                return chunks
            again = make(markers, ask_own, encoder, indent, key_separator, item_separator, *settings)
            return tuple(again(own_booleans(value), level))

        return encode

    return make_encoder


@cache
def _suspect(key_separator: str, item_separator: str) -> tuple[str, ...]:
    """Return what JSON with a number 0 or 1 contains, or with a text that may be a boolean key.

    A regular expression would take longer than the encoder.
    """
    before = ("[", key_separator, item_separator)
    behind = ("]", "}", item_separator)
    numbers = (f"{one}{digit}{two}" for one in before for digit in "01" for two in behind)
    return (*numbers, '"0"', '"1"')


def own_booleans(value: Any) -> Any:  # noqa: ANN401 - anything that JSON may hold
    """Copy what JSON knows, with Python's own booleans."""
    if value is True:
        return True
    if value is False:
        return False
    if isinstance(value, dict):
        items = cast("dict[Any, Any]", value).items()
        return {_own(name): _own(each) for name, each in items}
    if isinstance(value, (list, tuple)):
        return [_own(each) for each in cast("list[Any]", value)]
    return value


def _own(value: Any) -> Any:  # noqa: ANN401
    return value if type(value) in _LEAVES else own_booleans(value)


def mend_sqlite(module: ModuleType) -> Iterator[str]:
    """Let `sqlite3.connect` find the files that Python code sees.

    Native code has the process's working directory and its `/tmp`, which all instances of the process share.
    """
    connect = module.connect  # type: ignore[attr-defined]

    @wraps(connect)
    def connect_here(database: Any, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - as connect has it
        is_uri = bool(given[_URI_POSITION - 1] if len(given) >= _URI_POSITION else named.get("uri"))
        return connect(seen_by_native_code(database, is_uri=is_uri), *given, **named)

    module.connect = connect_here  # type: ignore[attr-defined]
    yield "sqlite3.connect"


def seen_by_native_code(database: Any, *, is_uri: bool) -> Any:  # noqa: ANN401
    """Return the name under which native code finds a database."""
    name = os.fsdecode(database)
    if is_uri and name.startswith("file:"):
        uri = urlsplit(name)
        if uri.path in {"", ":memory:"} or "mode=memory" in uri.query.split("&"):
            return database
        return uri._replace(path=quote(_real(unquote(uri.path)))).geturl()
    return database if name in {"", ":memory:"} else _real(name)


def _real(name: str) -> str:
    path = PurePosixPath(os.path.abspath(name))  # noqa: PTH100 - a pure path has no working directory
    if not path.is_relative_to(_TEMPORARY) or path.is_relative_to(tempfile.gettempdir()):
        return str(path)
    return str(PurePosixPath(tempfile.gettempdir(), path.relative_to(_TEMPORARY)))
