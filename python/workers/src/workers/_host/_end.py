"""The end of an instance: what a function left to be done when its process ends."""

from __future__ import annotations

import asyncio
import atexit
from asyncio import runners
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from workers._host._failure import print_traceback
from workers._host._signals import termination

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

    from workers._host._calls import Calls
    from workers._host._loop import InstanceLoop

T = TypeVar("T")

# The functions that code registered with `atexit`, in the order of their registration.
_at_exit: list[tuple[Callable[..., object], partial[object]]] = []


def keep_exit_functions() -> None:
    """Make `atexit` keep functions here: GraalPy's prints what they raise in pieces, and raises it again."""

    def register(function: Callable[..., T], /, *given: object, **named: object) -> Callable[..., T]:
        if not callable(function):
            message = "the first argument must be callable"
            raise TypeError(message)
        _at_exit.append((function, partial(function, *given, **named)))
        return function

    def unregister(function: Callable[..., object], /) -> None:
        _at_exit[:] = [each for each in _at_exit if each[0] != function]

    atexit.register, atexit.unregister = register, unregister  # type: ignore[assignment]


def _exit_functions() -> Iterator[Callable[[], object]]:
    while _at_exit:
        yield _at_exit.pop()[1]
    # Those of the standard library's modules that were loaded before the function.
    own: Any = atexit
    yield own._run_exitfuncs  # noqa: SLF001


def end(calls: Calls, loop: InstanceLoop) -> None:
    """End the calls; then run SIGTERM's handler, the lifespan's shutdown and the functions of `atexit`.

    What raises is logged, and the rest runs nevertheless.
    """

    def cancel_tasks() -> None:
        runners._cancel_all_tasks(loop)  # type: ignore[attr-defined]  # noqa: SLF001 - as asyncio.run does it
        loop.run_until_complete(loop.shutdown_asyncgens())

    def shut_down(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        loop.run_until_complete(work())

    shutdowns = [partial(shut_down, work) for work in reversed(loop.at_end)]
    for part in (calls.finish, partial(_terminate, loop), *shutdowns, cancel_tasks):
        _run(part)
    for part in _exit_functions():
        _run(part)


def _run(part: Callable[[], object]) -> None:
    try:
        part()
    except SystemExit:
        pass
    except BaseException as raised:  # noqa: BLE001 - user code
        print_traceback(raised)


def _terminate(loop: InstanceLoop) -> None:
    """Call the handler of SIGTERM, and finish the tasks that it starts."""
    call = termination()
    if call is None:
        return
    before = set(loop.others)
    try:
        call()
    finally:
        # A handler may stop the loop.
        with suppress(RuntimeError):
            loop.run_until_complete(asyncio.sleep(0))
            if started := loop.others - before:
                loop.run_until_complete(asyncio.wait(started))
