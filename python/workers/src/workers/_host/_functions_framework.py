"""Functions of Google's functions-framework, which comes with the function's own dependencies."""

from __future__ import annotations

import importlib
import re
import sys
from dataclasses import replace
from os.path import isfile
from typing import TYPE_CHECKING, Any

from workers._host._bridge import Exchange, Script
from workers._host._wsgi import WsgiEntry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from workers._host._call import Call

_NAME = "functions_framework"
_IMPORT = re.compile(rb"^\s*(import|from)\s+functions_framework\b", re.MULTILINE)
_KINDS = ("http", "typed")
# A path that the framework answers itself.
_NOT_THE_FUNCTION = "/robots.txt"


def application(module: str, attribute: str, path: list[str]) -> Any:  # noqa: ANN401 - of Flask or Starlette
    """Import a module by the framework and return the application that calls its function.

    Return None if the module does not import the framework or if the attribute is no function of it. Raise
    TypeError if the function takes events.
    """
    file = module.replace(".", "/") + ".py"
    source = next((found for folder in path if isfile(found := f"{folder}/{file}")), None)  # noqa: PTH113
    if source is None or not _uses_framework(source):
        return None
    framework: Any = importlib.import_module(_NAME)
    try:
        made = framework.create_app(attribute, source)
    except framework.exceptions.InvalidTargetTypeException:
        return None
    kind = sys.modules[f"{_NAME}._function_registry"].REGISTRY_MAP.get(attribute)
    if kind is None:
        return None
    if kind not in _KINDS:
        message = (
            f"{attribute} takes events of the kind {kind!r}, which Hearth does not deliver yet."
            f" Decorate it with @{_NAME}.http or @{_NAME}.typed."
        )
        raise TypeError(message)
    return FunctionApplication(made) if hasattr(made, "wsgi_app") else made


def _uses_framework(source: str) -> bool:
    with open(source, "rb") as code:  # noqa: PTH123 - pathlib would be one more import for every function
        return _IMPORT.search(code.read()) is not None


class FunctionApplication:
    """The WSGI application of a function."""

    def __init__(self, made: Callable[..., Iterable[bytes]]) -> None:
        """Keep what the framework has made."""
        self._made = made

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request."""
        return self._made(environ, start_response)


class FunctionEntry(WsgiEntry):
    """Calls the application that the framework has made for a function."""

    def warm(self, call: Call) -> bool:
        """Go through the framework without calling the function, which may have effects."""
        self.http(replace(call, path=_NOT_THE_FUNCTION), Exchange(Script([]), 0))
        return True
