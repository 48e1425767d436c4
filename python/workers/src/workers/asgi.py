"""ASGI applications as workers: `Default = asgi.entrypoint(app)`, or `asgi.fetch` in one's own worker."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from workers._worker import WorkerEntrypoint

if TYPE_CHECKING:
    from workers._http import Request, Response
    from workers._worker import Context

__all__ = ["entrypoint", "fetch"]


def entrypoint(app: Any, *, options: object = None) -> type[WorkerEntrypoint]:  # noqa: ANN401, ARG001
    """Return the worker of an application. It has lifespan and WebSockets, as without a worker.

    The options are of Cloudflare's network and have no meaning here.
    """

    class Default(WorkerEntrypoint):
        """Serves the application."""

        application = ("asgi", app)

        async def fetch(self, request: Request) -> Response:
            """Answer a request."""
            return await fetch(app, request, self.env, self.ctx)

    return Default


async def fetch(
    app: Any,  # noqa: ANN401
    req: Request,
    env: Any = None,  # noqa: ANN401
    ctx: Context | None = None,
    *,
    options: object = None,  # noqa: ARG001 - of Cloudflare's network
) -> Response:
    """Call an application and return its answer; it finds the environment in `scope["env"]`."""
    from workers._host._hosted import fetch_asgi  # noqa: PLC0415 - few functions need it

    return await fetch_asgi(app, req, env, ctx)


def __getattr__(name: str) -> Any:  # noqa: ANN401
    """Return `env`, with which FastAPI injects the environment into a parameter."""
    if name == "env":
        fastapi: Any = import_module("fastapi")

        async def environment(request: Any) -> Any:  # noqa: ANN401 - annotated below, for FastAPI
            return request.scope["env"]

        environment.__annotations__ = {"request": fastapi.Request}
        return fastapi.Depends(environment)
    message = f"module 'workers.asgi' has no attribute {name!r}"
    raise AttributeError(message)
