"""Adds names that a module lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType


def add(module: ModuleType, **missing: object) -> Iterator[str]:
    """Add those names that the module does not have, and yield each with the module's."""
    for name, value in missing.items():
        if not hasattr(module, name):
            setattr(module, name, value)
            yield f"{module.__name__}.{name}"
