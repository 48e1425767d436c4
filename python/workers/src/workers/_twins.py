"""Two bodies from one that arrives in parts."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


def twins(parts: AsyncIterator[bytes]) -> tuple[AsyncIterator[bytes], AsyncIterator[bytes]]:
    """Return two iterators over the same parts. What one has read waits in memory for the other."""
    one: deque[bytes | BaseException | None] = deque()
    other: deque[bytes | BaseException | None] = deque()
    lock = asyncio.Lock()

    async def read(own: deque[bytes | BaseException | None]) -> AsyncIterator[bytes]:
        while True:
            async with lock:
                if not own:
                    part = await _next(parts)
                    one.append(part)
                    other.append(part)
            part = own.popleft()
            if part is None:
                return
            if isinstance(part, BaseException):
                raise part
            yield part

    return read(one), read(other)


async def _next(parts: AsyncIterator[bytes]) -> bytes | BaseException | None:
    try:
        return await anext(parts, None)
    except Exception as broken:  # noqa: BLE001 - both readers raise what ended the body
        return broken
