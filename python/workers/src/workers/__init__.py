"""The API that code on Hearth imports: workers, requests, responses, fetch and snapshot hooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workers._fetch import fetch
from workers._headers import Headers
from workers._http import Request, Response
from workers._snapshot import register_after_restore, register_before_snapshot
from workers._worker import Context, Environment, WorkerEntrypoint, handler, wait_until

if TYPE_CHECKING:
    from workers._forms import Blob, File, FormData

    env: Environment

__all__ = [
    "Blob",
    "Context",
    "Environment",
    "File",
    "FormData",
    "Headers",
    "Request",
    "Response",
    "WorkerEntrypoint",
    "env",
    "fetch",
    "handler",
    "register_after_restore",
    "register_before_snapshot",
    "wait_until",
]

_ABSENT = {
    "DurableObject": "Hearth has no Durable Objects; keep state in a database",
    "WorkflowEntrypoint": "Hearth has no Workflows; call one function from another",
    "import_from_javascript": "there is no JavaScript here; use a Python library",
    "python_from_rpc": "there is no JavaScript here; values are Python's already",
    "python_to_rpc": "there is no JavaScript here; hand over Python's values",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401
    """Return what few functions need, imported now; raise ImportError for what only Cloudflare has."""
    if name in ("Blob", "File", "FormData"):
        from workers import _forms  # noqa: PLC0415 - loads slowly

        return getattr(_forms, name)
    if name == "env":
        import os  # noqa: PLC0415 - before an instance starts, there is no environment

        return Environment(os.environ)
    if name in _ABSENT:
        message = f"workers has no {name}: {_ABSENT[name]}"
        raise ImportError(message)
    message = f"module 'workers' has no attribute {name!r}"
    raise AttributeError(message)
