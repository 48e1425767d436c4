"""Calls sample functions of every convention, so that the code a user's first call needs is warm."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from workers._host import _frameworks, _samples
from workers._host._bridge import Script
from workers._host._call import FunctionInfo
from workers._host._calls import Calls
from workers._host._conventions import entry_of
from workers._host._loop import InstanceLoop

if TYPE_CHECKING:
    from collections.abc import Callable

_CONVENTIONS = {
    "workers": _samples.Default,
    "asgi": _samples.asgi,
    "wsgi": _samples.wsgi,
    "lambda": _samples.handler,
}
_INFO = FunctionInfo("rehearsal", 0, {}, 1.0, 0)
_HEADERS = "host\0localhost\0user-agent\0rehearsal\0content-type\0application/json\0"
_REQUEST = f'POST\n/\na=1\n/f\n127.0.0.1\nhttp\nrehearsal\n0\ntrue\n{_HEADERS}\n{{"a": 1}}'
_FRAMEWORK_ROUNDS = 20
_FRAMEWORK_SECONDS = 0.7


def rehearse(rounds: int) -> None:
    """Call each sample a number of times; the interpreter's state stays the same."""
    for convention, entry in _CONVENTIONS.items():
        loop = InstanceLoop()
        try:
            served = entry_of(convention, entry, _INFO, loop)
            for _ in range(rounds):
                Calls(Script([f"http\n1\n{_REQUEST}", f"event\n2\n{_REQUEST}"]), served, loop).pump()
        finally:
            loop.close()


def rehearse_frameworks() -> dict[str, list[int]]:
    """Call sample applications of the frameworks that the function has loaded, for a moment each.

    Return the statuses of one round by the application's convention.
    """
    answered: dict[str, list[int]] = {}
    for convention, make, asked in _frameworks.samples():
        items = [
            f"http\n{number}\n{method}\n{path}\n{query}\n\n127.0.0.1\nhttp\nrehearsal\n0\ntrue\n{_HEADERS}\n{body}"
            for number, (method, path, query, body) in enumerate(asked)
        ]
        # A framework that the function has changed may raise anything.
        with suppress(Exception, SystemExit):
            answered[convention] = _call_for_a_while(convention, make(), items)
    return answered


def _call_for_a_while(convention: str, entry: Callable[..., Any], items: list[str]) -> list[int]:
    end = time.monotonic() + _FRAMEWORK_SECONDS
    statuses: list[int] = []
    loop = InstanceLoop()
    try:
        served = entry_of(convention, entry, _INFO, loop)
        for _ in range(_FRAMEWORK_ROUNDS):
            script = Script(items)
            Calls(script, served, loop, lambda _raised: None, is_probe=True).pump()
            statuses = script.statuses
            if time.monotonic() > end:
                break
    finally:
        loop.close()
    return statuses
