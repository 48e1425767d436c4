"""How an entry wants to be called, and what calls it so."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from workers._host._asgi import AsgiAdapter
from workers._host._lambda import LambdaAdapter
from workers._host._workers import WorkersAdapter
from workers._host._wsgi import WsgiAdapter

if TYPE_CHECKING:
    from workers._host._call import FunctionInfo
    from workers._host._calls import Adapter
    from workers._host._loop import InstanceLoop

_EVENT_PARAMETERS = 2


def detect(entry: Any) -> str:  # noqa: ANN401 - an entry is any object
    """Tell how an entry wants to be called."""
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


def adapter(convention: str, entry: Any, info: FunctionInfo, loop: InstanceLoop) -> Adapter:  # noqa: ANN401
    """Return what calls an entry by its convention; coroutines run on the loop."""
    if convention == "asgi":
        return AsgiAdapter(entry, loop)
    if convention == "wsgi":
        return WsgiAdapter(entry)
    if convention == "lambda":
        return LambdaAdapter(entry, info)
    return WorkersAdapter(entry, info)
