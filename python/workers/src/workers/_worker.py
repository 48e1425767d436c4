"""The class that a worker derives from, and what it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterator, Mapping

    from workers._http import Request, Response


class Environment:
    """The function's environment: `env.NAME`, `env["NAME"]`, `"NAME" in env`."""

    def __init__(self, values: Mapping[str, str]) -> None:
        """Copy the values."""
        self._values = dict(values)

    def __getattr__(self, name: str) -> str:
        """Return a value; raise AttributeError when it is not set."""
        try:
            return self._values[name]
        except KeyError:
            message = f"{name} is not set; set it in [tool.hearth.env] or with --env {name}=…"
            raise AttributeError(message) from None

    def __getitem__(self, name: str) -> str:
        """Return a value; raise KeyError when it is not set."""
        return self._values[name]

    def __contains__(self, name: object) -> bool:
        """Tell whether it is set."""
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        """Go through the names."""
        return iter(self._values)


class Context:
    """What belongs to one call."""

    def __init__(self) -> None:
        """Start with nothing to wait for."""
        self._pending: list[Awaitable[object]] = []

    def wait_until(self, work: Awaitable[object]) -> None:
        """Have work finished after the answer has left."""
        self._pending.append(work)

    @property
    def pending(self) -> bool:
        """Tell whether work was left."""
        return bool(self._pending)

    def take_pending(self) -> list[Awaitable[object]]:
        """Hand out the work that is left and forget it."""
        pending, self._pending = self._pending, []
        return pending


class WorkerEntrypoint:
    """Base of a worker; derive `Default` from it and write `async def fetch(self, request)`."""

    def __init__(self, ctx: Context, env: Environment) -> None:
        """Keep the call's context and the environment."""
        self.ctx = ctx
        self.env = env

    async def fetch(self, request: Request) -> Response:
        """Answer a request."""
        message = f"{type(self).__name__} has no fetch; write async def fetch(self, request)"
        raise NotImplementedError(message)
