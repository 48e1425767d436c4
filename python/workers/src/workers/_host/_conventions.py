"""Detects the convention of a function's entry, and chooses the class that calls it."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from workers._host._asgi import AsgiEntry
from workers._host._factory import made
from workers._host._functions_framework import FunctionApplication, FunctionEntry
from workers._host._lambda import LambdaEntry
from workers._host._workers import WorkersEntry, is_handler
from workers._host._wsgi import WsgiEntry
from workers._worker import Environment

if TYPE_CHECKING:
    from workers._host._call import FunctionInfo
    from workers._host._entry import Entry
    from workers._host._loop import InstanceLoop

_EVENT = 2
_SCOPE = 3


def detect(entry: Any) -> str:  # noqa: ANN401 - an entry is any object
    """Return the convention of an entry; raise TypeError when nothing can call it."""
    if is_handler(entry):
        return "workers"
    if inspect.isclass(entry):
        if hasattr(entry, "fetch"):
            return "workers"
        message = f"the entry {entry.__name__} is a class without fetch"
        raise TypeError(message)
    if not callable(entry):
        message = f"the entry is a {type(entry).__name__}, which cannot be called"
        raise TypeError(message)
    try:
        signature = inspect.signature(entry)
    except (TypeError, ValueError):
        return _of_anything(entry)
    return _of_parameters(entry, signature)


def _of_parameters(entry: Any, signature: inspect.Signature) -> str:  # noqa: ANN401
    """Detect the convention by names and number of the parameters."""
    given = signature.parameters.values()
    positional = [one for one in given if one.kind in {one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD}]
    names = [one.name.lstrip("_") for one in positional]
    if (names and names[0].startswith("env")) or (len(names) > 1 and names[1].startswith("start_resp")):
        return "wsgi"
    required = sum(one.default is one.empty for one in positional)
    if required == _SCOPE or (len(names) >= _SCOPE and names[0] == "scope"):
        return "asgi"
    if not positional and any(one.kind is one.VAR_POSITIONAL for one in given):
        return _of_anything(entry)
    try:
        signature.bind(*range(_EVENT))
    except TypeError:
        name = getattr(entry, "__name__", type(entry).__name__)
        shown = signature.replace(return_annotation=signature.empty)
        message = (
            f"{name}{shown} cannot be called with (event, context), with (environ, start_response)"
            " or with (scope, receive, send)"
        )
        raise TypeError(message) from None
    return "lambda"


def _of_anything(entry: Any) -> str:  # noqa: ANN401
    """Guess the convention of what takes any arguments: a decorated handler or an application object."""
    if inspect.isroutine(entry):
        return "lambda"
    return "asgi" if inspect.iscoroutinefunction(type(entry).__call__) else "wsgi"


def resolve(convention: str, entry: Any) -> tuple[str, Any]:  # noqa: ANN401 - an entry is any object
    """Return convention and object to call; raise TypeError when nothing can call the entry.

    Of a factory, it is what it makes. Of a worker that only serves an application, it is the application.
    """
    if convention == "auto":
        entry = entry if is_handler(entry) else made(entry)
        convention = detect(entry)
    if convention == "workers" and inspect.isclass(entry):
        return vars(entry).get("application", (convention, entry))
    return convention, entry


def entry_of(convention: str, given: Any, info: FunctionInfo, loop: InstanceLoop) -> Entry:  # noqa: ANN401
    """Return the entry that calls an object by a convention; a lifespan runs on the loop."""
    environment = Environment(info.environment)
    if convention == "asgi":
        served = AsgiEntry(given, loop, environment)
        loop.run_until_complete(served.start())
        return served
    if convention == "wsgi":
        kind = FunctionEntry if isinstance(given, FunctionApplication) else WsgiEntry
        return kind(given, environment)
    if convention == "lambda":
        return LambdaEntry(given, info)
    return WorkersEntry(given, environment)
