"""Fixes for libraries that meet a gap of GraalPy."""

from __future__ import annotations

import asyncio
from threading import current_thread
from types import ModuleType
from typing import TYPE_CHECKING

from workers._host._compat._libraries import show_errors_at_once

if TYPE_CHECKING:
    from collections.abc import Callable


def test_pages_of_errors_are_made_in_the_thread_of_the_error() -> None:
    module = ModuleType("errors")
    module.run_in_threadpool = asyncio.to_thread  # type: ignore[attr-defined]
    here = current_thread()

    def debug_response(*given: object) -> tuple[bool, object]:
        return current_thread() is here, given

    def handler(*given: object) -> tuple[bool, object]:
        return current_thread() is here, given

    async def run(function: Callable[..., object]) -> object:
        return await module.run_in_threadpool(function, "request", "error")

    mended = list(show_errors_at_once(module))

    assert mended == ["starlette.middleware.errors"]
    assert asyncio.run(run(debug_response)) == (True, ("request", "error"))
    assert asyncio.run(run(handler)) == (False, ("request", "error"))


def test_a_starlette_without_threads_for_pages_stays_as_it_is() -> None:
    assert list(show_errors_at_once(ModuleType("errors"))) == []
