"""Interrupts of calls, where they are sent and where they are not."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from workers._host import interrupt
from workers._host._interrupt import CallInterrupt
from workers._host._output import invocation

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def one() -> Iterator[None]:
    token = invocation.set("one")
    yield
    invocation.reset(token)


def from_host(name: str, *, late: bool) -> None:
    """Be the frame that the host's call has in the interpreter."""
    interrupt(name, late)


@pytest.mark.parametrize("late", [True, False])
def test_code_of_the_call_is_interrupted(late: bool) -> None:  # noqa: FBT001
    with pytest.raises(CallInterrupt) as raised:
        from_host("one", late=late)
    assert raised.value.late == late


def test_code_of_another_call_is_left_alone() -> None:
    from_host("other", late=True)


def test_code_on_the_event_loop_is_interrupted_at_its_limit_alone() -> None:
    async def run() -> None:
        from_host("one", late=False)
        from_host("one", late=True)

    with pytest.raises(CallInterrupt):
        asyncio.run(run())
