"""Detects the convention of a function's entry, and chooses the class that calls it."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from workers._host._asgi import AsgiEntry
from workers._host._lambda import LambdaEntry
from workers._host._workers import WorkersEntry, is_handler
from workers._host._wsgi import WsgiEntry
from workers._worker import Environment

if TYPE_CHECKING:
    from workers._host._call import FunctionInfo
    from workers._host._entry import Entry
    from workers._host._loop import InstanceLoop

_EVENT_PARAMETERS = 2


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
    if not inspect.isroutine(entry):
        asynchronous = inspect.iscoroutinefunction(type(entry).__call__)
        return "asgi" if asynchronous else "wsgi"
    names = list(inspect.signature(entry).parameters)
    if len(names) > _EVENT_PARAMETERS:
        return "asgi"
    return "wsgi" if names and names[0].startswith("env") else "lambda"


def resolve(convention: str, entry: Any) -> tuple[str, Any]:  # noqa: ANN401 - an entry is any object
    """Return convention and object to call; raise TypeError when nothing can call the entry.

    Of a worker that only serves an application, it is the application.
    """
    if convention == "auto":
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
        return WsgiEntry(given, environment)
    if convention == "lambda":
        return LambdaEntry(given, info)
    return WorkersEntry(given, environment)
