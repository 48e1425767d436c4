"""Interrupts of calls: which code they reach and which they do not."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TYPE_CHECKING

import pytest

from workers._host import interrupt
from workers._host._interrupt import CallInterrupt, part
from workers._host._output import invocation

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def one() -> Iterator[None]:
    name, running = invocation.set("one"), part.set("synchronous")
    yield
    invocation.reset(name)
    part.reset(running)


def from_host(name: str, *, late: bool) -> None:
    """Interrupt from a frame of its own, as the host does."""
    interrupt(name, late)


@pytest.mark.parametrize("late", [True, False])
def test_code_of_the_call_is_interrupted(late: bool) -> None:  # noqa: FBT001
    with pytest.raises(CallInterrupt) as raised:
        from_host("one", late=late)
    assert raised.value.late == late


def test_code_of_another_call_is_not_interrupted() -> None:
    from_host("other", late=True)


def test_code_of_the_platform_is_not_interrupted() -> None:
    part.set("none")
    from_host("one", late=True)


def run_task(ask: bool, *, cancelled: bool = False) -> None:  # noqa: FBT001
    async def run() -> None:
        part.set("task")
        if cancelled:
            task = asyncio.current_task()
            assert task
            task.cancel()
        from_host("one", late=ask)

    asyncio.run(run())


def test_a_task_is_interrupted_only_at_its_time_limit() -> None:
    run_task(ask=False)
    with pytest.raises(CallInterrupt):
        run_task(ask=True)


def test_a_task_that_is_being_cancelled_is_not_interrupted() -> None:
    with pytest.raises(asyncio.CancelledError):
        run_task(ask=True, cancelled=True)


def test_code_of_the_event_loop_is_not_interrupted() -> None:
    code = compile("from_host('one', late=True)", asyncio.__file__, "exec")

    async def run() -> None:
        part.set("task")
        exec(code, {"from_host": from_host})  # noqa: S102

    asyncio.run(run())


def test_threads_of_a_task_are_interrupted_as_synchronous_code() -> None:
    part.set("task")
    context = copy_context()
    with ThreadPoolExecutor(1) as threads, pytest.raises(CallInterrupt):
        threads.submit(context.run, lambda: from_host("one", late=False)).result()
    assert threading.active_count() == 1
