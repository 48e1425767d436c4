"""WSGI applications as workers: `Default = wsgi.entrypoint(app)`, or `wsgi.fetch` in one's own worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workers._worker import WorkerEntrypoint

if TYPE_CHECKING:
    from workers._http import Request, Response
    from workers._worker import Context

__all__ = ["entrypoint", "fetch"]


def entrypoint(app: Any, *, options: object = None) -> type[WorkerEntrypoint]:  # noqa: ANN401, ARG001
    """Return the worker of an application. It sends generators part by part, as without a worker.

    The options are of Cloudflare's network and have no meaning here.
    """

    class Default(WorkerEntrypoint):
        """Serves the application."""

        application = ("wsgi", app)

        async def fetch(self, request: Request) -> Response:
            """Answer a request."""
            return await fetch(app, request, self.env)

    return Default


async def fetch(
    app: Any,  # noqa: ANN401
    req: Request,
    env: Any = None,  # noqa: ANN401
    ctx: Context | None = None,  # noqa: ARG001 - as with asgi.fetch
    *,
    options: object = None,  # noqa: ARG001 - of Cloudflare's network
) -> Response:
    """Call an application and return its whole answer; it finds the environment in `workers.env`."""
    from workers._host._hosted import fetch_wsgi  # noqa: PLC0415 - few functions need it

    return await fetch_wsgi(app, req, env)
