"""Serves throw-away functions of every convention, so that a user's first call meets what has run before."""

from __future__ import annotations

import asyncio

from workers._host import _samples
from workers._host._call import FunctionInfo
from workers._host._start import Instance, adapter

_CONVENTIONS = {
    "workers": _samples.Default,
    "asgi": _samples.asgi,
    "wsgi": _samples.wsgi,
    "lambda": _samples.handler,
}
_INFO = FunctionInfo("rehearsal", 0, {}, 1.0)
_HEADERS = "host\0localhost\0user-agent\0rehearsal\0"


def rehearse(rounds: int) -> None:
    """Call each sample so many times; what is left behind in the interpreter is nothing but warmth."""
    for convention, entry in _CONVENTIONS.items():
        loop = asyncio.new_event_loop()
        try:
            instance = Instance(convention, adapter(convention, entry, _INFO, loop))
            for _ in range(rounds):
                instance.call("POST", "/", "a=1", _HEADERS, "x", "/f", "127.0.0.1", "http", "rehearsal", 0.0)
                instance.event('{"a": 1}', "rehearsal", 0.0)
                instance.finish()
        finally:
            loop.close()
