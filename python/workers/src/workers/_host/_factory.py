"""Calls an entry that makes the application, such as `create_app`."""

from __future__ import annotations

import inspect
from typing import Any

_HANDLERS = frozenset({"handler", "lambda_handler"})
_ARGUMENTS_OF_CALLS = frozenset({"event", "evt", "environ", "env", "scope", "request"})


def made(entry: Any) -> Any:  # noqa: ANN401 - an entry is any object
    """Return what a factory makes, or the entry itself if it is not a factory.

    A factory is a function that can be called without arguments and does not look like a handler whose
    parameters have defaults. Raise TypeError if it makes nothing that can be called.
    """
    if not inspect.isfunction(entry) or not _takes_nothing(entry):
        return entry
    name = entry.__name__
    if inspect.iscoroutinefunction(entry):
        message = (
            f"the entry {name} takes no arguments, so it must make the application, but it is asynchronous"
        )
        raise TypeError(message)
    application = entry()
    if not callable(application):
        message = (
            f"the entry {name} takes no arguments, so it was called to make the application,"
            f" but it returned {application!r:.100}"
        )
        raise TypeError(message)
    return application


def _takes_nothing(function: Any) -> bool:  # noqa: ANN401
    parameters = list(inspect.signature(function).parameters.values())
    if any(
        one.kind is one.VAR_POSITIONAL or (one.default is one.empty and one.kind is not one.VAR_KEYWORD)
        for one in parameters
    ):
        return False
    first = parameters[0].name.lstrip("_") if parameters else ""
    return function.__name__ not in _HANDLERS and first not in _ARGUMENTS_OF_CALLS
