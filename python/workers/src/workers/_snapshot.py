"""Hooks of a function before a snapshot is taken and after one is restored."""

from __future__ import annotations

import inspect
import sys
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

Hook = TypeVar("Hook", bound="Callable[..., Any]")

_before: list[Callable[[], Any]] = []
_after: list[Callable[[], Any]] = []


def register_before_snapshot(hook: Hook, *arguments: Any, **options: Any) -> Hook:  # noqa: ANN401
    """Register a callable or coroutine function that runs before a snapshot; the last registered runs first.

    It must close connections. If it raises, the function gets no snapshot.
    """
    _before.insert(0, lambda: hook(*arguments, **options))
    return hook


def register_after_restore(hook: Hook, *arguments: Any, **options: Any) -> Hook:  # noqa: ANN401
    """Register a callable or coroutine function that runs after a restore; the first registered runs first.

    It runs before the first call. Make here what must be unique: `random` gets a new seed, but your own
    generators do not.
    """
    _after.append(lambda: hook(*arguments, **options))
    return hook


def provide_hooks() -> None:
    """Provide the hooks under the name that AWS Lambda SnapStart gives them."""
    spec = ModuleSpec("snapshot_restore_py", None)
    module: Any = module_from_spec(spec)
    module.register_before_snapshot = register_before_snapshot
    module.register_after_restore = register_after_restore
    sys.modules[spec.name] = module


def before_snapshot(await_it: Callable[[Awaitable[Any]], object]) -> None:
    """Call the hooks and await what they return; raise what they raise."""
    _call(_before, await_it)


def after_restore(await_it: Callable[[Awaitable[Any]], object]) -> None:
    """Call the hooks and await what they return; raise what they raise."""
    _call(_after, await_it)


def _call(hooks: list[Callable[[], Any]], await_it: Callable[[Awaitable[Any]], object]) -> None:
    for hook in list(hooks):
        result = hook()
        if inspect.isawaitable(result):
            await_it(result)
