"""Serves throw-away functions of every convention, so that a user's first call meets what has run before."""

from __future__ import annotations

from workers._host import _samples
from workers._host._bridge import Script
from workers._host._call import FunctionInfo
from workers._host._calls import Calls
from workers._host._loop import InstanceLoop
from workers._host._start import adapter

_CONVENTIONS = {
    "workers": _samples.Default,
    "asgi": _samples.asgi,
    "wsgi": _samples.wsgi,
    "lambda": _samples.handler,
}
_INFO = FunctionInfo("rehearsal", 0, {}, 1.0, 0)
_HEADERS = "host\0localhost\0user-agent\0rehearsal\0"
_REQUEST = f'POST\n/\na=1\n/f\n127.0.0.1\nhttp\nrehearsal\n0\ntrue\n{_HEADERS}\n{{"a": 1}}'


def rehearse(rounds: int) -> None:
    """Call each sample so many times; what is left behind in the interpreter is nothing but warmth."""
    for convention, entry in _CONVENTIONS.items():
        loop = InstanceLoop()
        try:
            served = adapter(convention, entry, _INFO, loop)
            for _ in range(rounds):
                Calls(Script([f"call\n1\n{_REQUEST}", f"event\n2\n{_REQUEST}"]), served, loop).pump()
        finally:
            loop.close()
