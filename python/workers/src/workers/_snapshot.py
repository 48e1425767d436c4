"""What a function does before it is written down, and after it was made anew from that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Hook = TypeVar("Hook", bound="Callable[..., Any]")

_before: list[Callable[[], Any]] = []
_after: list[Callable[[], Any]] = []


def register_before_snapshot(hook: Hook, *arguments: Any, **options: Any) -> Hook:  # noqa: ANN401
    """Have a callable called before the interpreter is written down, the last registered first.

    Connections must be closed then. Where it raises, the function gets no snapshot.
    """
    _before.insert(0, lambda: hook(*arguments, **options))
    return hook


def register_after_restore(hook: Hook, *arguments: Any, **options: Any) -> Hook:  # noqa: ANN401
    """Have a callable called when the interpreter was made anew, before the first call, in the order of registration.

    What must be unique is made here: `random` has a new seed, generators of the code's own have not.
    """
    _after.append(lambda: hook(*arguments, **options))
    return hook


def before_snapshot() -> None:
    """Call the hooks; raise what they raise."""
    for hook in list(_before):
        hook()


def after_restore() -> None:
    """Call the hooks; raise what they raise."""
    for hook in list(_after):
        hook()
