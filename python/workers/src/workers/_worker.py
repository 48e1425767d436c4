"""The base class of workers, and the environment and context that it gets."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping

    from workers._http import Request, Response

Handler = TypeVar("Handler", bound="Callable[..., object]")


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
        """Return True if the variable is set."""
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self._values)


class Context:
    """Context of one call; it holds the work to finish after the answer."""

    def __init__(self) -> None:
        """Start without pending work."""
        self._pending: list[Awaitable[object]] = []

    def wait_until(self, work: Awaitable[object]) -> None:
        """Finish an awaitable after the answer was sent."""
        self._pending.append(work)

    waitUntil = wait_until  # noqa: N815 - the name in JavaScript

    @property
    def pending(self) -> bool:
        """Return True if there is pending work."""
        return bool(self._pending)

    def take_pending(self) -> list[Awaitable[object]]:
        """Return the pending work and forget it."""
        pending, self._pending = self._pending, []
        return pending


context: ContextVar[Context] = ContextVar("context")
"""The context of the call that runs."""


def wait_until(work: Awaitable[object]) -> None:
    """Finish an awaitable after the answer of the present call was sent."""
    context.get().wait_until(work)


def handler(function: Handler) -> Handler:
    """Mark `async def on_fetch(request, env, ctx)` as the worker; it may leave out the last parameters."""
    function.is_worker = True  # type: ignore[attr-defined]
    return function


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
