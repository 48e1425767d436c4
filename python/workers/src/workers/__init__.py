"""The API that code on Hearth imports: workers, requests, responses, fetch and snapshot hooks."""

from workers._fetch import fetch
from workers._http import Headers, Request, Response
from workers._snapshot import register_after_restore, register_before_snapshot
from workers._worker import Context, Environment, WorkerEntrypoint

__all__ = [
    "Context",
    "Environment",
    "Headers",
    "Request",
    "Response",
    "WorkerEntrypoint",
    "fetch",
    "register_after_restore",
    "register_before_snapshot",
]
