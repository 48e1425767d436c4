"""What a function does before it is written down, and after it was made anew from that."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

Hook = TypeVar("Hook", bound="Callable[..., Any]")

_before: list[Callable[[], Any]] = []
_after: list[Callable[[], Any]] = []


def register_before_snapshot(hook: Hook, *arguments: Any, **options: Any) -> Hook:  # noqa: ANN401
    """Have a callable, or coroutine function, called before the snapshot, the last one registered first.

    Connections must be closed then. Where it raises, the function gets no snapshot.
    """
    _before.insert(0, lambda: hook(*arguments, **options))
    return hook


def register_after_restore(hook: Hook, *arguments: Any, **options: Any) -> Hook:  # noqa: ANN401
    """Have a callable, or coroutine function, called after a restore, the first one registered first.

    It is called before the first call. What must be unique is made here: `random` has a new seed, generators
    of the code's own have not.
    """
    _after.append(lambda: hook(*arguments, **options))
    return hook


def before_snapshot(await_it: Callable[[Awaitable[Any]], object]) -> None:
    """Call the hooks, and have awaited what they return; raise what they raise."""
    _call(_before, await_it)


def after_restore(await_it: Callable[[Awaitable[Any]], object]) -> None:
    """Call the hooks, and have awaited what they return; raise what they raise."""
    _call(_after, await_it)


def _call(hooks: list[Callable[[], Any]], await_it: Callable[[Awaitable[Any]], object]) -> None:
    for hook in list(hooks):
        result = hook()
        if inspect.isawaitable(result):
            await_it(result)
